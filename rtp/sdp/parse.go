package sdp

import (
	"net/netip"
	"strconv"
	"strings"
	"unicode/utf8"

	"ringway/codecs"
)

// Parse reads a description. The error is a *LineError.
//
//	"v=0" CRLF  →  letter 'v', value "0"; LF alone ends a line too, blank lines and blanks around the value are ignored
//
// Lines of types that have no meaning for us (b=, e=, k=, r=, …) are skipped.
func Parse(body []byte) (*Session, error) {
	p := &parser{s: &Session{}}
	if len(body) > MaxSize {
		return nil, p.fail("description is too long")
	}
	for rest := string(body); rest != ""; {
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		p.line++
		p.text = strings.TrimSuffix(line, "\r")
		if err := p.readLine(); err != nil {
			return nil, err
		}
	}
	return p.finish()
}

// parser is the state of one reading: the line at hand and what session-level lines left for media to inherit.
type parser struct {
	s        *Session
	line     int
	text     string
	level    Media          // a Media that stands for the session: its direction and packet times are inherited
	directed [MaxMedia]bool // which media have a direction of their own
	ices     int            // candidates of the current media
}

func (p *parser) fail(why string) error { return p.failAt(p.line, p.text, why) }

func (p *parser) failAt(line int, text, why string) error {
	const readable = 120
	if len(text) > readable {
		cut := readable
		for cut > 0 && !utf8.RuneStart(text[cut]) {
			cut--
		}
		text = text[:cut] + "…"
	}
	return &LineError{Line: line, Text: text, Why: why}
}

func (p *parser) readLine() error {
	text := strings.TrimSpace(p.text)
	if text == "" {
		return nil
	}
	if strings.ContainsAny(text, "\x00\r") {
		return p.fail("control character inside the line")
	}
	kind, value, ok := strings.Cut(text, "=")
	if kind = strings.TrimSpace(kind); !ok || len(kind) != 1 {
		return p.fail("not of the form type=value")
	}
	value = strings.TrimSpace(value)
	switch kind[0] {
	case 'v':
		if value != "0" {
			return p.fail("unknown version of SDP")
		}
	case 'o':
		return p.origin(value)
	case 's':
		p.s.Name = value
	case 'c':
		return p.connection(value)
	case 'm':
		return p.media(value)
	case 'a':
		return p.attribute(value)
	}
	return nil
}

// media is the m= line being described, or the one that stands for the session.
func (p *parser) current() *Media {
	if n := len(p.s.Media); n > 0 {
		return &p.s.Media[n-1]
	}
	return &p.level
}

// origin reads "- 7 1 IN IP4 192.0.2.1".
func (p *parser) origin(value string) error {
	f := strings.Fields(value)
	if len(f) != 6 {
		return p.fail("origin needs six fields")
	}
	o := Origin{User: f[0]}
	var err error
	if o.ID, err = strconv.ParseUint(f[1], 10, 64); err != nil {
		return p.fail("session id is not a number of 64 bits")
	}
	if o.Version, err = strconv.ParseUint(f[2], 10, 64); err != nil {
		return p.fail("session version is not a number of 64 bits")
	}
	o.Address = address(f[5])
	p.s.Origin = o
	return nil
}

// connection reads "IN IP4 192.0.2.1"; a TTL after a slash would mean multicast, which we do not speak.
func (p *parser) connection(value string) error {
	f := strings.Fields(value)
	if len(f) != 3 || !strings.EqualFold(f[0], "IN") || !strings.EqualFold(f[1], "IP4") && !strings.EqualFold(f[1], "IP6") {
		return p.fail("connection is not IN IP4 or IP6 with an address")
	}
	a := address(f[2])
	if a.Addr.IsMulticast() || strings.Contains(f[2], "/") {
		return p.fail("multicast is not supported")
	}
	if a.Addr.Is4() && a.Addr == netip.AddrFrom4([4]byte{255, 255, 255, 255}) {
		return p.fail("broadcast is not supported")
	}
	if !a.Addr.IsValid() && !hostname(a.Host) {
		return p.fail("neither an address nor a host name")
	}
	if len(p.s.Media) == 0 {
		p.s.Connection = a
	} else {
		p.current().Connection = a
	}
	return nil
}

// address takes brackets around IPv6, which some phones write, and no zone.
func address(s string) Address {
	bare := strings.TrimSuffix(strings.TrimPrefix(s, "["), "]")
	if a, err := netip.ParseAddr(bare); err == nil && a.Zone() == "" {
		return Address{Addr: a.Unmap()}
	}
	return Address{Host: s}
}

func hostname(s string) bool {
	if len(s) > 253 || strings.Trim(s, "0123456789.") == "" {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool {
		return !(r == '-' || r == '.' || r == '_' || r >= '0' && r <= '9' || r|0x20 >= 'a' && r|0x20 <= 'z')
	}) < 0
}

// media reads "audio 49170/1 RTP/AVP 0 8 101".
func (p *parser) media(value string) error {
	f := strings.Fields(value)
	switch {
	case len(p.s.Media) == MaxMedia:
		return p.fail("more than 8 media lines")
	case len(f) < 4:
		return p.fail("media needs kind, port, protocol and formats")
	case len(f)-3 > MaxFormats:
		return p.fail("more than 64 formats")
	}
	number, count, _ := strings.Cut(f[1], "/")
	port, err := strconv.ParseUint(number, 10, 16)
	if err != nil {
		return p.fail("port is not a number up to 65535")
	}
	if count != "" {
		if _, err := strconv.ParseUint(count, 10, 16); err != nil {
			return p.fail("number of ports is not a number")
		}
	}
	m := Media{Line: p.line, Kind: word(strings.ToLower(f[0])), Port: int(port), Proto: word(f[2])}
	if !m.IsRTP() {
		m.Tokens = f[3:]
	} else if err := p.payloadTypes(&m, f[3:]); err != nil {
		return err
	}
	p.s.Media = append(p.s.Media, m)
	p.ices = 0
	return nil
}

// word gives the usual words memory that lasts, so that what is kept of a description holds none of its text.
func word(s string) string {
	for _, w := range [...]string{audio, "video", "RTP/AVP", "RTP/AVPF", "RTP/SAVP", "UDP/TLS/RTP/SAVPF"} {
		if s == w {
			return w
		}
	}
	return strings.Clone(s)
}

// payloadTypes fills Formats with numbers; a number that stands twice counts once.
func (p *parser) payloadTypes(m *Media, tokens []string) error {
	seen := [128]bool{}
	m.Formats = make([]codecs.Format, 0, len(tokens))
	for _, t := range tokens {
		pt, err := strconv.ParseUint(t, 10, 7)
		if err != nil {
			return p.fail("payload type is not a number up to 127")
		}
		if !seen[pt] {
			seen[pt] = true
			f := static(uint8(pt))
			m.Formats = append(m.Formats, f)
		}
	}
	return nil
}

// finish lets media inherit what they did not say themselves, and names their formats.
func (p *parser) finish() (*Session, error) {
	for i := range p.s.Media {
		m := &p.s.Media[i]
		if m.Connection.IsZero() {
			m.Connection = p.s.Connection
		}
		if m.Kind == audio && m.Port != 0 && m.Connection.IsZero() {
			return nil, p.failAt(m.Line, "m="+m.Kind, "no c= line says where to send")
		}
		if !p.directed[i] {
			m.Direction = p.level.Direction
		}
		if m.PTime == 0 {
			m.PTime = p.level.PTime
		}
		if m.MaxPTime == 0 {
			m.MaxPTime = p.level.MaxPTime
		}
	}
	p.s.Attributes = p.level.Attributes
	return p.s, nil
}
