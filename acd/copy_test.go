package acd

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"ringway/store"
)

// asked are the outputs of a step but the wake-ups, of which a copy has had none yet.
func asked(out []Output) string {
	kept := []Output{}
	for _, o := range out {
		if _, wake := o.(Wake); !wake {
			kept = append(kept, o)
		}
	}
	return dump(kept)
}

// TestACopyDoesAsTheOriginal: whatever state the queues are in, a copy does what they do from there, at the same time or at another
// one, and they know nothing of it.
func TestACopyDoesAsTheOriginal(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := newCrowd(rt)
		for range rapid.IntRange(0, 200).Draw(rt, "before") {
			c.act(rt)
		}
		same := c.d.s.Copy(0)
		weeks := time.Duration(rapid.IntRange(-3, 0).Draw(rt, "weeks")) * 7 * 24 * time.Hour // no clock changes in between
		moved := c.d.s.Copy(weeks)
		for _, s := range []*State{same, moved} {
			if err := Check(s); err != nil {
				rt.Fatalf("a copy: %v", err)
			}
		}
		known := len(c.d.inputs)
		for range rapid.IntRange(1, 100).Draw(rt, "after") {
			c.act(rt)
		}
		for _, in := range c.d.inputs[known:] { // the copies first: the original has gone on already
			Step(in.at.Add(weeks), moved, in.in)
		}
		twin := NewState(1)
		for i, in := range c.d.inputs {
			want := asked(Step(in.at, twin, in.in))
			if i < known {
				continue
			}
			if got := asked(Step(in.at, same, in.in)); got != want {
				rt.Fatalf("after %#v a copy does\n%s\nand the original\n%s", in.in, got, want)
			}
		}
		want := c.d.s.Snapshot().Agents
		for i, a := range moved.Snapshot().Agents {
			if b := want[i]; a.ID != b.ID || a.State != b.State || a.Offer != b.Offer || !a.Since.Add(-weeks).Equal(b.Since) {
				rt.Fatalf("moved by %s: %+v, and here %+v", weeks, a, b)
			}
		}
	})
}

// TestAnewAnAgentHasDoneNothing: whatever an agent is in the middle of, nothing of it is left, and her caller waits on.
func TestAnewAnAgentHasDoneNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := newCrowd(rt)
		for range rapid.IntRange(0, 200).Draw(rt, "before") {
			c.act(rt)
		}
		s, id := c.d.s.Copy(0), "p1"
		Step(c.d.now, s, Restore{Anew: []string{id, "nobody"}})
		if err := Check(s); err != nil {
			rt.Fatal(err)
		}
		a := s.byID[id]
		if a == nil {
			return // a reload took her away
		}
		if a.bucket != store.Offline || len(a.legs)+len(a.joined) > 0 || a.offer != nil || a.wrap != (wrapUp{}) || !a.restUntil.IsZero() || a.paused || a.noReply || a.lost || a.desk != "" {
			rt.Fatalf("%+v", a)
		}
		for _, tie := range s.Ties() {
			if tie.Agent == id {
				rt.Fatalf("%+v", tie)
			}
		}
	})
}
