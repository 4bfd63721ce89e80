package sdp

import (
	"strconv"
	"strings"
	"time"

	"ringway/codecs"
)

// Marshal writes the description with CRLF line ends. Text that could break a line is blanked, so that nothing which came
// from one side can add lines on the other.
func (s *Session) Marshal() []byte {
	w := writer{make([]byte, 0, 384)}
	w.text("v=0")
	w.end()
	w.origin(s.Origin)
	w.text("s=", or(s.Name, "-"))
	w.end()
	if !s.Connection.IsZero() {
		w.connection(s.Connection)
	}
	w.text("t=0 0")
	w.end()
	w.attributes(s.Attributes)
	for i := range s.Media {
		w.media(&s.Media[i], s.Connection)
	}
	return w.buf
}

// writer collects lines: text and numbers, and an end.
type writer struct{ buf []byte }

func (w *writer) text(parts ...string) {
	for _, p := range parts {
		if strings.ContainsAny(p, "\r\n\x00") {
			p = strings.NewReplacer("\r", " ", "\n", " ", "\x00", " ").Replace(p)
		}
		w.buf = append(w.buf, p...)
	}
}

func (w *writer) number(n uint64) { w.buf = strconv.AppendUint(w.buf, n, 10) }

func (w *writer) end() { w.buf = append(w.buf, '\r', '\n') }

func (w *writer) origin(o Origin) {
	user := or(o.User, "-")
	if strings.IndexFunc(user, func(r rune) bool { return r <= ' ' || r > '~' }) >= 0 {
		user = or(strings.Join(strings.Fields(strings.ReplaceAll(user, "\x00", "")), "_"), "-")
	}
	w.text("o=", user, " ")
	w.number(o.ID)
	w.text(" ")
	w.number(o.Version)
	w.text(" ")
	w.address(o.Address)
	w.end()
}

func (w *writer) connection(a Address) {
	w.text("c=")
	w.address(a)
	w.end()
}

// address writes "IN IP4 192.0.2.1".
func (w *writer) address(a Address) {
	switch {
	case a.IsZero():
		w.text("IN IP4 0.0.0.0")
	case a.Addr.Is6():
		w.text("IN IP6 ")
		w.buf = a.Addr.AppendTo(w.buf)
	case a.Addr.IsValid():
		w.text("IN IP4 ")
		w.buf = a.Addr.AppendTo(w.buf)
	default:
		w.text("IN IP4 ", a.Host)
	}
}

func (w *writer) attributes(list []Attribute) {
	for _, a := range list {
		w.text("a=", a.Key)
		if a.Value != "" {
			w.text(":", a.Value)
		}
		w.end()
	}
}

func (w *writer) media(m *Media, session Address) {
	w.text("m=", m.Kind, " ")
	w.number(uint64(m.Port))
	w.text(" ", m.Proto)
	w.tokens(m)
	w.end()
	if m.Connection != session && !m.Connection.IsZero() {
		w.connection(m.Connection)
	}
	for i := range m.Formats {
		w.format(&m.Formats[i])
	}
	w.packetTime("a=ptime:", m.PTime)
	w.packetTime("a=maxptime:", m.MaxPTime)
	if m.IsRTP() && m.Port != 0 {
		w.text("a=", m.Direction.String())
		w.end()
	}
	if m.RTCP.Port() != 0 {
		w.rtcp(m)
	}
	if m.RTCPMux {
		w.text("a=rtcp-mux")
		w.end()
	}
	w.attributes(m.Attributes)
}

// tokens writes the formats of the m= line; it must have one.
func (w *writer) tokens(m *Media) {
	for _, t := range m.Tokens {
		w.text(" ", t)
	}
	for i := range m.Formats {
		w.text(" ")
		w.number(uint64(m.Formats[i].PayloadType))
	}
	if len(m.Tokens)+len(m.Formats) == 0 {
		w.text(" 0")
	}
}

func (w *writer) format(f *codecs.Format) {
	if f.Name != "" {
		w.text("a=rtpmap:")
		w.number(uint64(f.PayloadType))
		w.text(" ", f.Name, "/")
		w.number(uint64(f.ClockRate))
		if f.Channels > 1 {
			w.text("/")
			w.number(uint64(f.Channels))
		}
		w.end()
	}
	if f.Fmtp != "" {
		w.text("a=fmtp:")
		w.number(uint64(f.PayloadType))
		w.text(" ", f.Fmtp)
		w.end()
	}
}

func (w *writer) packetTime(key string, d time.Duration) {
	if d > 0 {
		w.text(key)
		w.number(uint64(d.Milliseconds()))
		w.end()
	}
}

func (w *writer) rtcp(m *Media) {
	w.text("a=rtcp:")
	w.number(uint64(m.RTCP.Port()))
	if a := m.RTCP.Addr(); a.IsValid() {
		w.text(" ")
		w.address(Address{Addr: a})
	}
	w.end()
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
