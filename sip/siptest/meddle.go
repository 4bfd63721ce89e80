package siptest

import (
	"fmt"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

// Rule is what happens to chosen messages of a phone.
type Rule struct {
	Match    string // "ACK", "BYE", "180", "200 INVITE"; "" is every message
	Received bool   // what comes in, else what goes out
	Times    int    // how many messages, 0 for all
	Drop     bool
	Copies   int           // further copies
	Delay    time.Duration // before it goes on; later messages may overtake it only on the way in
}

// Meddle adds a rule. The first that matches decides.
func (p *Handset) Meddle(r Rule) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r.Times == 0 {
		r.Times = -1
	}
	p.rules = append(p.rules, &r)
}

// copies says how often a message goes on, after its delay.
func (p *Handset) copies(msg sipmsg.Message, out bool) int {
	p.mu.Lock()
	var hit *Rule
	for _, r := range p.rules {
		if r.Received != out && r.Times != 0 && (r.Match == "" || r.Match == nameOf(msg) || r.Match == shortName(msg)) {
			hit = r
			r.Times--
			break
		}
	}
	p.mu.Unlock()
	switch {
	case hit == nil:
		return 1
	case hit.Drop:
		return 0
	}
	if hit.Delay > 0 && !p.sleep(hit.Delay) {
		return 0
	}
	return 1 + hit.Copies
}

// nameOf is "INVITE" or "200 INVITE".
func nameOf(msg sipmsg.Message) string {
	switch m := msg.(type) {
	case *sipmsg.Request:
		return string(m.Method)
	case *sipmsg.Response:
		return fmt.Sprintf("%d %s", m.StatusCode, m.CSeq().MethodName)
	}
	return ""
}

func shortName(msg sipmsg.Message) string {
	if m, ok := msg.(*sipmsg.Response); ok {
		return fmt.Sprint(m.StatusCode)
	}
	return nameOf(msg)
}
