package ledger_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"ringway/store"
	"ringway/store/ledger"
)

var t0 = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func at(seconds int) time.Time { return t0.Add(time.Duration(seconds) * time.Second) }

// parse reads a log of lines "SECOND KIND key=value…". Keys are call, leg, visit, offer, queue, agent, state, reason, boot
// and those of Data.
func parse(t *testing.T, text string) []store.Event {
	t.Helper()
	var out []store.Event
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		f := strings.Fields(line)
		second, err := strconv.ParseFloat(f[0], 64)
		if err != nil {
			t.Fatalf("line %q: %v", line, err)
		}
		e := store.Event{Node: "n1", Boot: "b1", Seq: uint64(i + 1), At: t0.Add(time.Duration(second * float64(time.Second))),
			Kind: store.EventKind(f[1]), Data: map[string]string{}}
		places := map[string]*string{"call": &e.Call, "leg": &e.Leg, "visit": &e.Visit, "offer": &e.Offer, "queue": &e.Queue,
			"agent": &e.Agent, "state": &e.State, "reason": &e.Reason, "boot": &e.Boot}
		for _, pair := range f[2:] {
			k, v, _ := strings.Cut(pair, "=")
			if p := places[k]; p != nil {
				*p = v
			} else {
				e.Data[k] = v
			}
		}
		out = append(out, e)
	}
	return out
}

// tell prints segments as "bucket seconds".
func tellCall(b *ledger.Books, call string) string {
	var out []string
	for _, s := range b.Calls {
		if s.Call == call {
			out = append(out, fmt.Sprintf("%s %g", s.Bucket, s.End.Sub(s.Start).Seconds()))
		}
	}
	return strings.Join(out, ", ")
}

func tellAgent(b *ledger.Books, agent string) string {
	var out []string
	for _, s := range b.Agents {
		if s.Agent == agent {
			out = append(out, fmt.Sprintf("%s %g", s.Bucket, s.End.Sub(s.Start).Seconds()))
		}
	}
	return strings.Join(out, ", ")
}

const oneCall = `
0 call.start call=c1 state=customer
0 leg.start call=c1 leg=a state=in
2 call.answer call=c1
10 visit.enter call=c1 visit=v1 queue=support
12 offer.start call=c1 visit=v1 offer=v1.1 queue=support agent=ken
13 offer.ringing call=c1 visit=v1 offer=v1.1 queue=support agent=ken
20 offer.end call=c1 visit=v1 offer=v1.1 queue=support agent=ken state=declined
21 offer.start call=c1 visit=v1 offer=v1.2 queue=support agent=mei
22 leg.start call=c1 leg=b state=out agent=mei offer=v1.2
22 offer.ringing call=c1 visit=v1 offer=v1.2 queue=support agent=mei
25 leg.answer call=c1 leg=b agent=mei offer=v1.2
25 offer.end call=c1 visit=v1 offer=v1.2 queue=support agent=mei state=answered
25 visit.connect call=c1 visit=v1 offer=v1.2 queue=support agent=mei
40 leg.hold call=c1 leg=a
45 leg.resume call=c1 leg=a
50 leg.hold call=c1 leg=b agent=mei
55 call.start call=k1 state=internal parent=c1
65 call.end call=k1 state=answered
70 leg.resume call=c1 leg=b agent=mei
90 visit.end call=c1 visit=v1 queue=support agent=mei
90 leg.end call=c1 leg=b agent=mei
99 call.end call=c1 state=answered
`

func TestEverySecondOfACallIsInOneBucket(t *testing.T) {
	events := parse(t, oneCall)
	b := ledger.Build(events, at(1000))
	want := "setup 2, ivr 8, queue 3, ringing 7, queue 2, ringing 3, talk 25, hold 5, consult 10, hold 5, talk 20, after 9"
	if got := tellCall(b, "c1"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	v := b.Visits[0]
	if v.Wait(at(1000)) != 15*time.Second || !v.Within() || v.Result != store.Connected || v.Agent != "mei" {
		t.Errorf("visit %+v", v)
	}
	// the books of any earlier instant are a prefix
	if got := tellCall(ledger.Build(events, at(30)), "c1"); got != "setup 2, ivr 8, queue 3, ringing 7, queue 2, ringing 3, talk 5" {
		t.Errorf("as of 30 s: %s", got)
	}
}

func TestCallsWithoutAQueue(t *testing.T) {
	b := ledger.Build(parse(t, `
0 call.start call=c1 state=internal
0 leg.start call=c1 leg=a state=in agent=mei
0 call.kind call=c1 state=service
1 call.kind call=c1 state=outgoing
1 leg.start call=c1 leg=b state=out
3 leg.ringing call=c1 leg=b
9 leg.answer call=c1 leg=b
9 call.answer call=c1
20 leg.hold call=c1 leg=a agent=mei
26 leg.resume call=c1 leg=a agent=mei
30 leg.end call=c1 leg=b
31 call.end call=c1 state=answered
0 call.start call=c2 state=customer
5 call.end call=c2 state=canceled
`), at(100))
	if got := tellCall(b, "c1"); got != "setup 3, ringing 6, talk 11, hold 6, talk 4, after 1" {
		t.Errorf("outgoing: %s", got)
	}
	if got := tellCall(b, "c2"); got != "setup 5" {
		t.Errorf("cancelled: %s", got)
	}
	if b.Rows[0].Agent != "mei" || b.Rows[0].Kind != store.Outgoing {
		t.Errorf("%s call placed by %q", b.Rows[0].Kind, b.Rows[0].Agent)
	}
	for _, s := range b.Calls {
		if s.Call == "c1" && s.Kind != store.Outgoing { // the whole of it, as it turned out
			t.Errorf("%+v", s)
		}
	}
}

func TestEverySecondOfAnAgentIsInOneBucket(t *testing.T) {
	b := ledger.Build(parse(t, `
0 node.start
1 agent.state agent=mei state=unreachable
4 agent.state agent=mei state=available
9 agent.state agent=mei state=not_ready reason=lunch
12 agent.state agent=mei state=available
20 node.stop
50 node.start boot=b2
60 agent.state agent=mei state=unreachable boot=b2
70 agent.state agent=mei state=available boot=b2
75 user.event boot=b2
90 node.start boot=b3
95 agent.state agent=mei state=wrap_up boot=b3
`), at(100))
	// b2 was killed: what it knew ends with its last event
	want := "unreachable 3, available 5, not_ready 3, available 8, offline 40, unreachable 10, available 5, offline 20, wrap_up 5"
	if got := tellAgent(b, "mei"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestLateEventsChangeTheBooksAsIfTheyHadComeInTime(t *testing.T) {
	events := parse(t, oneCall)
	want := tellCall(ledger.Build(events, at(1000)), "c1")
	for shift := range events {
		late := append(append([]store.Event{}, events[shift:]...), events[:shift]...)
		late = append(late, events[shift]) // and one of them twice
		if got := tellCall(ledger.Build(late, at(1000)), "c1"); got != want {
			t.Fatalf("events from %d on came first: %s", shift, got)
		}
	}
}

// value finds a figure by name.
func value(t *testing.T, figures []ledger.Figure, name string) float64 {
	t.Helper()
	for _, f := range figures {
		if f.Name == name {
			if !f.Known {
				t.Fatalf("%s has no value", name)
			}
			return f.Value
		}
	}
	t.Fatalf("no figure %s", name)
	return 0
}

func TestServiceLevelFormulas(t *testing.T) {
	// 70 answered in time, 10 abandoned in time, 20 answered late
	figures := ledger.ServiceLevels(ledger.Visits{Answered: 90, AnsweredWithin: 70, Abandoned: 10, AbandonedWithin: 10})
	for name, want := range map[string]float64{
		"service_level_ignore": 77.8, "service_level_negative": 70, "service_level_positive": 80,
		"service_level": 70, "service_level_answered": 77.8, "service_level_left": 80,
	} {
		if got := value(t, figures, name); fmt.Sprintf("%.1f", got) != fmt.Sprintf("%.1f", want) {
			t.Errorf("%s is %.1f, want %.1f", name, got, want)
		}
	}
	short := ledger.Visits{Answered: 8, AnsweredWithin: 6, Abandoned: 4, AbandonedWithin: 4, Short: 2, ShortWithin: 2, FlowOut: 3, FlowOutWithin: 1, Waiting: 5}
	if short.Offered() != 20 {
		t.Errorf("offered %d", short.Offered())
	}
	figures = ledger.ServiceLevels(short)
	for name, want := range map[string]float64{"service_level": 60, "service_level_left": 55, "service_level_negative": 30} {
		if got := value(t, figures, name); got != want {
			t.Errorf("%s is %g, want %g", name, got, want)
		}
	}
	for _, f := range ledger.ServiceLevels(ledger.Visits{}) {
		if f.Known {
			t.Errorf("%s of nothing is %g", f.Name, f.Value)
		}
	}
}

func TestATalkOverMidnightIsSplitExactlyAndHandledOnce(t *testing.T) {
	b := ledger.Build(parse(t, oneCall), at(1000))
	first, second := ledger.Span{From: at(-100), To: at(60)}, ledger.Span{From: at(60), To: at(500)}
	talk := func(s ledger.Span) (time, handled, aht float64) {
		q := b.QueueTallies(s)[0]
		f := q.Figures()
		a := 0.0
		if q.Work.Handled > 0 {
			a = value(t, f, "aht")
		}
		return value(t, f, "talk_time") + value(t, f, "hold_time"), value(t, f, "handled"), a
	}
	t1, h1, aht := talk(first)
	t2, h2, _ := talk(second)
	if t1 != 35 || t2 != 30 || h1 != 1 || h2 != 0 || aht != 65 {
		t.Errorf("before midnight %g s of %g conversations (AHT %g), after it %g s of %g", t1, h1, aht, t2, h2)
	}
}

func TestRONAIsNotTheCallersFaultNorAnotherAgents(t *testing.T) {
	o := ledger.Offers{Made: 12, Open: 1, By: map[store.OfferOutcome]int{store.Answered: 3, store.Declined: 1, store.Busy: 1,
		store.NoAnswer: 2, store.OfferUnreachable: 1, store.CallerLeft: 2, store.LostRace: 1}}
	if got := o.RONA(); got != 5 {
		t.Errorf("RONA %d, want 5", got)
	}
}

// The phones of the field place a consult as a call of its own, which names no parent.
func TestAConsultIsKnownByTheAgentsState(t *testing.T) {
	b := ledger.Build(parse(t, `
0 call.start call=a state=customer
0 visit.enter call=a visit=v queue=help
0 leg.start call=a leg=b state=out agent=mei offer=o
10 leg.answer call=a leg=b agent=mei offer=o
10 visit.connect call=a visit=v queue=help agent=mei
10 agent.state agent=mei state=talk call=a queue=help
30 leg.hold call=a leg=b agent=mei
30 agent.state agent=mei state=hold call=a queue=help
35 call.start call=k state=internal agent=mei
35 agent.state agent=mei state=consult call=a queue=help
55 call.end call=k state=answered
55 agent.state agent=mei state=hold call=a queue=help
60 leg.resume call=a leg=b agent=mei
60 agent.state agent=mei state=talk call=a queue=help
70 leg.hold call=a leg=b agent=mei
70 agent.state agent=mei state=consult call=a queue=help
80 visit.end call=a visit=v queue=help agent=mei reason=transfer_attended
80 leg.end call=a leg=b agent=mei
80 agent.state agent=mei state=wrap_up call=a queue=help
80 visit.enter call=a visit=w queue=more state=transfer
90 visit.connect call=a visit=w queue=more agent=ken
90 leg.start call=a leg=c state=out agent=ken offer=p
95 leg.hold call=a leg=c agent=ken
99 visit.end call=a visit=w queue=more agent=ken
99 call.end call=a state=answered
`), at(100))
	if got, want := tellCall(b, "a"), "queue 10, talk 20, hold 5, consult 20, hold 5, talk 10, consult 10, queue 10, talk 5, hold 4"; got != want {
		t.Errorf("the call went through %s, want %s", got, want)
	}
}

// A crash ends a call at the call's own last event; the run went on until its last one. Queue and agents tell of one talk.
func TestACrashedTalkIsAsLongForTheAgentAsForTheQueue(t *testing.T) {
	events := parse(t, `
0 agent.state agent=mei state=available
0 agent.state agent=ken state=available
10 call.start call=a state=customer
10 visit.enter call=a visit=v queue=help
20 visit.connect call=a visit=v queue=help agent=mei
20 agent.state agent=mei state=talk call=a queue=help
90 agent.state agent=ken state=not_ready reason=lunch
`)
	closer := ledger.Closer{Last: func(string, string) (uint64, error) { return uint64(len(events)), nil }}
	var call []store.Event
	for _, e := range events {
		if e.Call == "a" {
			call = append(call, e)
		}
	}
	closing, err := closer.Interrupted("a", call)
	if err != nil {
		t.Fatal(err)
	}
	again := store.Event{Node: events[0].Node, Boot: "another", Seq: 1, At: at(600), Kind: store.NodeStart}
	for _, all := range [][]store.Event{append(events, closing...), append(append(events, closing...), again)} {
		b := ledger.Build(all, at(900))
		if mei := tellAgent(b, "mei"); mei != "available 20, offline 880" {
			t.Errorf("mei: %s", mei)
		}
		hour := ledger.Span{From: at(0), To: at(3600)}
		for _, a := range b.AgentTallies(hour) {
			if a.Agent == "mei" && a.Time[store.Talk] != b.QueueTallies(hour)[0].Time[ledger.Talk] {
				t.Errorf("talk is %s for the agent, %s for the queue", a.Time[store.Talk], b.QueueTallies(hour)[0].Time[ledger.Talk])
			}
		}
	}
}
