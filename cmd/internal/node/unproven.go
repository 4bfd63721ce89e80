package node

import (
	"strings"
	"sync"

	"ringway/acd"
	"ringway/store"
)

// unproven are the addresses of record that came back with a restart and of which nothing was heard since: nobody is
// offered a call before her phone registered again or answered an OPTIONS.
type unproven struct {
	mu   sync.Mutex // guards what follows
	aors map[string]bool
}

func newUnproven(kept []store.Binding) *unproven {
	u := &unproven{aors: map[string]bool{}}
	for _, b := range kept {
		u.aors[b.AOR] = true
	}
	return u
}

// prove says whether aor was unproven until now.
func (u *unproven) prove(aor string) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	was := u.aors[aor]
	delete(u.aors, aor)
	return was
}

func (u *unproven) list() []string {
	u.mu.Lock()
	defer u.mu.Unlock()
	out := make([]string, 0, len(u.aors))
	for a := range u.aors {
		out = append(out, a)
	}
	return out
}

// askRestored sends OPTIONS to the phones whose bindings were restored.
func (n *Node) askRestored() {
	for _, aor := range n.unproven.list() {
		user, host, _ := strings.Cut(strings.TrimPrefix(aor, "sip:"), "@")
		if !strings.EqualFold(host, n.config().Settings.Realm) {
			continue // an app session: nobody rings it
		}
		n.edge.ProbeAccount(user, n.clock.Now(), func() {
			if n.unproven.prove(aor) {
				n.phone(acd.Phone{Account: user, Registered: true, Qualified: true})
			}
		})
	}
}

// registered hears of every REGISTER that left its AOR with a binding. The first after a restart is proof, and each brings
// back an agent whom an offer did not reach: her phone spoke again, though its binding had never gone. Of nobody's phones the
// router heard when they came.
func (n *Node) registered(aor string) {
	user, _, _ := strings.Cut(strings.TrimPrefix(aor, "sip:"), "@")
	if n.unproven.prove(aor) || n.edge.PersonOf(user) != "" {
		n.agents().Reachable(aor, true)
	}
}
