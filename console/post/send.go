package post

import (
	"bytes"
	"context"
	"net"
	"strconv"
	"time"

	"github.com/wneessen/go-mail"

	"ringway/store/report"
)

// Server is the mail server.
type Server struct {
	Address        string // host:port
	TLS            string // starttls, tls or none
	User, Password string
	From           string
}

// sendTime bounds one mail.
const sendTime = time.Minute

// send hands one mail to the server.
func (s Server) send(ctx context.Context, l Letter, t *report.Table) error {
	var file bytes.Buffer
	if err := t.Write(&file, l.Format); err != nil {
		return err
	}
	m := mail.NewMsg()
	if err := m.From(s.From); err != nil {
		return err
	}
	if err := m.To(l.To...); err != nil {
		return err
	}
	m.Subject(subject(t))
	m.SetBodyString(mail.TypeTextPlain, t.Lang.Say("%s.\n\nThe report is in the attached file %s.\n", subject(t), t.FileName(l.Format)))
	if err := m.AttachReader(t.FileName(l.Format), &file, mail.WithFileContentType(mail.ContentType(report.MediaType(l.Format)))); err != nil {
		return err
	}
	host, text, err := net.SplitHostPort(s.Address)
	if err != nil {
		return err
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		return err
	}
	o := []mail.Option{mail.WithPort(port), mail.WithTimeout(sendTime / 2)}
	switch s.TLS {
	case "tls":
		o = append(o, mail.WithSSL())
	case "none":
		o = append(o, mail.WithTLSPolicy(mail.NoTLS))
	default:
		o = append(o, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if s.User != "" {
		auth := mail.SMTPAuthAutoDiscover
		if s.TLS == "none" {
			auth = mail.SMTPAuthPlainNoEnc
		}
		o = append(o, mail.WithSMTPAuth(auth), mail.WithUsername(s.User), mail.WithPassword(s.Password))
	}
	c, err := mail.NewClient(host, o...)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	return c.DialAndSendWithContext(ctx, m)
}
