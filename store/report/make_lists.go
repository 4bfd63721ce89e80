package report

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"ringway/store"
	"ringway/store/ledger"
)

// maxAbandoned bounds the list of the abandoned.
const maxAbandoned = 5000

// makeAbandoned lists who gave up, the last ones first, and how each can be reached now.
func makeAbandoned(ctx context.Context, j *job) error {
	var found []ledger.Visit
	err := j.each(ctx, func(day ledger.Span, b *ledger.Books) {
		for _, v := range b.Visits {
			if v.Result == store.Abandoned && day.Holds(v.Enter) && (j.Queue == "" || j.Queue == v.Queue) {
				found = append(found, v)
			}
		}
	})
	if err != nil {
		return err
	}
	slices.SortFunc(found, func(a, b ledger.Visit) int { return cmp.Or(b.Enter.Compare(a.Enter), strings.Compare(a.ID, b.ID)) })
	back, err := j.calledBack(ctx)
	if err != nil {
		return err
	}
	t := j.table
	t.Columns = j.abandonedColumns(found)
	for i, v := range found {
		if i == maxAbandoned {
			t.Heading = j.say("the last 5,000; choose a shorter span for the others")
			break
		}
		row, err := j.gaveUp(ctx, v, back[v.Call])
		if err != nil {
			return err
		}
		t.Rows = append(t.Rows, row)
	}
	t.Totals = map[string]any{"entered": nil, "queue": nil, "call": len(found)}
	t.Drills = counted(map[string]string{"call": queueDrills(j.span, newDrill("queue", j.Queue))["abandoned"]}, t.Totals)
	return nil
}

// abandonedColumns are what is listed of each, beside the name by which the row goes, with the words of the codes in the cells.
func (j *job) abandonedColumns(found []ledger.Visit) []Column {
	languages, regions := map[string]string{}, map[string]string{}
	for _, v := range found {
		languages[v.Language], regions[v.Region] = j.Lang.Language(v.Language), j.Lang.Region(v.Region)
	}
	return []Column{
		{ID: "entered", Label: j.say("Entered"), Unit: TimeUnit, Formula: j.say("when the caller entered the queue")},
		{ID: "queue", Label: j.say("Queue"), Unit: TextUnit},
		{ID: "customer", Label: j.say("Customer"), Unit: TextUnit, Formula: j.say("from signed claims")},
		{ID: "number", Label: j.say("Number"), Unit: TextUnit},
		{ID: "language", Label: j.say("Language"), Unit: TextUnit, Words: languages},
		{ID: "region", Label: j.say("Region"), Unit: TextUnit, Words: regions},
		{ID: "wait", Label: j.say("Wait"), Unit: DurationUnit, Formula: j.say("entering the queue to leaving it")},
		{ID: "short", Label: j.say("Short"), Unit: TextUnit, Formula: j.say("wait below the queue's threshold"),
			Words: map[string]string{"yes": j.say("yes"), "no": j.say("no")}},
		{ID: "reach", Label: j.say("Reachable"), Unit: TextUnit, Formula: j.say("now: app registered, number with a trunk, or not at all"),
			Words: map[string]string{ReachApp: j.say("in the app"), ReachNumber: j.say("by number"), ReachNone: j.say("not at all")}},
		{ID: "called_back", Label: j.say("Called back"), Unit: TimeUnit, Formula: j.say("the last time that an agent called this customer for this call")},
		{ID: "called_back_by", Label: j.say("Called back by"), Unit: TextUnit},
		{ID: "called_back_result", Label: j.say("Result"), Unit: TextUnit, Formula: j.say("reached, where the customer answered one of those calls"),
			Words: map[string]string{backReached: j.say("reached"), backMissed: j.say("not reached"), backRuns: j.say("under way")}},
		{ID: "call", Label: j.say("Call"), Unit: TextUnit},
	}
}

// What came of calling a customer back.
const (
	backReached = "reached"
	backMissed  = "missed"
	backRuns    = "under_way"
)

// attempt is the last call that answered a customer's, and what came of all of them.
type attempt struct {
	store.CalledBack
	result string
}

// calledBack are the attempts by the call that they answer.
func (j *job) calledBack(ctx context.Context) (map[string]attempt, error) {
	if j.Calls == nil {
		return nil, nil
	}
	all, err := j.Calls.CalledBack(ctx, j.span.From)
	out := map[string]attempt{}
	for _, b := range all {
		a := attempt{b, backMissed}
		switch {
		case b.Disposition == store.DispositionAnswered || out[b.Returns].result == backReached:
			a.result = backReached
		case b.Disposition == "":
			a.result = backRuns
		}
		out[b.Returns] = a
	}
	return out, err
}

func (j *job) gaveUp(ctx context.Context, v ledger.Visit, back attempt) (Row, error) {
	var c store.Call
	if j.Calls != nil {
		var err error
		if c, err = j.Calls.Call(ctx, v.Call); err != nil && !errors.Is(err, store.ErrNotFound) {
			return Row{}, err
		}
	}
	reach, short := "", "no"
	if j.Reach != nil {
		reach = j.Reach.Reach(ctx, c.Customer, c.CallerNumber)
	}
	if v.Short() {
		short = "yes"
	}
	row := Row{Key: v.ID, Label: cmp.Or(c.CallerName, c.CallerNumber, c.Customer, j.say("unknown caller")), Drill: newDrill("search", v.Call).Encode(), Cells: map[string]any{
		"entered": instantText(v.Enter, j.zone), "queue": v.Queue, "customer": c.Customer, "number": c.CallerNumber,
		"language": v.Language, "region": v.Region, "wait": v.Wait(j.now).Seconds(), "short": short, "reach": reach, "call": v.Call}}
	if back.result != "" {
		row.Cells["called_back"], row.Cells["called_back_result"] = instantText(back.At, j.zone), back.result
		if j.wanted(back.Agent) {
			row.Cells["called_back_by"] = j.name(back.Agent)
		}
	}
	return row, nil
}

// code is both levels of a disposition.
func (d Disposed) code() string {
	if d.Sub == "" {
		return d.Code
	}
	return d.Code + "/" + d.Sub
}

// outcome is what a disposition is called.
func (j *job) outcome(d Disposed) string {
	if d.Code == store.NoDisposition {
		return j.say("none entered")
	}
	return cmp.Or(d.Label, d.code())
}

// disposed are the dispositions of the span that the viewer may see.
func (j *job) disposed(ctx context.Context) ([]Disposed, error) {
	if j.Wraps == nil {
		return nil, nil
	}
	all, err := j.Wraps.Disposed(ctx, j.span.From, j.span.To)
	return slices.DeleteFunc(all, func(d Disposed) bool { return !j.wanted(d.Agent) || (j.Queue != "" && j.Queue != d.Queue) }), err
}

// saidDrill is the query of the calls of which agents of the report said something in a span; and behind what was said by a code.
func (j *job) saidDrill(s ledger.Span) drill {
	if j.Agent != "" {
		return newDrill("said_by", j.Agent).span("said", s)
	}
	return newDrill("team", cmp.Or(teamParam(j.Team), store.Anyone)).span("said", s)
}

func (d drill) saying(code, sub string) drill {
	return d.with("said", code, "said_sub", cmp.Or(sub, "-"))
}

// makeDispositions counts what agents said that calls came to.
func makeDispositions(ctx context.Context, j *job) error {
	all, err := j.disposed(ctx)
	if err != nil {
		return err
	}
	count, labels, queues := map[string]map[string]int{}, map[string]string{}, map[string]bool{}
	said, drills := j.saidDrill(j.span).with("queue", j.Queue), map[string]drill{}
	for _, d := range all {
		code := d.code()
		if count[code] == nil {
			count[code] = map[string]int{}
		}
		count[code][""]++
		count[code]["queue: "+d.Queue]++
		queues["queue: "+d.Queue], labels[code], drills[code] = true, j.outcome(d), said.saying(d.Code, d.Sub)
	}
	t := j.table
	t.Columns = []Column{
		{ID: "calls", Label: j.say("Calls"), Unit: CountUnit, Formula: j.say("calls with this disposition, of each agent who set one")},
		{ID: "share", Label: j.say("Share"), Unit: PercentUnit, Formula: j.say("calls / all calls with a disposition")}}
	names := slices.Sorted(maps.Keys(queues))
	for _, q := range names {
		t.Columns = append(t.Columns, Column{ID: q, Label: label(strings.TrimPrefix(q, "queue: ")), Unit: CountUnit, Formula: j.say("calls of this queue")})
	}
	for _, code := range slices.Sorted(maps.Keys(count)) {
		row := Row{Key: code, Label: labels[code], Cells: map[string]any{"calls": count[code][""], "share": 100 * float64(count[code][""]) / float64(len(all))},
			Drill: drills[code].Encode(), Drills: map[string]string{"calls": drills[code].Encode()}}
		for _, q := range names {
			row.Cells[q], row.Drills[q] = count[code][q], drills[code].with("queue", cmp.Or(strings.TrimPrefix(q, "queue: "), "-")).Encode()
		}
		row.Drills = counted(row.Drills, row.Cells)
		t.Rows = append(t.Rows, row)
	}
	t.Totals = map[string]any{"calls": len(all)}
	t.Drills = counted(map[string]string{"calls": said.Encode()}, t.Totals)
	t.Charts = []Chart{{Kind: "bar", Title: j.say("Dispositions"), X: "disposition", Series: []Series{{j.say("Calls"), "calls"}}}}
	return nil
}
