package acd

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ringway/store"
)

const propertyQueues = `queues:
  a:
    members: "role == 'agent'"
    max_wait: 3m
    max_length: 8
    leave_empty: leave
    announce: {position: true, every: 20s}
    dispositions: {required: true, items: [{code: x, items: [y, z]}, w]}
    steps:
      - {after: 0s, want: "speaks(agent, caller.language) >= 3"}
      - {after: 15s, want: "speaks(agent, caller.language) >= 1"}
      - {after: 45s, want: "true"}
  b: {members: "id in ['p1', 'p2', 'p3']", ring: all, wrap_up: 0s, rank: round_robin, join_empty: refuse}
  c:
    require_shift: true
    offer: preview
    rank: random
    steps: [{after: 0s, want: "zone_gap(agent, caller.zone) < 600"}, {after: 30s, want: "on_shift(agent)"}]
`

func propertyPeople(n int) string {
	var b strings.Builder
	b.WriteString("people:\n")
	langs := []string{"{zh-TW: 5, en: 1}", "{en: 4}", "{ja: 3, en: 2}"}
	zones := []string{"Asia/Taipei", "Europe/London", "America/New_York"}
	for i := range n {
		fmt.Fprintf(&b, "  - {id: p%d, languages: %s, zone: %s, phones: [a%d], robot: %t, shifts: [{days: mon-sun, hours: \"0%d:00-1%d:30\"}]}\n", i, langs[i%3], zones[i%3], i, i%5 == 4, i%9, i%9)
	}
	return b.String()
}

// crowd draws inputs that are mostly possible: it remembers what Step asked for.
type crowd struct {
	d       *desk
	visits  []string
	offers  []string
	legs    []string
	gone    map[string]bool // callers who left: I3
	talked  map[string]bool // calls that ended after a conversation in queue a, with their agents: a disposition is due
	said    map[string]bool // dispositions on record
	pages   map[string]bool // agents with a desk open
	counter int
	specs   []*Spec
}

func newCrowd(t tester) *crowd {
	c := &crowd{d: newDesk(t, "", ""), gone: map[string]bool{}, talked: map[string]bool{}, said: map[string]bool{}, pages: map[string]bool{}}
	c.specs = []*Spec{mustLoad(t, propertyQueues, propertyPeople(7)), mustLoad(t, propertyQueues, propertyPeople(5)),
		mustLoad(t, strings.Replace(propertyQueues, "  b:", "  d:", 1), propertyPeople(7))}
	c.feed(Apply{c.specs[0]})
	return c
}

func (c *crowd) feed(in Input) {
	switch in := in.(type) {
	case Leave:
		c.gone[in.Visit] = true
	case DeskOpen:
		c.pages[in.Agent] = in.Open
	}
	out := c.d.step(in)
	for id := range c.pages { // who is not on the roster has no desk, and opens it anew when she is back
		if c.d.s.byID[id] == nil {
			delete(c.pages, id)
		}
	}
	for _, o := range out {
		switch o := o.(type) {
		case OfferOut:
			if c.gone[o.Visit] {
				c.d.t.Fatalf("I3: %s was offered after leaving", o.Visit)
			}
			for _, f := range o.Offers {
				c.offers = append(c.offers, f.ID)
				if len(f.Accounts) == 0 {
					c.d.t.Fatalf("offer %s has no phone to ring", f.ID)
				}
				if want := c.d.s.offers[f.ID].queue.Offer == PreviewMode && c.pages[f.Agent]; want != (f.Mode == PreviewMode) {
					c.d.t.Fatalf("offer %s is made by %s, with a desk open: %t", f.ID, f.Mode, c.pages[f.Agent])
				}
			}
		case Result:
			if o.Result != store.Connected {
				c.gone[o.Visit] = true
			}
		case Record:
			c.record(o)
		}
	}
}

func (c *crowd) record(r Record) {
	if e := r.Event; e != nil && e.Queue == "a" {
		switch e.Kind {
		case store.VisitEnd:
			c.talked[e.Call+" "+e.Agent] = true
		case store.CallDisposition:
			c.said[e.Call+" "+e.Agent] = true
		}
	}
	if d := r.Decision; d != nil {
		people := d.Eligible
		for _, x := range d.Removed {
			people += x.Count
		}
		if want := len(c.d.s.spec.People); people != want {
			c.d.t.Fatalf("decision %s accounts for %d of %d people: %+v", d.ID, people, want, d.Removed)
		}
		if b, _ := json.Marshal(d); len(b) > 4096 {
			c.d.t.Fatalf("decision of %d bytes", len(b))
		}
	}
}

func pick(t *rapid.T, list []string, label string) string {
	if len(list) == 0 {
		return "none"
	}
	recent := list[max(0, len(list)-12):]
	return recent[rapid.IntRange(0, len(recent)-1).Draw(t, label)]
}

func (c *crowd) agent(t *rapid.T) int { return rapid.IntRange(0, 6).Draw(t, "agent") }

func (c *crowd) act(t *rapid.T) {
	c.counter++
	c.d.now = c.d.now.Add(time.Duration(rapid.SampledFrom([]int{0, 0, 1, 500, 3000, 21000}).Draw(t, "ms")) * time.Millisecond)
	id := fmt.Sprintf("p%d", c.agent(t))
	account := "a" + id[1:]
	queue := rapid.SampledFrom([]string{"a", "b", "c", ""}).Draw(t, "queue")
	switch rapid.IntRange(0, 25).Draw(t, "kind") {
	case 0, 1, 2, 3:
		v := fmt.Sprintf("v%d", c.counter)
		c.visits = append(c.visits, v)
		c.feed(Enter{Visit: v, Call: "c" + v, Queue: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "q"), Profile: store.Profile{
			Language: rapid.SampledFrom([]string{"", "zh-TW", "en", "ja", "fr"}).Draw(t, "lang"), Zone: rapid.SampledFrom([]string{"", "Asia/Tokyo"}).Draw(t, "zone"),
			Priority: time.Duration(rapid.IntRange(0, 30).Draw(t, "prio")) * time.Second}})
	case 4, 5:
		c.feed(Command{Agent: id, Verb: Join, Queue: queue})
	case 6:
		c.feed(Command{Agent: id, Verb: rapid.SampledFrom([]Verb{LeaveVerb, Pause, Resume, Resume, Undesk}).Draw(t, "verb"), Queue: queue, Reason: "r", Page: queue == "b"})
	case 7, 8:
		c.feed(Phone{Account: account, Registered: rapid.IntRange(0, 4).Draw(t, "up") > 0})
	case 9:
		c.feed(Leave{Visit: pick(t, c.visits, "visit"), Reason: store.Abandoned})
	case 10, 11:
		c.feed(OfferRinging{Offer: pick(t, c.offers, "offer")})
	case 12, 13, 14, 15:
		c.result(t)
	case 16:
		leg := fmt.Sprintf("l%d", c.counter)
		c.legs = append(c.legs, leg)
		c.feed(LegUp{Account: account, Leg: leg, Call: rapid.SampledFrom([]string{"x", "c" + pick(t, c.visits, "call")}).Draw(t, "which"), Outgoing: queue == "", Queue: map[bool]string{true: "a"}[queue == "c"]})
	case 17, 18:
		c.feed(LegDown{Leg: pick(t, c.legs, "leg")})
	case 19:
		c.feed(LegHeld{Leg: pick(t, c.legs, "leg"), Held: queue == "a"})
	case 20:
		c.feed(rapid.SampledFrom([]Input{WrapUpDone{Agent: id}, Prioritise{Visit: pick(t, c.visits, "visit"), Priority: time.Minute}, Tick{},
			Command{Agent: id, Verb: Desk, Account: "desk1"}, Phone{Account: "desk1", Registered: true}}).Draw(t, "other"))
	case 22:
		c.feed(DeskOpen{Agent: id, Open: rapid.IntRange(0, 2).Draw(t, "open") > 0})
	case 23, 24:
		c.feed(DeskAnswer{Offer: pick(t, c.offers, "offer"), Act: rapid.SampledFrom([]store.DeskAct{store.DeskShown, store.DeskAccepted, store.DeskDeclined,
			store.DeskClosed}).Draw(t, "act"), Reason: "tea"})
	case 25:
		c.feed(Command{Agent: id, Verb: rapid.SampledFrom([]Verb{EndWrapUp, ExtendWrapUp, Dispose}).Draw(t, "after"), By: time.Minute,
			Call: "c" + pick(t, c.visits, "call"), Queue: queue, Code: "x", Sub: "y"})
	case 21:
		if rapid.IntRange(0, 9).Draw(t, "reload") == 0 {
			c.feed(Apply{c.specs[rapid.IntRange(0, 2).Draw(t, "spec")]})
		}
	}
}

func (c *crowd) result(t *rapid.T) {
	in := OfferResult{Offer: pick(t, c.offers, "offer"), Outcome: rapid.SampledFrom([]store.OfferOutcome{store.Answered, store.Answered, store.Answered,
		store.Declined, store.Busy, store.NoAnswer, store.OfferUnreachable, store.MediaFailed}).Draw(t, "outcome")}
	if in.Outcome == store.Answered && rapid.Bool().Draw(t, "with leg") {
		in.Leg = fmt.Sprintf("l%d", c.counter)
		c.legs = append(c.legs, in.Leg)
	}
	c.feed(in)
}

// TestInvariantsHoldAfterEveryInput feeds random inputs, checks I1–I7 after each, and feeds them back: a replay gives
// identical outputs.
func TestInvariantsHoldAfterEveryInput(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := newCrowd(rt)
		for range rapid.IntRange(50, 400).Draw(rt, "inputs") {
			c.act(rt)
		}
		replay(rt, c.d.inputs)
		c.drain()
	})
}

func replay(t tester, inputs []timed) {
	t.Helper()
	one, two := NewState(1), NewState(1)
	for _, in := range inputs {
		if a, b := dump(Step(in.at, one, in.in)), dump(Step(in.at, two, in.in)); a != b {
			t.Fatalf("a replay differs at %#v:\n%s\n%s", in.in, a, b)
		}
	}
}

func dump(out []Output) string {
	b, err := json.Marshal(out)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// drain ends every call: afterwards no offer, dialog, visit or timer of theirs is left, and nobody is stuck in a state.
func (c *crowd) drain() {
	for _, l := range c.legs {
		c.feed(LegDown{Leg: l})
	}
	for _, v := range c.visits {
		c.feed(Leave{Visit: v, Reason: store.Abandoned})
	}
	until := c.d.now.Add(7 * time.Minute) // a wrap-up may be extended by five
	for next := c.d.s.timers.next(); !next.IsZero() && !next.After(until); next = c.d.s.timers.next() {
		c.d.now = next
		c.feed(Tick{})
	}
	c.d.now = until
	s := c.d.s
	if len(s.visits)+len(s.offers)+len(s.legs) > 0 {
		c.d.t.Fatalf("%d visits, %d offers and %d dialogs are left", len(s.visits), len(s.offers), len(s.legs))
	}
	for _, a := range s.agents {
		if slices.Contains([]store.AgentBucket{store.Reserved, store.Ringing, store.Talk, store.Hold, store.Consult, store.Outbound, store.WrapUp}, a.bucket) {
			c.d.t.Fatalf("%s is stuck in %s", a.id(), a.bucket)
		}
	}
	for call := range c.talked {
		if !c.said[call] {
			c.d.t.Fatalf("nothing is on record of what call and agent %s were about", call)
		}
	}
	for _, t := range s.timers.heap {
		if _, clock := t.fire.(clockDue); !clock {
			c.d.t.Fatalf("a timer is left: %#v", t.fire)
		}
	}
}
