package transport

import (
	"hash/maphash"
	"strconv"
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"
)

// tagSeed makes To tags unpredictable to strangers and equal for retransmissions, without state.
var tagSeed = maphash.MakeSeed()

// NewResponse answers a request (RFC 3261 §8.2.6): Via, From, To, Call-ID and CSeq are taken over, and Record-Route where a
// dialog can arise. To gets a tag, the same for every response to this request, unless the status is 100 or it has one. The
// response shares these headers with the request, but for To.
func NewResponse(req *sipmsg.Request, status int, reason string) *sipmsg.Response {
	res := sipmsg.NewResponse(status, reason)
	copyEach(req, res, "Via")
	if req.Method != sipmsg.REGISTER && status > 100 && status < 300 {
		copyEach(req, res, "Record-Route")
	}
	if status == 100 {
		copyEach(req, res, "Timestamp")
	}
	if h := req.From(); h != nil {
		res.AppendHeader(h)
	}
	if h := req.To(); h != nil {
		to := &sipmsg.ToHeader{DisplayName: h.DisplayName, Address: h.Address, Params: h.Params}
		if status > 100 && !h.Params.Has("tag") {
			to.Params = append(append(make(sipmsg.HeaderParams, 0, len(h.Params)+1), h.Params...), sipmsg.HeaderKV{K: "tag", V: tagFor(req)})
		}
		res.AppendHeader(to)
	}
	if h := req.CallID(); h != nil {
		res.AppendHeader(h)
	}
	if h := req.CSeq(); h != nil {
		res.AppendHeader(h)
	}
	res.SetTransport(req.MessageData.Transport())
	return res
}

func copyEach(req *sipmsg.Request, res *sipmsg.Response, name string) {
	for _, h := range req.Headers() {
		if n := h.Name(); len(n) == len(name) && strings.EqualFold(n, name) {
			res.AppendHeader(h)
		}
	}
}

func tagFor(req *sipmsg.Request) string {
	var h maphash.Hash
	h.SetSeed(tagSeed)
	if id := req.CallID(); id != nil {
		h.WriteString(string(*id))
	}
	if f := req.From(); f != nil {
		h.WriteString(f.Params.GetOr("tag", ""))
	}
	if c := req.CSeq(); c != nil {
		h.WriteByte(byte(c.SeqNo))
		h.WriteString(string(c.MethodName))
	}
	if v := req.Via(); v != nil {
		h.WriteString(v.Params.GetOr("branch", ""))
	}
	return strconv.FormatUint(h.Sum64(), 36)
}

// refusal writes the stateless answer to a request that could not be parsed, from its raw fields. ok is false when nothing may
// leave: no usable Via, or an answer larger than 1.5 times the request.
func refusal(s *scanned, fault *Fault, from Flow, received int) (b []byte, to Flow, ok bool) {
	raw, found := s.first(nameVia)
	if !found || fault.Status == 0 {
		return nil, from, false
	}
	top := &sipmsg.ViaHeader{}
	rest, more, err := parseVia(raw, top, &kit{})
	if err != nil {
		return nil, from, false
	}
	stamp(top, from.Remote)
	b = append(b, "SIP/2.0 "...)
	b = strconv.AppendInt(b, int64(fault.Status), 10)
	b = append(append(append(b, ' '), fault.Reason...), "\r\nVia: "...)
	b = append(append(b, top.Value()...), "\r\n"...)
	if more {
		b = append(append(append(b, "Via: "...), trim(rest)...), "\r\n"...)
	}
	b = echo(b, s)
	if fault.Again > 0 {
		b = append(strconv.AppendInt(append(b, "Retry-After: "...), int64(fault.Again), 10), "\r\n"...)
	}
	b = append(append(append(b, "Warning: 399 ringway \""...), fault.Why...), "\"\r\nContent-Length: 0\r\n\r\n"...)
	return b, ReplyFlow(from, top), len(b)*2 <= received*3
}

// echo copies the fields that a client needs to match the answer, the first of each.
func echo(b []byte, s *scanned) []byte {
	var seen [nameExpires + 1]bool
	for _, f := range s.fields {
		switch f.name {
		case nameVia:
			if !seen[nameVia] {
				seen[nameVia] = true // the top one is written already
				continue
			}
		case nameFrom, nameTo, nameCallID, nameCSeq:
			if seen[f.name] {
				continue
			}
			seen[f.name] = true
		default:
			continue
		}
		b = append(append(append(b, f.text...), ": "...), f.value...)
		if f.name == nameTo && !strings.Contains(strings.ToLower(f.value), "tag") {
			b = append(b, ";tag="...)
			b = strconv.AppendUint(b, maphash.String(tagSeed, f.value), 36)
		}
		b = append(b, "\r\n"...)
	}
	return b
}
