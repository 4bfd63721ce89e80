package registrar

import (
	"errors"
	"strconv"
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/transport"
)

// contact is one value of a Contact header of REGISTER.
//
//	"Mei" <sip:mei@192.0.2.7:5060;transport=tcp>;q=0.8;expires=300;+sip.instance="<urn:uuid:…>";reg-id=1
//	      └────────── uri ──────────────────────┘└ q ┘└ expires ──┘└──────────── params, as given ──────┘
type contact struct {
	uri      string
	params   string // all but q and expires, each with its leading semicolon
	q        float64
	expires  int64 // seconds, -1 when the contact has none of its own
	instance string
	regID    int
}

var (
	errContact = errors.New("malformed contact")
	errStar    = errors.New("contact * must stand alone with Expires: 0")
)

// readContacts reads all Contact headers of a REGISTER; star is set for the one that is "*".
func readContacts(req *sipmsg.Request, most int) (list []contact, star bool, err error) {
	for _, h := range req.Headers() {
		c, ok := h.(*sipmsg.ContactHeader)
		if !ok {
			continue
		}
		var room [256]byte
		for rest := string(transport.AppendContact(room[:0], c)); ; {
			var one string
			one, rest, err = cutContact(rest)
			if err != nil {
				return nil, false, err
			}
			if one == "*" {
				star = true
			}
			c, err := parseContact(one)
			if err != nil {
				return nil, false, err
			}
			if list = append(list, c); len(list) > most {
				return nil, false, errContact
			}
			if rest == "" {
				break
			}
		}
	}
	if star && len(list) > 1 {
		return nil, false, errStar
	}
	return list, star, nil
}

// cutContact cuts the first of several values at a comma that stands outside quotes and angle brackets.
func cutContact(s string) (one, rest string, err error) {
	quoted, angled := false, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '<':
			if angled {
				return "", "", errContact
			}
			angled = true
		case c == '>':
			angled = false
		case c == ',' && !angled:
			if rest = strings.TrimSpace(s[i+1:]); rest == "" {
				return "", "", errContact
			}
			return strings.TrimSpace(s[:i]), rest, nil
		}
	}
	if quoted || angled {
		return "", "", errContact
	}
	return strings.TrimSpace(s), "", nil
}

// parseContact reads one value: name-addr or addr-spec, then parameters.
func parseContact(s string) (contact, error) {
	c := contact{expires: -1, q: 1}
	if s == "*" {
		c.uri = s
		return c, nil
	}
	lt, ok := findAngle(s)
	if !ok {
		return c, errContact
	}
	var params string
	if lt >= 0 {
		body, after, ok := strings.Cut(s[lt+1:], ">")
		if !ok {
			return c, errContact
		}
		c.uri, params = body, strings.TrimSpace(after)
	} else {
		// Without brackets everything behind a semicolon belongs to the header, and a ? may not stand (§20.10).
		c.uri, params, _ = strings.Cut(s, ";")
		c.uri = strings.TrimSpace(c.uri)
		if params != "" {
			params = ";" + params
		}
		if strings.IndexByte(c.uri, '?') >= 0 {
			return c, errContact
		}
	}
	if !sipURI(c.uri) {
		return c, errContact
	}
	return c, c.readParams(params)
}

// findAngle is the place of the bracket that opens the URI, -1 when there is none before the parameters; false when a
// quoted display name is not closed.
func findAngle(s string) (int, bool) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '<':
			return i, true
		case c == ';':
			return -1, true
		}
	}
	return -1, !quoted
}

// sipURI tells whether s looks like a SIP or SIPS URI with a host and without characters that would break a header.
func sipURI(s string) bool {
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || rest == "" || (!strings.EqualFold(scheme, "sip") && !strings.EqualFold(scheme, "sips")) {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; c <= ' ' || c == 0x7f || c == '<' || c == '>' || c == '"' {
			return false
		}
	}
	var u sipmsg.Uri
	return sipmsg.ParseUri(s, &u) == nil && u.Host != "" && u.Port >= 0 && u.Port < 65536
}

// readParams walks ";name=value;flag" and keeps the rest as given.
func (c *contact) readParams(s string) error {
	for s != "" {
		if s[0] != ';' {
			return errContact
		}
		end := paramEnd(s)
		one := strings.TrimSpace(s[1:end])
		s = strings.TrimSpace(s[end:])
		name, value, _ := strings.Cut(one, "=")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if err := c.param(strings.ToLower(name), value); err != nil {
			return err
		}
		switch {
		case name == "":
			return errContact
		case strings.EqualFold(name, "q"), strings.EqualFold(name, "expires"):
		case value == "":
			c.params += ";" + name
		default:
			c.params += ";" + name + "=" + value
		}
	}
	return nil
}

// paramEnd is the place of the next semicolon outside quotes, or the end.
func paramEnd(s string) int {
	quoted := false
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case c == ';' && !quoted:
			return i
		}
	}
	return len(s)
}

func (c *contact) param(name, value string) error {
	switch name {
	case "expires":
		n, err := strconv.ParseUint(value, 10, 32)
		if err != nil {
			return errContact
		}
		c.expires = int64(n)
	case "q":
		q, err := strconv.ParseFloat(value, 64)
		if err != nil || !(q >= 0 && q <= 1) {
			return errContact
		}
		c.q = q
	case "+sip.instance":
		c.instance = strings.Trim(value, `"`)
	case "reg-id":
		n, err := strconv.ParseUint(value, 10, 31)
		if err != nil || n == 0 {
			return errContact
		}
		c.regID = int(n)
	}
	return nil
}
