package node

import (
	"bytes"
	"context"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ringway/sip/siptest"
	"ringway/store"
	"ringway/store/report"
	"ringway/store/sqlite"
	"ringway/store/storetest/sqlcheck"
)

// atOnce is how many customers of the crowd call at the same time.
const atOnce = 28

// TestCrowd sends a crowd of customers through a whole switch: hundreds of calls over real sockets with every way to be helped,
// missed, put on hold and to leave, while agents come, pause and go. Afterwards nothing is left, each call has one CDR, the
// monitor of the invariants is silent, and plain SQL finds every figure of the daily report.
func TestCrowd(t *testing.T) {
	o := openOffice(t)
	began, done := time.Now(), make(chan struct{})
	tired := watchMachine(t)
	var agents, customers sync.WaitGroup
	var phones []*siptest.Handset
	for i, name := range agents12 {
		w := o.hire(name, i, done)
		phones = append(phones, w.phone)
		agents.Add(1)
		go w.runDay(&agents, began)
	}
	line, total := make(chan int), 0
	var errandsOf []errand
	for _, e := range errands {
		for range e.times {
			errandsOf = append(errandsOf, e)
		}
		total += e.times
	}
	rand.New(rand.NewPCG(2026, 3)).Shuffle(total, func(i, j int) { errandsOf[i], errandsOf[j] = errandsOf[j], errandsOf[i] })
	for _, name := range agents12 {
		o.want(name, store.Available)
	}
	for i := 0; i < len(errandsOf); i++ { // the first caller makes all free phones of a queue ring
		if errandsOf[i].name == "urgent" {
			errandsOf[0], errandsOf[i] = errandsOf[i], errandsOf[0]
			break
		}
	}
	o.serve(0, errandsOf[0])
	for range atOnce {
		customers.Go(func() {
			for n := range line {
				o.serve(n, errandsOf[n])
			}
		})
	}
	for n := 1; n < total; n++ {
		line <- n
	}
	close(line)
	customers.Wait()
	close(done)
	agents.Wait()
	t.Logf("%d calls in %s", total, time.Since(began).Round(time.Second))
	o.quiet(40 * time.Second)
	for _, p := range phones {
		p.RegisterFor(0)
	}
	for _, name := range agents12 {
		o.want(name, store.Offline)
	}
	if s := o.n.Status(context.Background()); s.Calls+s.Waiting+s.Agents+s.Bindings > 0 || s.Records.Lost > 0 || s.Records.Degraded {
		t.Errorf("status %+v", s)
	}
	o.silentBut(10 * tired())
	o.everythingEndedOnce(total)
	o.everyOutcomeHappened()
	o.close()
	o.figuresAgree(began)
	o.explained()
}

// everythingEndedOnce: one CDR a call, every leg and visit ended.
func (o *office) everythingEndedOnce(calls int) {
	o.t.Helper()
	o.b.mu.Lock()
	defer o.b.mu.Unlock()
	customers := 0
	for id, row := range o.b.rows {
		if o.b.finished[id] != 1 {
			o.t.Errorf("call %s has %d CDRs", id, o.b.finished[id])
		}
		if row.Kind == store.Customer {
			customers++
		}
		if slices.Contains([]string{"panic", "script_failed", "mailbox_full", "no_ports"}, row.Cause) || row.FailedStep != "" {
			o.t.Errorf("call %s ended for %s at %s", id, row.Cause, row.FailedStep)
		}
	}
	if customers != calls {
		o.t.Errorf("%d customers' calls are on record, want %d", customers, calls)
	}
	for id, v := range o.b.visits {
		if v.Result == "" || v.Leave.IsZero() || (v.Result == store.Connected) == v.End.IsZero() {
			o.t.Errorf("visit %s is open: %+v", id, v)
		}
	}
	for id, l := range o.b.legs {
		if l.End.IsZero() {
			o.t.Errorf("leg %s is open", id)
		}
	}
	if s := o.n.calls.Stats(); s.Panics+s.Overflows > 0 {
		o.t.Errorf("%+v", s)
	}
}

// everyOutcomeHappened: a crowd that missed a case proves nothing about it.
func (o *office) everyOutcomeHappened() {
	o.t.Helper()
	o.b.mu.Lock()
	defer o.b.mu.Unlock()
	outcomes, results, ends, held := map[store.OfferOutcome]int{}, map[store.VisitResult]int{}, map[string]int{}, 0
	for _, f := range o.b.offers {
		outcomes[f.Outcome]++
	}
	for _, v := range o.b.visits {
		results[v.Result]++
	}
	for _, r := range o.b.rows {
		ends[r.EndedBy]++
	}
	for _, events := range o.b.events {
		for _, e := range events {
			if e.Kind == store.LegHold {
				held++
			}
		}
	}
	o.t.Logf("offers %v, visits %v, ended by %v, %d holds, %d decisions", outcomes, results, ends, held, len(o.b.decisions))
	for _, want := range []store.OfferOutcome{store.Answered, store.Declined, store.Busy, store.NoAnswer, store.OfferUnreachable, store.MediaFailed,
		store.CallerLeft, store.LostRace} {
		if outcomes[want] == 0 {
			o.t.Errorf("no offer ended as %s", want)
		}
	}
	for _, want := range []store.VisitResult{store.Connected, store.Abandoned, store.TimedOut, store.Full, store.Empty, store.Key} {
		if results[want] == 0 {
			o.t.Errorf("no visit ended as %s", want)
		}
	}
	if ends["caller"] == 0 || ends["agent"] == 0 || ends["switch"] == 0 || held == 0 {
		o.t.Errorf("calls ended by %v, %d holds", ends, held)
	}
}

// figuresAgree makes the daily reports of the run and recomputes each figure with plain SQL.
func (o *office) figuresAgree(began time.Time) {
	o.t.Helper()
	path := filepath.Join(o.data, "ringway.db")
	db, err := sqlite.Open(context.Background(), path, sqlite.Options{ReadOnly: true})
	if err != nil {
		o.t.Fatal(err)
	}
	defer db.Close()
	zone, err := time.LoadLocation("Asia/Taipei")
	if err != nil {
		o.t.Fatal(err)
	}
	now := time.Now()
	for day := began.In(zone); day.Format(time.DateOnly) <= now.In(zone).Format(time.DateOnly); day = day.AddDate(0, 0, 1) {
		daily := report.DailyOptions{Date: day.Format(time.DateOnly), Zone: zone, Now: now}
		r, err := report.Daily(context.Background(), db, daily)
		if err != nil {
			o.t.Fatal(err)
		}
		figures := 0
		var sheets []sqlcheck.Sheet
		for _, s := range r.Sheets {
			of := map[string]*float64{}
			for _, f := range s.Figures {
				of[f.Name] = f.Value
				figures++
			}
			sheets = append(sheets, sqlcheck.Sheet{Kind: s.Kind, Name: s.Name, Figures: of})
		}
		differences, err := sqlcheck.Differences(context.Background(), path, sqlcheck.Span{From: r.From, To: r.To, Until: now}, sheets)
		if err != nil {
			o.t.Fatal(err)
		}
		for _, d := range differences {
			o.t.Error(d)
		}
		o.t.Logf("%d figures of %s agree with plain SQL but %d", figures, daily.Date, len(differences))
	}
}

// explained holds the words of explain against the decisions of the run: each names who was chosen and every rule.
func (o *office) explained() {
	o.t.Helper()
	var all bytes.Buffer
	rules := map[store.RemovalRule]bool{}
	for _, d := range o.b.decisions {
		var text bytes.Buffer
		if err := (report.Words{}).WriteCall(&text, []store.Decision{d}); err != nil {
			o.t.Fatal(err)
		}
		for _, agent := range d.Chosen {
			if !strings.Contains(text.String(), agent) {
				o.t.Errorf("%s is not named in\n%s", agent, text.String())
			}
		}
		people := d.Eligible
		for _, r := range d.Removed {
			rules[r.Rule] = true
			people += r.Count
			for _, agent := range r.Agents {
				if why := (report.Words{}).WhyNot(d, agent); !strings.Contains(why, agent) || strings.Contains(why, string(r.Rule)+" ") {
					o.t.Errorf("why not %s: %q", agent, why)
				}
			}
		}
		if people != 13 {
			o.t.Errorf("decision %s accounts for %d of 13 people", d.ID, people)
		}
		all.Write(text.Bytes())
	}
	for _, want := range []store.RemovalRule{store.NotMember, store.NotJoined, store.NotWanted, store.StateNotReady, store.StateNoReply, store.StateLost,
		store.StateWrapUp, store.StateBusy, store.StateOffered, store.StateRested} {
		if !rules[want] {
			o.t.Errorf("no decision of the run removed anybody by %s", want)
		}
	}
	for _, want := range []string{"not joined", "paused", "in a call", "finishing the work after a call", "resting after a declined or busy offer"} {
		if !strings.Contains(all.String(), want) {
			o.t.Errorf("explain never says %q", want)
		}
	}
}

// watchMachine measures how late this machine wakes a goroutine that sleeps for ten milliseconds: a loaded one is late by hundreds,
// and then so is everything else in this process.
func watchMachine(t *testing.T) (worst func() time.Duration) {
	var latest atomic.Int64
	end, gone := make(chan struct{}), make(chan struct{})
	const nap = 10 * time.Millisecond
	go func() {
		defer close(gone)
		for {
			before := time.Now()
			select {
			case <-end:
				return
			case <-time.After(nap):
			}
			latest.Store(max(latest.Load(), int64(time.Since(before)-nap)))
		}
	}()
	t.Cleanup(func() { close(end); <-gone })
	return func() time.Duration { return time.Duration(latest.Load()) }
}
