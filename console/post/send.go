package post

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strconv"
	"strings"
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

// maxReason bounds what is kept of a server's words.
const maxReason = 200

// refusal is somebody for whom the server did not take a mail.
type refusal struct {
	to    string
	why   string
	later bool // it may take it at another time
}

// send hands one mail to the server, for all whom that takes. An error says that it left for nobody.
func (s Server) send(ctx context.Context, l Letter, t *report.Table) ([]refusal, error) {
	m, err := s.compose(l, t)
	if err != nil {
		return nil, err
	}
	c, err := s.client()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	talk, err := c.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return nil, err
	}
	defer func() {
		if talk.Quit() != nil { // whether the server says good-bye is no matter: the mail is taken, or it is not
			talk.Close() //nolint:errcheck // nothing more is said on it
		}
	}()
	if err := talk.UpdateDeadline(sendTime / 2); err != nil {
		return nil, err
	}
	return hand(talk, m, l.To)
}

// compose writes the mail.
func (s Server) compose(l Letter, t *report.Table) (*mail.Msg, error) {
	var file bytes.Buffer
	if err := t.Write(&file, l.Format); err != nil {
		return nil, err
	}
	m := mail.NewMsg()
	if err := m.From(s.From); err != nil {
		return nil, err
	}
	if err := m.To(l.To...); err != nil {
		return nil, err
	}
	m.Subject(subject(t))
	m.SetBodyString(mail.TypeTextPlain, t.Lang.Say("%s.\n\nThe report is in the attached file %s.\n", subject(t), t.FileName(l.Format)))
	return m, m.AttachReader(t.FileName(l.Format), &file, mail.WithFileContentType(mail.ContentType(report.MediaType(l.Format))))
}

// client knows how the server is reached.
func (s Server) client() (*mail.Client, error) {
	host, text, err := net.SplitHostPort(s.Address)
	if err != nil {
		return nil, err
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		return nil, err
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
	return mail.NewClient(host, o...)
}

// transaction is what a server is told of one mail.
type transaction interface {
	Mail(from string) error
	Rcpt(to string) error
	Data() (io.WriteCloser, error)
}

// hand is one mail transaction (RFC 5321 §3.3). The library's own gives a mail up for all when the server refuses one recipient:
//
//	MAIL FROM:<ringway@…>   250
//	RCPT TO:<lin@…>         250
//	RCPT TO:<gone@…>        550 no such user     refused for ever: 5xx
//	RCPT TO:<full@…>        452 mailbox full     refused for now: 4xx
//	DATA …                  250                  it left for lin
func hand(c transaction, m *mail.Msg, to []string) ([]refusal, error) {
	from, err := m.GetSender(false)
	if err != nil {
		return nil, err
	}
	envelope, err := m.GetRecipients()
	if err == nil && len(envelope) != len(to) {
		err = fmt.Errorf("%d recipients of %d", len(envelope), len(to))
	}
	if err != nil {
		return nil, err
	}
	if err := c.Mail(from); err != nil {
		return nil, err
	}
	var refused []refusal
	for i, address := range envelope {
		err := c.Rcpt(address)
		var said *textproto.Error
		switch {
		case errors.As(err, &said):
			refused = append(refused, refusal{to[i], oneLine(said), said.Code/100 == 4})
		case err != nil:
			return nil, err
		}
	}
	if len(refused) == len(to) {
		return refused, nil
	}
	w, err := c.Data()
	if err != nil {
		return nil, err
	}
	_, err = m.WriteTo(w)
	if closed := w.Close(); err == nil {
		err = closed
	}
	return refused, err
}

// oneLine is what a server said, on one line.
func oneLine(e *textproto.Error) string {
	text := strings.Join(strings.Fields(strings.ToValidUTF8(fmt.Sprintf("%d %s", e.Code, e.Msg), "?")), " ")
	if len(text) > maxReason {
		text = strings.ToValidUTF8(text[:maxReason], "") + "…"
	}
	return text
}
