package siptest

import (
	"fmt"
	"time"

	"github.com/icholy/digest"

	sipmsg "github.com/emiago/sipgo/sip"
)

// Register registers for ten minutes, answering the challenge, and fails the test unless the answer is 200.
func (p *Handset) Register() *sipmsg.Response {
	p.t.Helper()
	return p.RegisterFor(10 * time.Minute)
}

// RegisterFor registers for that long; 0 removes the registration.
func (p *Handset) RegisterFor(d time.Duration) *sipmsg.Response {
	p.t.Helper()
	res := p.TryRegister(fmt.Sprintf("Expires: %d\r\n", int(d.Seconds())))
	if res.StatusCode != 200 {
		p.t.Fatalf("siptest: REGISTER of %s: %s", p.User, res.StartLine())
	}
	return res
}

// TryRegister registers with further header lines, answers one challenge, and returns the final answer, whatever it is.
func (p *Handset) TryRegister(headers string) *sipmsg.Response {
	p.t.Helper()
	p.mu.Lock()
	id := p.callID
	p.mu.Unlock()
	return p.Ask("REGISTER", "sip:"+p.Domain, id, headers)
}

// Ask sends a request outside any call, answers one challenge, and returns the final answer. callID may be empty.
func (p *Handset) Ask(method, uri, callID, headers string) *sipmsg.Response {
	p.t.Helper()
	if callID == "" {
		callID = token()
	}
	to := "<" + uri + ">"
	if method == "REGISTER" {
		to = p.address()
	}
	r := request{method: method, uri: uri, from: p.address() + ";tag=" + token(), to: to, callID: callID, headers: headers}
	for try := 0; ; try++ {
		p.mu.Lock()
		p.cseq++
		r.cseq = p.cseq
		p.mu.Unlock()
		r.branch = branch()
		res := p.transact(p.text(r), r.branch)
		auth := p.credentials(res, method, uri)
		if try > 0 || auth == "" {
			return res
		}
		r.headers = headers + auth
	}
}

// transact sends a request until a final answer comes.
func (p *Handset) transact(text, branch string) *sipmsg.Response {
	p.t.Helper()
	came := make(chan *sipmsg.Response, 16)
	p.mu.Lock()
	p.waiters[branch] = came
	p.mu.Unlock()
	done := make(chan struct{})
	defer close(done)
	p.sendUntil(text, done)
	limit := time.NewTimer(p.Patience)
	defer limit.Stop()
	for {
		select {
		case res := <-came:
			if res.StatusCode >= 200 {
				return res
			}
		case <-limit.C:
			p.t.Fatalf("siptest: no answer in %v to\n%s", p.Patience, text)
		}
	}
}

// credentials answers the challenge of a 401 or 407 with a header line, or returns "".
func (p *Handset) credentials(res *sipmsg.Response, method, uri string) string {
	ask, answer := "www-authenticate", "Authorization"
	switch res.StatusCode {
	case 401:
	case 407:
		ask, answer = "proxy-authenticate", "Proxy-Authorization"
	default:
		return ""
	}
	if p.Password == "" {
		return ""
	}
	for _, h := range res.GetHeaders(ask) { // the first that we can do: the server lists by preference (RFC 8760)
		c, err := digest.ParseChallenge(h.Value())
		if err != nil || !digest.CanDigest(c) {
			continue
		}
		cred, err := digest.Digest(c, digest.Options{Method: method, URI: uri, Username: p.Login, Password: p.Password, Count: 1})
		if err != nil {
			p.t.Errorf("siptest: digest: %v", err)
			return ""
		}
		return answer + ": " + cred.String() + "\r\n"
	}
	return ""
}
