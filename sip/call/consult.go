package call

import (
	"cmp"
	"slices"

	"ringway/store"
)

// A consult is a call that an agent places while she has a customer: that customer's call is its parent. Whether the customer is
// on hold by then is not asked, since phones place the second call before or after they hold the first.
//
//	customer's call ──▶ its caller talks with the agent ──▶ the agent's phone calls ──▶ consult of that call
//	                         └── the agent hands the caller on, or either hangs up ──▶ her next call is none

// talksWith says who has the caller from now on, nil for nobody: the one writer of bridge.
func (c *Call) talksWith(p *party) {
	c.bridge = p
	who := ""
	if p != nil && c.caller.Kind == store.Customer {
		who = cmp.Or(p.agent, p.account)
	}
	c.m.serves(c, who)
}

// serves keeps whom each customer's call is with; "" is nobody.
func (m *Manager) serves(c *Call, who string) {
	if c.servedBy == who {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if before := c.servedBy; before != "" {
		m.served[before] = slices.DeleteFunc(m.served[before], func(x *Call) bool { return x == c })
		if len(m.served[before]) == 0 {
			delete(m.served, before)
		}
	}
	if c.servedBy = who; who != "" {
		m.served[who] = append(m.served[who], c)
	}
}

// consulted is the customer's call that a caller has now, the last where she has several; "" for none.
func (m *Manager) consulted(caller *Caller) string {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if list := m.served[cmp.Or(caller.Agent, caller.Account)]; len(list) > 0 {
		return list[len(list)-1].id
	}
	return ""
}
