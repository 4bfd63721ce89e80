package monitor_test

import (
	"strings"
	"testing"
	"time"

	"ringway/store"
	"ringway/store/storetest/monitor"
)

var t0 = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// tape plays a stream of events to a monitor: "10 offer.start v1.1 v1 mei" is an offer at 10 s.
type tape struct {
	t *testing.T
	m *monitor.Monitor
}

func newTape(t *testing.T) *tape {
	return &tape{t, monitor.New(monitor.Options{
		Queues: map[string]monitor.Queue{"help": {WrapUp: 10 * time.Second, DeclinedRest: 5 * time.Second, DeclinedCaller: time.Minute}},
		Twins:  map[string]string{"mei": "twins", "wei": "twins"},
		Wants:  func(agent string, _ store.Visit, step int) bool { return agent != "tom" || step > 0 },
	})}
}

// play feeds lines of: seconds kind words…, the words as each kind has them.
func (p *tape) play(script string) *tape {
	p.t.Helper()
	for line := range strings.Lines(script) {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		d, err := time.ParseDuration(f[0] + "s")
		if err != nil {
			p.t.Fatal(err)
		}
		at, word := t0.Add(d), func(i int) string {
			if i < len(f) {
				return f[i]
			}
			return ""
		}
		e := store.Event{At: at, Kind: store.EventKind(f[1]), Call: "c" + strings.TrimLeft(word(2), "vcl"), Queue: "help"}
		if i := strings.IndexByte(e.Call, '.'); i > 0 {
			e.Call = e.Call[:i]
		}
		switch subject, _, _ := strings.Cut(f[1], "."); subject {
		case "row": // row v1 result
			p.m.Observe(store.Record{Visit: &store.Visit{ID: word(2), Call: e.Call, Queue: "help", Enter: at, Result: store.VisitResult(word(3))}})
			continue
		case "call":
		case "leg": // leg.start l1 in|out agent
			e.Leg, e.State, e.Agent = word(2)+word(3), word(3), word(4)
		case "visit": // visit.enter v1 state offer agent
			e.Visit, e.State, e.Offer, e.Agent = word(2), word(3), word(4), word(5)
		case "offer": // offer.start v1.1 state agent
			e.Offer, e.State, e.Agent = word(2), word(3), word(4)
			e.Visit, _, _ = strings.Cut(e.Offer, ".")
		case "agent": // agent.state mei state call
			e.Call, e.Agent, e.State = word(4), word(2), word(3)
		}
		p.m.Observe(store.Record{Event: &e})
	}
	return p
}

// ready brings agents to work.
func (p *tape) ready(agents ...string) *tape {
	for _, a := range agents {
		p.play("0 agent.queue " + a + " join\n0 agent.state " + a + " available")
	}
	return p
}

// conversation is one call as it should be, from the caller's INVITE to the end of wrap-up.
const conversation = `
	1 call.start c1
	1 leg.start l1 in
	1.1 leg.answer l1 in
	1.1 call.answer c1
	1.2 visit.enter v1
	1.2 row v1
	1.2 offer.start v1.1 - mei
	1.2 agent.state mei reserved c1
	1.3 leg.start l1 out mei
	1.4 offer.ringing v1.1 - mei
	1.4 agent.state mei ringing c1
	2 leg.answer l1 out mei
	2.1 offer.end v1.1 answered mei
	2.1 visit.connect v1 - v1.1 mei
	2.1 row v1 connected
	2.1 agent.state mei talk c1
	9 leg.end l1 out mei
	9 visit.end v1 - v1.1 mei
	9 row v1 connected
	9 agent.state mei wrap_up
	9 leg.end l1 in
	9.1 call.end c1
	19 agent.state mei available`

// ownCalls are a call of somebody who is not logged in, and one during which mei logs out.
const ownCalls = `
	20 call.start c2
	20 leg.start l2 out ken
	21 leg.answer l2 out ken
	29 leg.end l2 out ken
	29 call.end c2
	30 call.start c3
	30 leg.start l3 in mei
	30 agent.state mei outbound c3
	31 leg.answer l3 in mei
	32 agent.state mei offline
	39 leg.end l3 in mei
	39 call.end c3`

func TestSilentWhenAllIsWell(t *testing.T) {
	p := newTape(t).ready("mei", "wei").play(conversation).play(ownCalls)
	for _, v := range p.m.Finish() {
		t.Error(v)
	}
}

func TestEachInvariantHasAVoice(t *testing.T) {
	const waiting = "1 call.start c%\n1 visit.enter v%\n1 row v%\n"
	caller := func(n string) string { return strings.ReplaceAll(waiting, "%", n) }
	for name, c := range map[string]struct{ invariant, text, script string }{
		"a call ends twice":             {"I1", "ends out of turn", "1 call.start c1\n2 call.end c1\n2 call.end c1"},
		"a call never ends":             {"I1", "never ended", "1 call.start c1"},
		"a leg outlives its call":       {"I1", "leg l1in of call c1 never ended", "1 call.start c1\n1 leg.start l1 in\n2 call.end c1"},
		"a visit is left twice":         {"I1", "not open", caller("1") + "2 visit.leave v1 abandoned\n3 visit.leave v1 timeout"},
		"connected without an answer":   {"I1", "did not answer", caller("1") + "2 visit.connect v1 - v1.1 mei"},
		"two offers at once":            {"I2", "while she has v1.1", caller("1") + caller("2") + "2 offer.start v1.1 - mei\n2 offer.start v2.1 - mei"},
		"talk without a dialog":         {"I2", "without a dialog", "1 agent.state mei talk c1\n5 agent.state mei available"},
		"a dialog without being busy":   {"I2", "she is not busy", "1 call.start c1\n1 leg.start l1 out mei\n2 leg.answer l1 out mei\n9 leg.end l1 out mei\n9 call.end c1"},
		"an offer after the goodbye":    {"I3", "after the caller left", caller("1") + "1 leg.start l1 in\n2 leg.end l1 in\n3 offer.start v1.1 - mei"},
		"an offer withdrawn late":       {"I3", "is withdrawn", caller("1") + "1 leg.start l1 in\n1 offer.start v1.1 - mei\n2 leg.end l1 in\n2.5 offer.end v1.1 caller_left mei"},
		"an offer for nobody":           {"I3", "does not wait", caller("1") + "2 visit.leave v1 abandoned\n3 offer.start v1.1 - mei"},
		"the later caller first":        {"I4", "v1 is alike", caller("1") + "2 call.start c2\n2 visit.enter v2\n2 row v2\n3 offer.start v2.1 - mei"},
		"the busier twin first":         {"I5", "wei is idle", "1 agent.state mei not_ready\n2 agent.state mei available\n" + caller("1") + "3 offer.start v1.1 - mei"},
		"idle beside a waiting caller":  {"I6", "waits for", caller("1") + "4 visit.leave v1 abandoned"},
		"no rest in wrap-up":            {"I7", "while she is wrap_up", caller("1") + "1 agent.state mei wrap_up\n2 offer.start v1.1 - mei"},
		"wrap-up cut short":             {"I7", "before her wrap-up ends", caller("1") + "1 agent.state mei wrap_up\n1.5 agent.state mei available\n2 offer.start v1.1 - mei"},
		"no pause":                      {"I7", "while she is not_ready", caller("1") + "1 agent.state mei not_ready\n2 offer.start v1.1 - mei"},
		"no rest after a miss":          {"I7", "before her rest ends", caller("1") + "1 offer.start v1.1 - mei\n1.5 offer.end v1.1 declined mei\n2 agent.state mei available\n2 offer.start v1.2 - mei"},
		"rows that say something else":  {"I8", "its events say", caller("1") + "2 visit.leave v1 abandoned\n2 row v1 timeout"},
		"a row that was never finished": {"I8", "1 offered, but 0 answered", caller("1") + "2 visit.leave v1 abandoned"},
	} {
		t.Run(name, func(t *testing.T) {
			found := newTape(t).ready("mei", "wei").play(c.script).m.Finish()
			for _, v := range found {
				if v.Invariant == c.invariant && strings.Contains(v.Text, c.text) {
					return
				}
			}
			t.Errorf("no %s with %q among %v", c.invariant, c.text, found)
		})
	}
}

func TestWhoIsNotWantedMayIdle(t *testing.T) {
	p := newTape(t).ready("tom").play(`
		1 call.start c1
		1 visit.enter v1
		1 row v1
		5 visit.step v1 1
		6.1 visit.leave v1 abandoned
		6.1 row v1 abandoned
		6.2 call.end c1`)
	for _, v := range p.m.Finish() {
		t.Error(v)
	}
}
