package config

import (
	"net"
	"net/mail"
	"strconv"
	"strings"
	"time"

	"ringway/config/diag"
	"ringway/store/report"
	"ringway/store/report/words"
)

// maxRepeat bounds the window of repeats: it is how far ahead every report looks.
const maxRepeat = 60 * 24 * time.Hour

func (r *reader) reports(m *diag.Mapping, def Reports) Reports {
	defer m.Done()
	out := def
	known := report.ServiceLevels()
	if n := m.Field("service_levels"); n.Present() {
		out.ServiceLevels = nil
		for _, i := range n.Items() {
			out.ServiceLevels = append(out.ServiceLevels, i.OneOf("", known...))
		}
	}
	out.Default = m.Field("default").OneOf(out.Default, known...)
	w := m.Field("repeat_window")
	if out.RepeatWindow = w.Duration(def.RepeatWindow); out.RepeatWindow < time.Minute || out.RepeatWindow > maxRepeat {
		w.Errorf(diag.CodeValue, "write a time from 1m to 60d", "reports.repeat_window can't be %s", out.RepeatWindow)
		out.RepeatWindow = def.RepeatWindow
	}
	for _, n := range m.Field("mail").Items() {
		out.Mail = append(out.Mail, r.reportMail(n.Mapping()))
	}
	r.mark(m, "reports.", "mail")
	return out
}

func (r *reader) reportMail(m *diag.Mapping) ReportMail {
	defer m.Done()
	out := ReportMail{Kind: m.Field("kind").OneOf("daily", report.Kinds()...), On: m.Field("on").OneOf("every day", "every day", "mon", "tue", "wed", "thu", "fri", "sat", "sun"),
		Span: m.Field("span").OneOf("day", "day", "week", "month"), Format: m.Field("format").OneOf("xlsx", "csv", "xlsx", "print"),
		Queue: m.Field("queue").String(""), Team: m.Field("team").String(""), Language: m.Field("language").OneOf("", words.Langs()...)}
	to := m.Require("to")
	list := to.Items()
	if to.Present() && to.Kind() == diag.KindScalar {
		list = []diag.Node{to}
	}
	for _, n := range list {
		out.To = append(out.To, mailAddress(n))
	}
	at := m.Field("at")
	out.At = at.String("07:00")
	if _, err := time.Parse("15:04", out.At); err != nil {
		at.Errorf(diag.CodeValue, `write hours and minutes, as in "07:00"`, "%q is no time of day", out.At)
	}
	if m.Has("zone") {
		out.Zone = r.zone(m.Field("zone"), "")
	}
	return out
}

func mailAddress(n diag.Node) string {
	v := n.String("")
	a, err := mail.ParseAddress(v)
	if err != nil || strings.ContainsAny(v, "\r\n") {
		n.Errorf(diag.CodeValue, `write it as in "reports@example.org"`, "%q is no mail address", v)
		return ""
	}
	return a.Address
}

func (r *reader) smtp(m *diag.Mapping) SMTP {
	defer m.Done()
	out := SMTP{TLS: m.Field("tls").OneOf("starttls", "starttls", "tls", "none"), User: m.Field("user").String("")}
	server := m.Field("server")
	if out.Server = server.String(""); out.Server == "" {
		return out
	}
	if host, port, err := net.SplitHostPort(out.Server); err != nil || host == "" {
		server.Errorf(codeAddress, `write the server and its port, as in "mail.example.org:587"`, "%q is not the address of a mail server", out.Server)
	} else if p, err := strconv.Atoi(port); err != nil || p < 1 || p > 65535 {
		server.Errorf(codeAddress, "a port is a number from 1 to 65535", "%q is not the address of a mail server", out.Server)
	}
	out.From = mailAddress(m.Require("from"))
	if m.Has("password") {
		out.Password = r.secret(m.Field("password"), "smtp.password")
	}
	return out
}

// mails demands what reports by mail need.
func (k *checker) mails() {
	s := &k.c.Settings
	if s.SMTP.Password != "" {
		k.secret(s.SMTP.Password, "smtp.password")
		if s.SMTP.User != "" && s.SMTP.TLS == "none" {
			k.l.Warnf(k.at["smtp.password"], codeConflict, "write tls: starttls", "the password of the mail server crosses the network in the clear")
		}
	}
	if len(s.Reports.Mail) > 0 && s.SMTP.Server == "" {
		k.l.Errorf(k.pos("reports.mail"), codeReference, "write smtp: {server: …, from: …}", "reports go out by mail, and no mail server is named")
	}
}
