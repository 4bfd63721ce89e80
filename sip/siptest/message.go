package siptest

import (
	"fmt"
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"
)

// request is a request to write.
type request struct {
	method, uri      string
	branch           string
	from, to, callID string
	cseq             int
	headers          string // lines, each ended by \r\n
	body             string
}

// text writes a request as this phone sends it.
func (p *Handset) text(r request) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=%s;rport\r\nMax-Forwards: 70\r\nFrom: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %d %s\r\n",
		r.method, r.uri, p.local, r.branch, r.from, r.to, r.callID, r.cseq, r.method)
	if r.method == "INVITE" || r.method == "REGISTER" && !strings.Contains(r.headers, "Contact:") || r.method == "SUBSCRIBE" {
		fmt.Fprintf(&b, "Contact: <%s>\r\n", p.contact())
	}
	b.WriteString(p.Extra + r.headers)
	if r.body != "" {
		b.WriteString("Content-Type: application/sdp\r\n")
	}
	fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(r.body), r.body)
	return b.String()
}

func (p *Handset) contact() string {
	user := p.User
	if user != "" {
		user += "@"
	}
	return "sip:" + user + p.local
}

// address is our From.
func (p *Handset) address() string {
	user := p.User
	if user == "" {
		user = "anonymous"
	}
	return fmt.Sprintf("<sip:%s@%s>", user, p.Domain)
}

// reply writes a response to a request; tag goes into To when it has none.
func (p *Handset) reply(req *sipmsg.Request, status int, tag, headers, body string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "SIP/2.0 %d %s\r\n", status, reasonOf(status))
	for _, name := range []string{"Via", "Record-Route"} {
		for _, h := range req.GetHeaders(name) {
			fmt.Fprintf(&b, "%s\r\n", h.String())
		}
	}
	to := req.To().Value()
	if status > 100 && !req.To().Params.Has("tag") {
		to += ";tag=" + tag
	}
	fmt.Fprintf(&b, "From: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %s\r\n", req.From().Value(), to, req.CallID().Value(), req.CSeq().Value())
	if req.IsInvite() && status > 100 && status < 300 {
		fmt.Fprintf(&b, "Contact: <%s>\r\n", p.contact())
	}
	b.WriteString(headers)
	if body != "" {
		b.WriteString("Content-Type: application/sdp\r\n")
	}
	fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(body), body)
	return b.String()
}

func reasonOf(status int) string {
	switch status {
	case 100:
		return "Trying"
	case 180:
		return "Ringing"
	case 183:
		return "Session Progress"
	case 200:
		return "OK"
	case 302:
		return "Moved Temporarily"
	case 480:
		return "Temporarily Unavailable"
	case 486:
		return "Busy Here"
	case 487:
		return "Request Terminated"
	case 603:
		return "Decline"
	}
	return "Scripted"
}
