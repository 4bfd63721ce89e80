package transport

import "strings"

// The wire, RFC 3261 §7:
//
//	INVITE sip:bob@example.org SIP/2.0 CRLF      start line
//	Via: SIP/2.0/UDP 192.0.2.1 CRLF              field
//	Subject : a long CRLF                        spaces before the colon are legal
//	  subject CRLF                               a line that begins with SP or HTAB continues the field
//	CRLF
//	body
//
// Only CR LF ends a line: a bare CR or LF, like any other control character but HTAB, makes the message malformed, so what
// we read is what any other parser reads (no smuggling).

// field is one header field: canonical name, unfolded and trimmed value.
type field struct {
	name  headerName
	text  string // the canonical spelling of the name
	value string
}

// scanned is a message cut into its parts, before any value is understood.
type scanned struct {
	start  string
	fields []field
	body   string // all that follows the empty line
	why    string // the first thing wrong, empty when clean
}

func (s *scanned) blame(why string) {
	if s.why == "" {
		s.why = why
	}
}

// scan cuts text. It goes on after an error as far as it can, because the answer 400 needs Via, From, To, Call-ID and CSeq.
// fields is a buffer to reuse.
func scan(text string, lim Limits, fields []field) scanned {
	s := scanned{fields: fields[:0]}
	line, rest, ok := s.line(text, lim)
	s.start = line
	for ok {
		line, rest, ok = s.line(rest, lim)
		if line == "" {
			break
		}
		for ok && rest != "" && isBlank(rest[0]) {
			var more string
			more, rest, ok = s.line(rest, lim)
			line = strings.TrimRight(line, " \t") + " " + strings.TrimLeft(more, " \t")
			if len(line) > lim.Line {
				s.blame("header line too long")
				return s
			}
		}
		if len(s.fields) == lim.Headers {
			s.blame("too many headers")
			return s
		}
		s.field(line)
	}
	if !ok {
		s.blame("header without end")
	}
	s.body = rest
	return s
}

// line cuts the next line off text. It is not ok when no CR LF follows.
func (s *scanned) line(text string, lim Limits) (line, rest string, ok bool) {
	end := strings.IndexByte(text, '\n')
	if end < 0 {
		return text, "", false
	}
	rest = text[end+1:]
	if end == 0 || text[end-1] != '\r' {
		s.blame("line not ended by CR LF")
		line = text[:end]
	} else {
		line = text[:end-1]
	}
	if len(line) > lim.Line {
		s.blame("header line too long")
	}
	for i := 0; i < len(line); i++ {
		if isControl(line[i]) {
			return s.withoutControls(line), rest, true
		}
	}
	return line, rest, true
}

// withoutControls drops control characters. Only as quoted pairs are they legal (RFC 4475 intmeth); nothing that we would
// compare holds one, so even those are not kept.
func (s *scanned) withoutControls(line string) string {
	var b strings.Builder
	for i := 0; i < len(line); i++ {
		switch {
		case line[i] == '\\' && i+1 < len(line) && isControl(line[i+1]) && line[i+1] != '\r':
			i++
		case isControl(line[i]):
			s.blame("control character in header")
		default:
			b.WriteByte(line[i])
		}
	}
	return b.String()
}

func isControl(c byte) bool { return c < ' ' && c != '\t' || c == 0x7f }

func (s *scanned) field(line string) {
	colon := strings.IndexByte(line, ':')
	if colon < 0 {
		s.blame("header without colon")
		return
	}
	name := strings.TrimRight(line[:colon], " \t")
	if !isToken(name) {
		s.blame("header name is not a token")
		return
	}
	id, text := lookUpHeader(name)
	s.fields = append(s.fields, field{name: id, text: text, value: strings.Trim(line[colon+1:], " \t")})
}

// first returns the value of the first field of that name.
func (s *scanned) first(name headerName) (string, bool) {
	for i := range s.fields {
		if s.fields[i].name == name {
			return s.fields[i].value, true
		}
	}
	return "", false
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// tokenChars marks the characters of a token, RFC 3261 §25.1.
var tokenChars = func() (t [256]bool) {
	for c := range 256 {
		t[c] = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-.!%*_+`'~", byte(c)) >= 0
	}
	return t
}()

func isToken(s string) bool {
	for i := 0; i < len(s); i++ {
		if !tokenChars[s[i]] {
			return false
		}
	}
	return s != ""
}
