package phone

import (
	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/auth"
)

// credentials answers a challenge. One that comes again after an answer, and does not say that only the nonce was old,
// means that the password is wrong: asking on would look like guessing.
func (p *Phone) credentials(req *sipmsg.Request, res *sipmsg.Response) (sipmsg.Header, error) {
	answered := req.GetHeader("Authorization") != nil || req.GetHeader("Proxy-Authorization") != nil
	if answered && !stale(res) {
		return nil, auth.ErrRefusedAgain
	}
	return p.login.Answer(req, res)
}

func stale(res *sipmsg.Response) bool {
	for _, name := range []string{"WWW-Authenticate", "Proxy-Authenticate"} {
		for _, h := range res.GetHeaders(name) {
			if c, err := auth.ParseChallenge(h.Value()); err == nil && c.Stale {
				return true
			}
		}
	}
	return false
}

// authorize answers the challenge to an INVITE; nil gives up.
func (p *Phone) authorize(req *sipmsg.Request, res *sipmsg.Response) sipmsg.Header {
	h, err := p.credentials(req, res)
	if err != nil {
		p.o.Log.Warn("challenge not answered", "aor", p.AOR(), "err", err)
		return nil
	}
	return h
}
