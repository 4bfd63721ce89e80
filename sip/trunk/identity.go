package trunk

import (
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"
)

// Anonymous is the number of a caller who wants privacy (RFC 3323).
const Anonymous = "anonymous"

// CallerOf tells who calls through a trunk: by P-Asserted-Identity when the trunk is trusted with it, else by From (RFC 3325
// §9.1). Strangers' assertions are never looked at.
func (s *Set) CallerOf(name string, req *sipmsg.Request) (number, display string) {
	t, ok := s.Get(name)
	trusted := ok && t.Identity
	if trusted && private(req) {
		return Anonymous, ""
	}
	if trusted {
		for _, h := range req.GetHeaders("P-Asserted-Identity") {
			if number, display = identity(h.Value()); number != "" {
				return number, display
			}
		}
	}
	from := req.From()
	if from == nil || from.Address.User == "" || strings.EqualFold(from.Address.Host, "anonymous.invalid") {
		return Anonymous, ""
	}
	return tidy(from.Address.User), tidy(from.DisplayName)
}

// identity reads the first value of a P-Asserted-Identity header: a sip, sips or tel URI with a display name.
func identity(value string) (number, display string) {
	var u sipmsg.Uri
	first, _, _ := strings.Cut(value, ">") // a second value would follow behind a comma
	if strings.Contains(first, "<") {
		first += ">"
	} else {
		first, _, _ = strings.Cut(first, ",")
	}
	name, err := sipmsg.ParseAddressValue(first, &u, nil)
	if err != nil {
		return "", ""
	}
	switch u.Scheme {
	case "sip", "sips":
		number = u.User
	case "tel":
		number, _, _ = strings.Cut(u.Raw(), ";")
	}
	return tidy(number), tidy(name)
}

// private tells whether the caller wants the identity withheld from users.
func private(req *sipmsg.Request) bool {
	for _, h := range req.GetHeaders("Privacy") {
		for _, p := range strings.FieldsFunc(h.Value(), func(r rune) bool { return r == ';' || r == ',' || r == ' ' }) {
			if strings.EqualFold(p, "id") || strings.EqualFold(p, "user") {
				return true
			}
		}
	}
	return false
}

// tidy caps a name or number and leaves control characters and quotes out.
func tidy(s string) string {
	const most = 128
	s = strings.ToValidUTF8(s, "")
	var b strings.Builder
	for _, r := range s {
		if r >= ' ' && r != 0x7f && r != '"' && r != '\\' && b.Len() < most {
			b.WriteRune(r)
		}
	}
	return strings.TrimSpace(b.String())
}

// Assert adds our assertion of who calls, for a trunk trusted with it, and takes away all others.
func (t *Trunk) Assert(req *sipmsg.Request, caller sipmsg.Uri, display string) {
	for req.RemoveHeader("P-Asserted-Identity") {
	}
	if !t.Identity || caller.User == "" {
		return
	}
	value := "<" + caller.String() + ">"
	if display = tidy(display); display != "" {
		value = `"` + display + `" ` + value
	}
	req.AppendHeader(sipmsg.NewHeader("P-Asserted-Identity", value))
}
