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
	w := writer{make([]byte, 0, 512)}
	w.line("v=0")
	w.origin(s.Origin)
	w.line("s=", or(s.Name, "-"))
	if !s.Connection.IsZero() {
		w.connection(s.Connection)
	}
	w.line("t=0 0")
	w.attributes(s.Attributes)
	for i := range s.Media {
		w.media(&s.Media[i], s.Connection)
	}
	return w.buf
}

type writer struct{ buf []byte }

// line writes one line made of parts.
func (w *writer) line(parts ...string) {
	for _, p := range parts {
		if strings.ContainsAny(p, "\r\n\x00") {
			p = strings.NewReplacer("\r", " ", "\n", " ", "\x00", " ").Replace(p)
		}
		w.buf = append(w.buf, p...)
	}
	w.buf = append(w.buf, '\r', '\n')
}

func (w *writer) origin(o Origin) {
	id, version := strconv.FormatUint(o.ID, 10), strconv.FormatUint(o.Version, 10)
	user := strings.Join(strings.Fields(strings.ReplaceAll(o.User, "\x00", "")), "_")
	w.line("o=", or(user, "-"), " ", id, " ", version, " ", netAddress(o.Address))
}

func (w *writer) connection(a Address) { w.line("c=", netAddress(a)) }

// netAddress is "IN IP4 192.0.2.1".
func netAddress(a Address) string {
	switch {
	case a.Addr.Is6():
		return "IN IP6 " + a.Addr.String()
	case a.IsZero():
		return "IN IP4 0.0.0.0"
	}
	return "IN IP4 " + a.String()
}

func (w *writer) attributes(list []Attribute) {
	for _, a := range list {
		if a.Value == "" {
			w.line("a=", a.Key)
		} else {
			w.line("a=", a.Key, ":", a.Value)
		}
	}
}

func (w *writer) media(m *Media, session Address) {
	w.line("m=", m.Kind, " ", strconv.Itoa(m.Port), " ", m.Proto, " ", strings.Join(m.tokens(), " "))
	if m.Connection != session && !m.Connection.IsZero() {
		w.connection(m.Connection)
	}
	for _, f := range m.Formats {
		w.format(f)
	}
	w.packetTime("ptime", m.PTime)
	w.packetTime("maxptime", m.MaxPTime)
	if m.IsRTP() && m.Port != 0 {
		w.line("a=", m.Direction.String())
	}
	if m.RTCP.Port() != 0 {
		w.rtcp(m)
	}
	if m.RTCPMux {
		w.line("a=rtcp-mux")
	}
	w.attributes(m.Attributes)
}

// tokens are the formats of the m= line; it must have one.
func (m *Media) tokens() []string {
	out := append([]string(nil), m.Tokens...)
	for _, f := range m.Formats {
		out = append(out, strconv.Itoa(int(f.PayloadType)))
	}
	if len(out) == 0 {
		return []string{"0"}
	}
	return out
}

func (w *writer) format(f codecs.Format) {
	pt := strconv.Itoa(int(f.PayloadType))
	if f.Name != "" {
		text := f.Name + "/" + strconv.Itoa(f.ClockRate)
		if f.Channels > 1 {
			text += "/" + strconv.Itoa(f.Channels)
		}
		w.line("a=rtpmap:", pt, " ", text)
	}
	if f.Fmtp != "" {
		w.line("a=fmtp:", pt, " ", f.Fmtp)
	}
}

func (w *writer) packetTime(key string, d time.Duration) {
	if d > 0 {
		w.line("a=", key, ":", strconv.FormatInt(d.Milliseconds(), 10))
	}
}

func (w *writer) rtcp(m *Media) {
	port := strconv.Itoa(int(m.RTCP.Port()))
	if a := m.RTCP.Addr(); a.IsValid() {
		w.line("a=rtcp:", port, " ", netAddress(Address{Addr: a}))
		return
	}
	w.line("a=rtcp:", port)
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
