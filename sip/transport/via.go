package transport

import (
	"errors"
	"net/netip"
	"strconv"
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"
)

// A Via, RFC 3261 §20.42, with spaces where the grammar allows them:
//
//	SIP / 2.0 / UDP  host.example.org : 5060 ; branch = z9hG4bK77 ; rport ,  SIP/2.0/TCP …

// parseVia reads one Via and returns what follows its comma.
func parseVia(s string, v *sipmsg.ViaHeader, k *kit) (rest string, more bool, err error) {
	var found bool
	if v.ProtocolName, s, found = strings.Cut(s, "/"); !found {
		return "", false, errors.New("Via without protocol")
	}
	if v.ProtocolVersion, s, found = strings.Cut(s, "/"); !found {
		return "", false, errors.New("Via without version")
	}
	v.ProtocolName, v.ProtocolVersion, s = trim(v.ProtocolName), trim(v.ProtocolVersion), trimLeft(s)
	space := strings.IndexAny(s, " \t")
	if space < 0 {
		return "", false, errors.New("Via without host")
	}
	v.Transport, s = s[:space], trimLeft(s[space:])
	if !isToken(v.ProtocolName) || !isToken(v.ProtocolVersion) || !isToken(v.Transport) {
		return "", false, errors.New("bad protocol in Via")
	}
	end := strings.IndexAny(s, ";,")
	if end < 0 {
		end = len(s)
	}
	if err = sentBy(trim(s[:end]), v); err != nil {
		return "", false, err
	}
	rest, more, err = parseParams(s[end:], &v.Params, k)
	return rest, more, err
}

// sentBy reads host[:port]. sipgo keeps IPv6 addresses in Via without brackets and adds them when writing, but forgets it for
// IPv4-mapped ones: those keep theirs.
func sentBy(s string, v *sipmsg.ViaHeader) (err error) {
	if strings.ContainsAny(s, " \t") {
		s = strings.NewReplacer(" :", ":", "\t:", ":", ": ", ":", ":\t", ":").Replace(s)
	}
	v.Host, v.Port, err = splitHostPort(s)
	if bare := strings.Trim(v.Host, "[]"); bare != v.Host && !strings.Contains(bare, ".") {
		v.Host = bare
	}
	return err
}

// stamp notes the real source in the top Via (RFC 3261 §18.2.1, RFC 3581 §4).
func stamp(v *sipmsg.ViaHeader, from netip.AddrPort) {
	asked := v.Params.Has("rport")
	if asked {
		v.Params.Add("rport", strconv.Itoa(int(from.Port())))
	}
	host, err := netip.ParseAddr(strings.Trim(v.Host, "[]"))
	if asked || err != nil || host.Unmap() != from.Addr() {
		v.Params.Add("received", from.Addr().String())
	} else {
		v.Params.Remove("received")
	}
}

// ReplyFlow returns where responses to a request go (RFC 3261 §18.2.2): on a stream, its connection; on UDP the source
// address, with the source port when the client asked by rport, else the port of its Via. maddr is ignored on purpose: it would
// let a stranger aim our answers.
func ReplyFlow(f Flow, top *sipmsg.ViaHeader) Flow {
	if f.Reliable() || top == nil || top.Params.Has("rport") {
		return f
	}
	port := top.Port
	if port == 0 {
		port = 5060
	}
	f.Remote = netip.AddrPortFrom(f.Remote.Addr(), uint16(port))
	return f
}
