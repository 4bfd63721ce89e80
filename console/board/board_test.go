package board_test

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"ringway/console/board"
	"ringway/store"
	"ringway/store/report"
	"ringway/store/sqlite"
	"ringway/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// hall is a board over a database, with a clock that the test moves.
type hall struct {
	db    *sqlite.DB
	now   atomic.Int64 // unix microseconds
	board *board.Board
}

func (h *hall) clock() time.Time { return time.UnixMicro(h.now.Load()).UTC() }

func open(t *testing.T, at time.Time, box int) *hall {
	t.Helper()
	db, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "b.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h := &hall{db: db}
	h.now.Store(at.UnixMicro())
	h.board = board.New(board.Options{Books: db.Books, MadeUp: db.MadeUp, Zone: func() *time.Location { return time.UTC }, Now: h.clock, Every: time.Millisecond, Box: box,
		Level: func() string { return "service_level_positive" },
		Live: func(context.Context) (board.Live, error) {
			return board.Live{Queues: []board.LiveQueue{{Name: "sales", Free: 1, Joined: 2}, {Name: "support"}},
				Agents: []board.Agent{{ID: "agent0", State: "available"}, {ID: "gone", State: "offline"}}}, nil
		}})
	t.Cleanup(func() {
		h.board.Stop()
		db.Close()
	})
	return h
}

// events of some traffic on one day, with its records.
func traffic(seed uint64) []store.Event {
	var out []store.Event
	tr := storetest.Traffic{Dice: rand.New(rand.NewPCG(seed, 3)), Start: storetest.T0, Agents: 5, Episodes: 10, Loners: 60}
	for _, r := range tr.Records() {
		if r.Event != nil {
			out = append(out, *r.Event)
		}
	}
	return out
}

func (h *hall) save(t *testing.T, events []store.Event) {
	t.Helper()
	var records []store.Record
	for i := range events {
		records = append(records, store.Record{Event: &events[i]})
	}
	if err := h.db.Save(context.Background(), records); err != nil {
		t.Fatal(err)
	}
}

// agrees waits until the board says what the report says.
func (h *hall) agrees(t *testing.T) {
	t.Helper()
	m := report.Maker{Sources: report.Sources{Ledger: h.db}, Now: h.clock, Settings: func() report.Settings {
		return report.Settings{Default: "service_level_positive"}
	}}
	table, err := m.Make(context.Background(), report.Query{Kind: "queues"}, report.Viewer{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	var wrong string
	for seen := uint64(0); ; {
		v, n, err := h.board.Next(ctx, seen)
		if err != nil {
			t.Fatalf("the board never agreed with the report: %s", wrong)
		}
		seen = n
		if wrong = differs(v, table); wrong == "" {
			return
		}
	}
}

// differs names the first figure that the board and the report disagree about.
func differs(v board.View, table *report.Table) string {
	check := func(name string, f board.Figures, cells map[string]any) string {
		for column, have := range map[string]any{"offered": float64(f.Offered), "answered": float64(f.Answered), "abandoned": float64(f.Abandoned),
			"flow_out": float64(f.FlowOut), "service_level_positive": value(f.ServiceLevel), "asa": value(f.ASA), "abandon_rate": value(f.AbandonRate),
			"longest_wait": f.LongestWait, "waiting": float64(f.Waiting)} {
			want := cells[column]
			a, isA := have.(float64)
			b, isB := want.(float64)
			if isA != isB || a-b > 1e-6 || b-a > 1e-6 {
				return name + " " + column
			}
		}
		return ""
	}
	for _, r := range table.Rows {
		for _, q := range v.Queues {
			if q.Name == r.Key {
				if w := check(q.Name, q.Figures, r.Cells); w != "" {
					return w
				}
			}
		}
	}
	return check("all", v.Totals, table.Totals)
}

func value(p *float64) any {
	if p == nil {
		return nil
	}
	return *p
}

func TestTheBoardSaysWhatTheReportSays(t *testing.T) {
	for seed := range uint64(4) {
		events := traffic(seed)
		half := len(events) / 2
		h := open(t, events[half-1].At.Add(time.Microsecond), 0)
		h.save(t, events[:half])
		for _, e := range events[half-20 : half] { // on record and in the mailbox too
			h.board.Event(e)
		}
		h.board.Start()
		h.agrees(t)
		for i := half; i < len(events); i += 50 {
			part := events[i:min(i+50, len(events))]
			h.save(t, part)
			h.now.Store(part[len(part)-1].At.Add(time.Microsecond).UnixMicro())
			for _, e := range part {
				h.board.Event(e)
			}
			h.agrees(t)
		}
	}
}

func TestAMailboxThatOverflowsCostsNoFigure(t *testing.T) {
	events := traffic(9)
	h := open(t, events[0].At, 4)
	h.board.Start()
	h.save(t, events)
	h.now.Store(events[len(events)-1].At.Add(time.Second).UnixMicro())
	for _, e := range events {
		h.board.Event(e)
	}
	h.board.Event(store.Event{Kind: store.AgentQueue})
	h.agrees(t)
}

func TestMidnightBeginsAnotherDay(t *testing.T) {
	midnight := time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC)
	h := open(t, midnight.Add(-time.Hour), 0)
	h.board.Start()
	enter := func(visit string, at time.Time) {
		h.now.Store(at.UnixMicro())
		h.board.Event(store.Event{Kind: store.VisitEnter, Visit: visit, Call: "c" + visit, Queue: "sales", At: at})
	}
	enter("v1", midnight.Add(-time.Minute))
	enter("v2", midnight.Add(time.Minute))
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	for seen := uint64(0); ; {
		v, n, err := h.board.Next(ctx, seen)
		if err != nil {
			t.Fatal("the day never changed")
		}
		seen = n
		if q := v.Queues[0]; v.Day.Equal(midnight) && q.Waiting == 2 {
			if q.Offered != 1 || !q.LongestWaitSince.Equal(midnight.Add(-time.Minute)) {
				t.Errorf("after midnight: %+v", q)
			}
			return
		}
	}
}

func TestWhoIsShown(t *testing.T) {
	h := open(t, storetest.T0, 0)
	h.board.Start()
	v, _, err := h.board.Next(t.Context(), 0)
	if err != nil || len(v.Agents) != 1 || v.Totals.Free != 1 || v.Queues[0].Joined != 2 {
		t.Fatalf("%+v, %v", v, err)
	}
	if v = v.For(func(board.Agent) bool { return false }); len(v.Agents) != 0 {
		t.Error("agents are shown to who may not see them")
	}
	if _, ok := v.Formulas["service_level_positive"]; !ok || len(v.Formulas) < 10 {
		t.Errorf("formulas: %v", v.Formulas)
	}
}

func TestAHistoryThatIsImportedIsCountedAndMarked(t *testing.T) {
	events := traffic(1)
	end := events[len(events)-1].At.Add(time.Second)
	h := open(t, end.Add(time.Second), 0)
	h.board.Start()
	h.agrees(t) // nothing yet
	if v, _ := h.board.View(); v.MadeUpUntil != nil || v.Totals.Offered != 0 {
		t.Errorf("an empty day is %+v", v)
	}
	run := func(kind store.EventKind, at time.Time, seq uint64, reason string) store.Event {
		return store.Event{Node: "past", Boot: "b", Seq: seq, At: at, Kind: kind, Reason: reason}
	}
	h.save(t, append(events, run(store.NodeStart, events[0].At.Add(-time.Hour), 1, store.MadeUp), run(store.NodeStop, end, 2, "")))
	h.board.Recount()
	h.agrees(t)
	if v, _ := h.board.View(); v.MadeUpUntil == nil || !v.MadeUpUntil.Equal(end) || v.Totals.Offered == 0 {
		t.Errorf("made up until %v, %d offered", v.MadeUpUntil, v.Totals.Offered)
	}
}

// A fault in counting costs what was counted, which the books tell again: the next view comes.
func TestTheBoardGoesOnAfterAFault(t *testing.T) {
	faults := 1
	b := board.New(board.Options{Zone: func() *time.Location { return time.UTC }, Every: time.Millisecond, Books: open(t, storetest.T0, 0).db.Books,
		Live: func(context.Context) (board.Live, error) {
			if faults--; faults >= 0 {
				panic("a fault of ours")
			}
			return board.Live{Queues: []board.LiveQueue{{Name: "help"}}}, nil
		}})
	b.Start()
	defer b.Stop()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if v, _, err := b.Next(ctx, 0); err != nil || len(v.Queues) != 1 {
		t.Errorf("%+v %v", v, err)
	}
}
