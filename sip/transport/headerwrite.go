package transport

import (
	"net"
	"strconv"
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"
)

// Four headers stand in every message, some often; sipgo writes them by way of strings that are thrown away at once, and
// takes each host for an IPv6 address until its parser has failed. We write them ourselves, and leave the others to it.

// header writes "Name: value".
func (w *buffer) header(h sipmsg.Header) {
	switch h := h.(type) {
	case *sipmsg.ViaHeader:
		w.b = append(w.b, "Via: "...)
		w.b = appendVia(w.b, h)
	case *sipmsg.FromHeader:
		w.b = append(w.b, "From: "...)
		w.b = appendNameAddr(w.b, h.DisplayName, &h.Address, h.Params)
	case *sipmsg.ToHeader:
		w.b = append(w.b, "To: "...)
		w.b = appendNameAddr(w.b, h.DisplayName, &h.Address, h.Params)
	case *sipmsg.ContactHeader:
		w.b = append(w.b, "Contact: "...)
		w.b = appendContact(w.b, h)
	default:
		h.StringWrite(w)
	}
}

// AppendContact writes the value of a Contact behind b.
func AppendContact(b []byte, h *sipmsg.ContactHeader) []byte { return appendContact(b, h) }

func appendContact(b []byte, h *sipmsg.ContactHeader) []byte {
	if h.Address.Wildcard {
		return append(b, '*')
	}
	return appendNameAddr(b, h.DisplayName, &h.Address, h.Params)
}

func appendVia(b []byte, h *sipmsg.ViaHeader) []byte {
	b = append(append(b, h.ProtocolName...), '/')
	b = append(append(b, h.ProtocolVersion...), '/')
	b = append(append(b, h.Transport...), ' ')
	return appendParams(appendHostPort(b, h.Host, h.Port), h.Params)
}

func appendNameAddr(b []byte, name string, u *sipmsg.Uri, params sipmsg.HeaderParams) []byte {
	if name != "" {
		b = append(append(append(b, '"'), name...), `" `...)
	}
	b = appendURI(append(b, '<'), u)
	return appendParams(append(b, '>'), params)
}

// appendURI writes what sipgo would; anything but a plain sip or sips URI is left to it.
func appendURI(b []byte, u *sipmsg.Uri) []byte {
	if u.Scheme != "sip" && u.Scheme != "sips" || u.Raw() != "" || u.HierarhicalSlashes || len(u.Headers) > 0 {
		w := buffer{b}
		u.StringWrite(&w)
		return w.b
	}
	b = append(append(b, u.Scheme...), ':')
	if u.User != "" {
		b = append(b, u.User...)
		if u.Password != "" {
			b = append(append(b, ':'), u.Password...)
		}
		b = append(b, '@')
	}
	return appendParams(appendHostPort(b, u.Host, u.Port), u.UriParams)
}

func appendHostPort(b []byte, host string, port int) []byte {
	if bareIPv6(host) {
		b = append(append(append(b, '['), host...), ']')
	} else {
		b = append(b, host...)
	}
	if port > 0 {
		b = strconv.AppendInt(append(b, ':'), int64(port), 10)
	}
	return b
}

// bareIPv6 says whether a host needs brackets.
func bareIPv6(host string) bool {
	if strings.IndexByte(host, ':') < 0 || host[0] == '[' {
		return false
	}
	if dot := strings.IndexByte(host, '.'); dot >= 0 && dot < strings.IndexByte(host, ':') {
		return false
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.To4() == nil
}

// appendParams writes each parameter with its semicolon; a value with white space gets quotes.
func appendParams(b []byte, params sipmsg.HeaderParams) []byte {
	for _, p := range params {
		b = append(append(b, ';'), p.K...)
		switch {
		case p.V == "":
		case strings.ContainsAny(p.V, " \t"):
			b = append(append(append(b, `="`...), p.V...), '"')
		default:
			b = append(append(b, '='), p.V...)
		}
	}
	return b
}
