package call

import (
	"testing"

	"ringway/store"
)

// parents are what rows and beginnings say of each call's parent, by what was dialled; a row and its event agree.
func (n *notes) parents(t *testing.T) map[string]string {
	t.Helper()
	n.mu.Lock()
	defer n.mu.Unlock()
	begun, out := map[string]string{}, map[string]string{}
	for _, r := range n.records {
		if r.Event != nil && r.Event.Kind == store.CallStart {
			begun[r.Event.Call] = r.Event.Data[store.DataParent]
		}
	}
	for _, r := range n.records {
		if c := r.Call; c != nil {
			out[c.Dialled] = c.Parent
			if begun[c.ID] != c.Parent {
				t.Errorf("the row of %s says parent %q, its event %q", c.Dialled, c.Parent, begun[c.ID])
			}
		}
	}
	return out
}

// consultation is a customer who talks with bob, and bob's call to carol meanwhile.
func consultation(t *testing.T, r *rig) (customer, b *dialog, bob *phone, id string) {
	t.Helper()
	guest, carol := r.phone("guest"), r.phone("carol")
	bob = r.phone("bob")
	customer = guest.call("100", guest.sdp("0"))
	b = bob.rings()
	b.accept(bob.sdp("0"))
	customer.answered()
	r.notes.saw(t, "call.answer")
	id = r.m.Calls()[0].ID
	hold(b, "a=sendonly")
	k := bob.call("104", bob.sdp("0"))
	c := carol.rings()
	c.accept(carol.sdp("0"))
	k.answered()
	own := carol.call("200", carol.sdp("0")) // who is asked has no customer
	own.answered()
	own.hangup()
	k.hangup()
	c.gone()
	hold(b, "a=sendrecv")
	return customer, b, bob, id
}

// hold offers a direction from a phone in its dialog.
func hold(b *dialog, direction string) {
	b.p.t.Helper()
	b.request("INVITE", b.p.sdp("0", direction))
	b.p.expect("200 INVITE")
	b.request("ACK", "")
}

// A call that an agent places while she has a customer belongs to the customer's; the customer's own, and that of whoever is
// asked, belong to none. It makes no difference whether people.yaml knows whose phone it is.
func TestAConsultNamesTheCustomersCall(t *testing.T) {
	for name, people := range map[string]map[string]string{"an agent": {"bob": "robert"}, "nobody's phone": nil} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.phones.belong(people)
			customer, b, _, id := consultation(t, r)
			customer.hangup()
			b.gone()
			got := r.notes.parents(t)
			if len(got) != 3 || got["104"] != id || got["100"] != "" || got["200"] != "" {
				t.Errorf("the parents are %v, want 104 to belong to %s alone", got, id)
			}
		})
	}
}

// Who has handed her customer on consults nobody about her.
func TestNoConsultAfterATransfer(t *testing.T) {
	r := newRig(t)
	r.phones.belong(map[string]string{"bob": "robert"})
	customer, b, bob, id := consultation(t, r)
	if err := r.m.Transfer(t.Context(), Talker{Call: id, Agent: "robert"}, Handover{Context: inPhones, Exten: "205"}); err != nil {
		t.Fatal(err)
	}
	b.gone()
	after := bob.call("202", bob.sdp("0"))
	after.failed("486")
	customer.hangup()
	if got := r.notes.parents(t); len(got) != 4 || got["202"] != "" {
		t.Errorf("the parents are %v, want none for 202", got)
	}
	r.m.mu.RLock()
	defer r.m.mu.RUnlock()
	if len(r.m.served) > 0 {
		t.Errorf("still served: %v", r.m.served)
	}
}
