package call

import (
	"cmp"
	"strconv"
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/rtp"
	"ringway/sip/leg"
)

// hopsHeader counts passages through switches of ours: the loop token. All other X-Ringway headers of a caller go nowhere,
// since nothing is copied from one leg to the other.
const (
	hopsHeader = "X-Ringway-Hops"
	maxHops    = 10
)

// loopStatus refuses a request that has come too far (RFC 3261 §16.3), or round in a circle: 483, 482, or 0.
func loopStatus(req *sipmsg.Request) int {
	if mf := req.MaxForwards(); mf != nil && mf.Val() == 0 {
		return 483
	}
	if hops(req) >= maxHops {
		return 482
	}
	return 0
}

func hops(req *sipmsg.Request) int {
	n, err := strconv.Atoi(strings.TrimSpace(leg.HeaderValue(req, hopsHeader)))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// limits are what leg B inherits of leg A's INVITE: the only thing that crosses.
type limits struct {
	maxForwards uint8
	hops        int
}

func limitsOf(req *sipmsg.Request) limits {
	l := limits{maxForwards: 69, hops: hops(req) + 1}
	if mf := req.MaxForwards(); mf != nil {
		l.maxForwards = uint8(min(max(mf.Val(), 1)-1, 254))
	}
	return l
}

// identify fills in as whom we call: the caller's name and number at our own address, asserted to trusted trunks only
// (RFC 3325 §5).
func (c *Call) identify(callee *leg.Callee, p *party, t *target) {
	number := c.info.CallerNumber
	if t.dial.spec.CallerID != "" {
		number = t.dial.spec.CallerID
	}
	if number == "" {
		number = "anonymous"
	}
	host := c.m.o.Paths.Contact(p.flow, "")
	callee.From = sipmsg.Uri{Scheme: "sip", User: escapeUser(number), Host: host.Host}
	callee.FromName = cmp.Or(t.dial.spec.CallerName, c.info.CallerName)
	if p.route != nil && p.route.From.Host != "" {
		callee.From = p.route.From
	}
	callee.MaxForwards = max(c.limits.maxForwards, 1)
	callee.Headers = append(callee.Headers, sipmsg.NewHeader(hopsHeader, strconv.Itoa(c.limits.hops)))
	if p.route != nil && p.route.Trusted {
		identity := sipmsg.Uri{Scheme: "sip", User: escapeUser(number), Host: host.Host}
		callee.Headers = append(callee.Headers, sipmsg.NewHeader("P-Asserted-Identity", "<"+identity.String()+">"))
	}
	for name, value := range t.spec.Headers {
		if extraAllowed(name, value) {
			callee.Headers = append(callee.Headers, sipmsg.NewHeader(name, value))
		}
	}
}

// answerItself asks a phone to answer without its user.
func (c *Call) answerItself(callee *leg.Callee, p *party) {
	host := hostForURI(c.m.o.Paths.Contact(p.flow, "").Host)
	callee.Headers = append(callee.Headers,
		sipmsg.NewHeader("Call-Info", "<sip:"+host+">;answer-after=0"),
		sipmsg.NewHeader("Alert-Info", "<sip:"+host+">;info=alert-autoanswer;delay=0"))
}

// extraAllowed lets a dialplan add headers that nobody else owns, without line ends.
func extraAllowed(name, value string) bool {
	if name == "" || strings.ContainsAny(value, "\r\n\x00") {
		return false
	}
	for i := 0; i < len(name); i++ {
		if c := name[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("()<>@,;:\\\"/[]?={}", c) >= 0 {
			return false
		}
	}
	switch strings.ToLower(name) {
	case "via", "from", "to", "call-id", "cseq", "contact", "max-forwards", "route", "record-route", "content-length",
		"content-type", "allow", "require", "supported", "proxy-require", "authorization", "proxy-authorization",
		"p-asserted-identity", "v", "f", "t", "i", "m", "l", "c", "k":
		return false
	}
	return !strings.HasPrefix(strings.ToLower(name), "x-ringway-")
}

// escapeUser writes a number or name as the user part of a URI (RFC 3261 §25.1).
func escapeUser(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("-_.!~*'()&=+$,", c) >= 0:
			b.WriteByte(c)
		default:
			b.WriteString("%" + strings.ToUpper(strconv.FormatUint(uint64(c)|0x100, 16)[1:]))
		}
	}
	return b.String()
}

func hostForURI(host string) string {
	if strings.Contains(host, ":") && !strings.HasPrefix(host, "[") {
		return "[" + host + "]"
	}
	return host
}

// hearEarly lets the caller hear the early media of the one phone that rings.
func (c *Call) hearEarly(p *party) {
	if c.bridge != nil || c.a.media == nil || p.media == nil {
		return
	}
	if err := rtp.Join(c.a.media, p.media); err != nil {
		c.log().Debug("early media not joined", "leg", p.row.ID, "err", err)
	}
}
