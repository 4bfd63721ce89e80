package sdp

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"ringway/codecs"
)

// attribute reads the value of one a= line: those that Media has a field for, all others as they are.
func (p *parser) attribute(value string) error {
	key, arg, _ := strings.Cut(value, ":")
	key, arg = strings.TrimSpace(key), strings.TrimSpace(arg)
	m := p.current()
	word := strings.ToLower(key)
	if d, ok := ParseDirection(word); ok {
		m.Direction = d
		if n := len(p.s.Media); n > 0 {
			p.directed[n-1] = true
		}
		return nil
	}
	switch word {
	case "rtpmap":
		return p.rtpmap(arg)
	case "fmtp":
		return p.fmtp(arg)
	case "ptime":
		return p.packetTime(arg, &m.PTime)
	case "maxptime":
		return p.packetTime(arg, &m.MaxPTime)
	case "rtcp":
		return p.rtcp(arg, m)
	case "rtcp-mux":
		m.RTCPMux = true
		return nil
	case "candidate":
		if p.ices++; p.ices > MaxCandidates {
			return p.fail("more than 64 candidates")
		}
	}
	m.Attributes = append(m.Attributes, Attribute{Key: key, Value: arg})
	return nil
}

// serious says whether a fault in an attribute of the current media is worth a refusal: only in audio, the rest is not used.
func (p *parser) serious() bool { return p.current().Kind == audio }

func (p *parser) failIfSerious(why string) error {
	if p.serious() {
		return p.fail(why)
	}
	return nil
}

// rtpmap reads "101 telephone-event/8000" or "96 opus/48000/2".
func (p *parser) rtpmap(arg string) error {
	n := len(p.s.Media)
	if n == 0 || !p.current().IsRTP() {
		return nil
	}
	number, rest := firstWord(arg)
	pt, err := strconv.ParseUint(number, 10, 7)
	if err != nil {
		return p.failIfSerious("payload type is not a number up to 127")
	}
	encoding, rest, ok := strings.Cut(strings.ReplaceAll(rest, " ", ""), "/")
	rate, count, _ := strings.Cut(rest, "/")
	if !ok || encoding == "" || strings.Contains(count, "/") {
		return p.failIfSerious("rtpmap is not name/clock")
	}
	clock, err := strconv.ParseUint(rate, 10, 31)
	if err != nil || clock == 0 {
		return p.failIfSerious("clock rate is not a number")
	}
	channels := uint64(1)
	if count != "" {
		if channels, err = strconv.ParseUint(count, 10, 8); err != nil || channels == 0 {
			return p.failIfSerious("number of channels is not a number")
		}
	}
	if f := p.format(uint8(pt)); f != nil {
		f.Name, f.ClockRate, f.Channels = encoding, int(clock), int(channels)
		mend(f)
	}
	return nil
}

// fmtp reads "101 0-15". The parameters of a payload type may stand in several lines.
func (p *parser) fmtp(arg string) error {
	n := len(p.s.Media)
	if n == 0 || !p.current().IsRTP() {
		return nil
	}
	number, rest := firstWord(arg)
	pt, err := strconv.ParseUint(number, 10, 7)
	if err != nil {
		return p.failIfSerious("payload type is not a number up to 127")
	}
	const enough = 512 // bytes that parameters in several lines may add up to
	f := p.format(uint8(pt))
	switch {
	case f == nil:
	case f.Fmtp == "":
		f.Fmtp = rest
	case len(f.Fmtp)+len(rest) <= enough:
		f.Fmtp += ";" + rest
	}
	return nil
}

// firstWord splits "101  0-15" at its first blanks.
func firstWord(s string) (word, rest string) {
	i := strings.IndexAny(s, " \t")
	if i < 0 {
		return s, ""
	}
	return s[:i], strings.TrimSpace(s[i:])
}

// format is the format of the current media with a payload type, nil where its m= line lists none.
func (p *parser) format(pt uint8) *codecs.Format {
	list := p.current().Formats
	for i := range list {
		if list[i].PayloadType == pt {
			return &list[i]
		}
	}
	return nil
}

// packetTime reads milliseconds, which may have a fraction (RFC 8866 §6.4); 0 means nothing and is ignored.
func (p *parser) packetTime(arg string, to *time.Duration) error {
	whole, fraction, dot := strings.Cut(arg, ".")
	ms, err := strconv.ParseUint(whole, 10, 16)
	if err != nil || dot && (fraction == "" || len(fraction) > 9 || strings.Trim(fraction, "0123456789") != "") {
		return p.failIfSerious("packet time is not a number of milliseconds")
	}
	*to = time.Duration(ms) * time.Millisecond
	return nil
}

// rtcp reads "53020" or "53020 IN IP4 192.0.2.1" (RFC 3605).
func (p *parser) rtcp(arg string, m *Media) error {
	f := strings.Fields(arg)
	if len(f) != 1 && len(f) != 4 {
		return p.failIfSerious("rtcp is not a port, or a port and an address")
	}
	port, err := strconv.ParseUint(f[0], 10, 16)
	if err != nil {
		return p.failIfSerious("rtcp port is not a number up to 65535")
	}
	var at netip.Addr
	if len(f) == 4 {
		if at = address(f[3]).Addr; at.IsMulticast() || at.IsUnspecified() {
			at = netip.Addr{}
		}
	}
	m.RTCP = netip.AddrPortFrom(at, uint16(port))
	return nil
}
