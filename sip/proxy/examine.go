package proxy

import (
	"hash/maphash"
	"strconv"
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/location"
)

// refusal is an answer of our own.
type refusal struct {
	status int
	reason string
}

// examine is RFC 3261 §16.3 and §16.4: what we do not forward.
func (p *Proxy) examine(req *sipmsg.Request, dir Directory) *refusal {
	if s := req.Recipient.Scheme; s != "sip" && s != "sips" {
		return &refusal{416, "Unsupported URI Scheme"}
	}
	if m := req.MaxForwards(); m != nil && *m == 0 {
		return &refusal{483, "Too Many Hops"}
	}
	if p.looped(req) {
		return &refusal{482, "Loop Detected"}
	}
	// Routes to ourselves are done; any other would make us carry requests for strangers to anywhere.
	for _, h := range req.GetHeaders("Route") {
		r, ok := h.(*sipmsg.RouteHeader)
		if !ok {
			return &refusal{400, "Bad Route"}
		}
		if _, ours := dir.Domain(r.Address.Host); !ours {
			return &refusal{403, "Route Not Allowed"}
		}
	}
	return nil
}

// resolve is §16.5: where the Request-URI is registered.
func (p *Proxy) resolve(req *sipmsg.Request, dir Directory, from Sender) ([]location.Binding, *refusal) {
	domain, ours := dir.Domain(req.Recipient.Host)
	if !ours {
		return nil, &refusal{403, "Relaying Not Allowed"}
	}
	user := req.Recipient.User
	if account, ok := dir.AccountOf(req.Recipient); ok {
		user = account
	}
	aor, err := location.UserAOR(user, domain)
	if err != nil {
		return nil, &refusal{404, "Not Found"}
	}
	if !dir.Permits(from, req.Method, aor) {
		return nil, &refusal{403, "Forbidden"}
	}
	list := p.o.Location.Lookup(aor, p.o.Now())
	switch {
	case len(list) > 0:
		return list[:min(len(list), p.o.Branches)], nil
	case dir.Known(aor):
		return nil, &refusal{480, "Temporarily Unavailable"}
	}
	return nil, &refusal{404, "Not Found"}
}

// loopParam is the Via parameter with the token of what we forwarded: the transaction table chooses branches, so the
// token that §16.6 step 8 puts there stands beside.
const loopParam = "rwl"

// token is a keyed hash of all that decides where a request goes (§16.6 step 8): one that comes back changed is a spiral,
// one that comes back the same a loop.
func (p *Proxy) token(req *sipmsg.Request) string {
	var h maphash.Hash
	h.SetSeed(p.seed)
	h.WriteString(p.secret)
	h.WriteString(string(req.Method))
	h.WriteString(req.Recipient.String())
	if f := req.From(); f != nil {
		tag, _ := f.Params.Get("tag")
		h.WriteString(tag)
	}
	if id := req.CallID(); id != nil {
		h.WriteString(string(*id))
	}
	if q := req.CSeq(); q != nil {
		h.WriteString(strconv.FormatUint(uint64(q.SeqNo), 10))
	}
	return strconv.FormatUint(h.Sum64(), 36)
}

// looped tells whether one of the Vias is ours for this very request (§16.3 step 4).
func (p *Proxy) looped(req *sipmsg.Request) bool {
	var mine string
	for _, h := range req.GetHeaders("Via") {
		v, ok := h.(*sipmsg.ViaHeader)
		if !ok {
			continue
		}
		seen, has := v.Params.Get(loopParam)
		if !has {
			continue
		}
		if mine == "" {
			mine = p.token(req)
		}
		if strings.EqualFold(seen, mine) {
			return true
		}
	}
	return false
}
