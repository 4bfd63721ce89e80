package registrar

import (
	"strconv"
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/location"
)

// request is what a REGISTER asks for.
type request struct {
	callID    string
	cseq      uint32
	contacts  []contact
	star      bool  // Contact: *
	expires   int64 // of the Expires header in seconds, -1 without one
	path      []string
	outbound  bool // the phone supports RFC 5626
	userAgent string
}

// refusal is an answer other than 200.
type refusal struct {
	status int
	reason string
	header [][2]string
}

// options that a REGISTER may Require.
var supported = []string{"path", "outbound"}

// read takes a REGISTER apart; every malformed part is a 400.
func read(req *sipmsg.Request, mostContacts int) (request, *refusal) {
	r := request{expires: -1}
	bad := func(reason string) (request, *refusal) { return r, &refusal{status: 400, reason: reason} }
	to, id, seq := req.To(), req.CallID(), req.CSeq()
	if to == nil || id == nil || seq == nil {
		return bad("To, Call-ID or CSeq Missing")
	}
	if _, err := location.AOR(&to.Address); err != nil {
		return bad("Bad Address Of Record")
	}
	r.callID, r.cseq = string(*id), seq.SeqNo
	for _, h := range req.Headers() {
		switch h.Name() { // as the transport spells them
		case "Require":
			if unknown := unsupported(h.Value()); unknown != "" {
				return r, &refusal{420, "Bad Extension", [][2]string{{"Unsupported", unknown}}}
			}
		case "Supported":
			r.outbound = r.outbound || hasToken(h.Value(), "outbound")
		case "Expires":
			n, err := strconv.ParseUint(strings.TrimSpace(h.Value()), 10, 32)
			if err != nil {
				return bad("Bad Expires")
			}
			r.expires = int64(n)
		case "Path":
			r.path = append(r.path, splitValues(h.Value())...)
		case "User-Agent":
			r.userAgent = tidy(h.Value())
		}
	}
	var err error
	if r.contacts, r.star, err = readContacts(req, mostContacts); err != nil {
		return bad("Bad Contact")
	}
	if r.star && r.expires != 0 {
		return bad("Contact * Needs Expires 0")
	}
	if len(r.path) > maxPath {
		return bad("Path Too Long")
	}
	return r, nil
}

// maxPath bounds the proxies between a phone and us.
const maxPath = 10

// unsupported lists the options of a Require header that are not known here.
func unsupported(value string) string {
	var out []string
next:
	for _, tag := range strings.Split(value, ",") {
		tag = strings.TrimSpace(tag)
		for _, s := range supported {
			if strings.EqualFold(s, tag) {
				continue next
			}
		}
		if tag != "" {
			out = append(out, tag)
		}
	}
	return strings.Join(out, ", ")
}

func hasToken(list, token string) bool {
	for _, t := range strings.Split(list, ",") {
		if strings.EqualFold(strings.TrimSpace(t), token) {
			return true
		}
	}
	return false
}

// splitValues splits "<sip:a;lr>, <sip:b;lr>" at its commas.
func splitValues(s string) []string {
	var out []string
	for s != "" {
		one, rest, err := cutContact(s)
		if err != nil {
			return append(out, strings.TrimSpace(s))
		}
		out, s = append(out, one), rest
	}
	return out
}

// tidy caps what a phone says of itself and leaves printable ASCII.
func tidy(s string) string {
	const most = 100
	b := make([]byte, 0, min(len(s), most))
	for i := 0; i < len(s) && len(b) < most; i++ {
		if s[i] >= ' ' && s[i] < 0x7f {
			b = append(b, s[i])
		}
	}
	return string(b)
}
