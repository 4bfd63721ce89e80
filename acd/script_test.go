package acd

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"ringway/config/diag"
	"ringway/store"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// epoch is a Monday, 09:00 in Taipei.
var epoch = time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)

// TestScripts feeds the inputs of testdata/acd/*.txt, lines that begin with "> ", and compares what follows them.
//
//	-- queues.yaml --      the specification that `apply` loads; `apply NAME` takes the section NAME.queues.yaml where there is one
//	-- people.yaml --
//	-- script --
//	> +20s enter v1 support lang=zh-TW       time passes, then an input
//	visit.enter v1 …                         outputs, rewritten by -update
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("../testdata/acd/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := runScript(t, string(src))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != string(src) {
				t.Errorf("differs from the golden file; run with -update and review:\n%s", firstDifference(string(src), got))
			}
		})
	}
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range w {
		if i >= len(g) || w[i] != g[i] {
			return fmt.Sprintf("line %d\nwant %s\ngot  %s", i+1, strings.Join(w[i:min(len(w), i+8)], "\n     "), strings.Join(g[min(i, len(g)):min(len(g), i+8)], "\n     "))
		}
	}
	return "more lines"
}

// tester is what *testing.T, *testing.B and *rapid.T have in common.
type tester interface {
	Helper()
	Error(...any)
	Fatal(...any)
	Fatalf(string, ...any)
	FailNow()
}

// desk is a state under test with its script language.
type desk struct {
	t        tester
	s        *State
	now      time.Time
	files    map[string]string
	inputs   []timed
	decision map[string]*store.Decision
	saved    map[string]store.AgentSaved
}

type timed struct {
	at time.Time
	in Input
}

func newDesk(t tester, queues, people string) *desk {
	return &desk{t: t, s: NewState(1), now: epoch, files: map[string]string{"queues.yaml": queues, "people.yaml": people},
		decision: map[string]*store.Decision{}, saved: map[string]store.AgentSaved{}}
}

func runScript(t tester, src string) string {
	d := newDesk(t, "", "")
	var out strings.Builder
	section := ""
	for _, line := range strings.Split(strings.TrimSuffix(src, "\n"), "\n") {
		if name, ok := strings.CutPrefix(line, "-- "); ok {
			section = strings.TrimSuffix(name, " --")
		} else if section != "script" {
			d.files[section] += line + "\n"
		} else if !strings.HasPrefix(line, "> ") && !strings.HasPrefix(line, "#") && line != "" {
			continue // output, made anew
		}
		out.WriteString(line + "\n")
		if section == "script" && strings.HasPrefix(line, "> ") {
			out.WriteString(d.do(line[2:]))
		}
	}
	return out.String()
}

func mustLoad(t tester, queues, people string) *Spec {
	t.Helper()
	var l diag.List
	spec := LoadSpec(File{"queues.yaml", []byte(queues)}, File{"people.yaml", []byte(people)}, &l)
	if l.HasErrors() {
		for _, f := range l.All() {
			t.Error(f)
		}
		t.FailNow()
	}
	return spec
}

// do runs one line of a script and returns its outputs as text. A line "+40s" lets time pass with a Tick at each wake.
func (d *desk) do(line string) string {
	d.t.Helper()
	words := strings.Fields(line)
	var text strings.Builder
	if after, ok := strings.CutPrefix(words[0], "+"); ok {
		pause, err := time.ParseDuration(after)
		if err != nil {
			d.t.Fatal(line, err)
		}
		text.WriteString(d.pass(pause))
		words = words[1:]
	}
	if len(words) == 0 {
		return text.String()
	}
	if words[0] == "show" {
		return text.String() + d.show(words[1])
	}
	if words[0] == "restart" { // after having been down for a while
		if len(words) > 1 {
			pause, _ := time.ParseDuration(words[1])
			d.now = d.now.Add(pause)
		}
		return text.String() + d.print(d.restart())
	}
	in := d.parse(words)
	if in == nil {
		d.t.Fatalf("unknown input %q", line)
	}
	text.WriteString(d.print(d.step(in)))
	return text.String()
}

// pass lets time pass as the router does: a Tick at each wake.
func (d *desk) pass(pause time.Duration) string {
	until := d.now.Add(pause)
	var text strings.Builder
	for next := d.s.timers.next(); !next.IsZero() && !next.After(until); next = d.s.timers.next() {
		if next.After(d.now) {
			d.now = next
		}
		text.WriteString(d.print(d.step(Tick{})))
	}
	d.now = until
	return text.String()
}

func (d *desk) step(in Input) []Output {
	d.t.Helper()
	d.inputs = append(d.inputs, timed{d.now, in})
	out := Step(d.now, d.s, in)
	if err := Check(d.s); err != nil {
		d.t.Fatalf("after %#v: %v", in, err)
	}
	for _, o := range out {
		r, ok := o.(Record)
		if ok && r.Decision != nil {
			d.decision[r.Decision.ID] = r.Decision
		}
		if ok && r.Agent != nil {
			d.saved[r.Agent.Agent] = *r.Agent
		}
	}
	return out
}

// restart kills the switch and starts another with what it saved.
func (d *desk) restart() []Output {
	spec := d.s.spec
	d.s = NewState(1)
	d.step(Apply{spec})
	var saved []store.AgentSaved
	for _, a := range d.saved {
		saved = append(saved, a)
	}
	return d.step(Restore{Agents: saved})
}

func (d *desk) parse(w []string) Input {
	args, opts := []string{}, map[string]string{}
	for _, x := range w[1:] {
		if k, v, ok := strings.Cut(x, "="); ok {
			opts[k] = v
		} else {
			args = append(args, x)
		}
	}
	for len(args) < 3 {
		args = append(args, "")
	}
	switch w[0] {
	case "apply":
		q, p := d.files[args[0]+".queues.yaml"], d.files[args[0]+".people.yaml"]
		if q == "" {
			q = d.files["queues.yaml"]
		}
		if p == "" {
			p = d.files["people.yaml"]
		}
		return Apply{mustLoad(d.t, q, p).WithVersion("v" + args[0])}
	case "enter":
		return Enter{Visit: args[0], Call: "c-" + args[0], Queue: args[1], Profile: profile(opts), ByTransfer: opts["transfer"] != ""}
	case "leave-queue":
		return Leave{Visit: args[0], Reason: store.VisitResult(args[1])}
	case "priority":
		p, _ := time.ParseDuration(args[1])
		return Prioritise{Visit: args[0], Priority: p}
	case "join", "leave", "pause", "resume", "desk", "undesk":
		return Command{ID: 1, Agent: args[0], Verb: Verb(w[0]), Queue: opts["queue"], Reason: opts["reason"], Account: opts["account"], Page: opts["at"] == "page"}
	case "page":
		return DeskOpen{Agent: args[0], Open: args[1] == "open"}
	case "at-desk":
		return DeskAnswer{Offer: args[0], Act: store.DeskAct(args[1]), Reason: opts["reason"]}
	case "end_wrap_up", "extend_wrap_up", "dispose":
		by, _ := time.ParseDuration(opts["by"])
		return Command{ID: 1, Agent: args[0], Verb: Verb(w[0]), By: by, Call: args[1], Queue: opts["queue"], Code: opts["code"], Sub: opts["sub"], Page: true}
	case "phone":
		return Phone{Account: args[0], Registered: args[1] == "up", Qualified: args[1] == "qualified"}
	case "up":
		return LegUp{Agent: args[0], Account: opts["account"], Leg: args[1], Call: args[2], Queue: opts["queue"], Outgoing: opts["outgoing"] != ""}
	case "hold", "unhold":
		return LegHeld{Leg: args[0], Held: w[0] == "hold"}
	case "down":
		return LegDown{Leg: args[0]}
	case "ringing":
		return OfferRinging{Offer: args[0]}
	case "result":
		n, _ := strconv.Atoi(opts["status"])
		return OfferResult{Offer: args[0], Outcome: store.OfferOutcome(args[1]), Status: n, Leg: opts["leg"]}
	case "wrapped":
		return WrapUpDone{Agent: args[0]}
	case "restore":
		return Restore{Agents: []store.AgentSaved{{Agent: args[0], State: store.AgentBucket(args[1]), Reason: opts["reason"],
			Queues: strings.Split(opts["queues"], ","), IdleSince: epoch.Add(-time.Hour), Account: opts["desk"], AtDesk: opts["at"] == "page"}}}
	case "restore-visit":
		return Restore{LastEvent: d.now.Add(-time.Minute), Visits: []store.Visit{{ID: args[0], Call: "c-" + args[0], Queue: args[1],
			Enter: d.now.Add(-time.Hour), Result: store.VisitResult(opts["result"])}}}
	}
	return nil
}

func profile(opts map[string]string) store.Profile {
	p := store.Profile{Language: opts["lang"], Region: opts["region"], Zone: opts["zone"]}
	p.Priority, _ = time.ParseDuration(opts["priority"])
	for _, s := range strings.Split(opts["skills"], ",") {
		if name, level, ok := strings.Cut(s, ":"); ok {
			if p.Skills == nil {
				p.Skills = map[string]int{}
			}
			p.Skills[name], _ = strconv.Atoi(level)
		}
	}
	return p
}

func (d *desk) print(out []Output) string {
	var b strings.Builder
	for _, o := range out {
		if text := d.printOne(o); text != "" {
			fmt.Fprintf(&b, "%6s  %s\n", d.now.Sub(epoch), text)
		}
	}
	return b.String()
}

func (d *desk) printOne(o Output) string {
	switch o := o.(type) {
	case OfferOut:
		text := fmt.Sprintf("RING %s for %s", o.RingTime, o.Visit)
		for _, f := range o.Offers {
			text += " | " + f.ID + " " + f.Agent
			for _, p := range f.Accounts {
				text += " " + p.Account
			}
			if f.Mode == PreviewMode {
				text += " after yes"
			}
		}
		return text
	case CancelOffer:
		return "CANCEL " + o.Offer + " " + string(o.Reason)
	case Result:
		return "RESULT " + o.Visit + " " + string(o.Result)
	case Announce:
		return fmt.Sprintf("SAY %s position=%d %s", o.Visit, o.Position, o.File)
	case Reply:
		return fmt.Sprintf("REPLY %s %s", o.Code, strings.Join(o.Queues, ","))
	case Record:
		return printRecord(o)
	}
	return ""
}

func printRecord(r Record) string {
	switch {
	case r.Event != nil:
		e := r.Event
		fields := []string{string(e.Kind)}
		for _, f := range []string{e.Agent, e.Visit, e.Offer, e.Queue, e.State, e.Reason} {
			if f != "" {
				fields = append(fields, f)
			}
		}
		return strings.Join(fields, " ")
	case r.Decision != nil:
		return fmt.Sprintf("decision %s step=%d eligible=%d chosen=%s", r.Decision.ID, r.Decision.Step, r.Decision.Eligible, strings.Join(r.Decision.Chosen, ","))
	}
	return ""
}

// show prints a decision record in full.
func (d *desk) show(id string) string {
	r := d.decision[id]
	if r == nil {
		d.t.Fatal("no decision ", id)
	}
	var b strings.Builder
	for _, x := range r.Removed {
		fmt.Fprintf(&b, "        %s %d: %s", x.Rule, x.Count, strings.Join(x.Agents, " "))
		if x.Detail != "" {
			b.WriteString("  (" + x.Detail + ")")
		}
		b.WriteString("\n")
	}
	for _, x := range r.Ranks {
		fmt.Fprintf(&b, "        %s step=%d", x.Agent, x.Step)
		for i, v := range x.Values {
			b.WriteString(" " + r.RankNames[i] + "=" + v)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// states lists the agents' states, for assertions.
func (d *desk) states() string {
	var out []string
	for _, a := range d.s.agents {
		out = append(out, a.id()+"="+string(a.bucket))
	}
	sort.Strings(out)
	return strings.Join(out, " ")
}
