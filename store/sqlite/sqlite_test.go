package sqlite_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"ringway/store"
	"ringway/store/sqlite"
	"ringway/store/storetest"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(childPath); path != "" {
		child(os.Getenv(childPart), path)
	}
	goleak.VerifyTestMain(m)
}

func open(t testing.TB, path string, o sqlite.Options) *sqlite.DB {
	t.Helper()
	d, err := sqlite.Open(context.Background(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return d
}

func TestSQLitePassesTheSuite(t *testing.T) {
	storetest.Run(t, func(t *testing.T, now func() time.Time) storetest.Keeper {
		return open(t, filepath.Join(t.TempDir(), "ring way?#%.db"), sqlite.Options{Now: now})
	})
}

func TestRecordsSurviveReopening(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	now := func() time.Time { return storetest.T0 }
	first := open(t, path, sqlite.Options{Now: now})
	if err := first.Save(context.Background(), storetest.Full()); err != nil {
		t.Fatal(err)
	}
	reader := open(t, path, sqlite.Options{Now: now, ReadOnly: true})
	s, err := reader.Story(context.Background(), "c1")
	if err != nil || len(s.Events) != 1 || len(s.Legs) != 1 {
		t.Errorf("a reader beside the switch sees %+v, %v", s, err)
	}
	if err := reader.Save(context.Background(), storetest.Full()); err == nil {
		t.Error("a database opened read-only was written")
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode of the file: %v %v", info.Mode(), err)
	}
}

func TestOpenRefusesWhatIsNotOurs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(path, []byte("this is a letter and no database at all, however long it may be"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, o := range []sqlite.Options{{}, {ReadOnly: true}} {
		if d, err := sqlite.Open(context.Background(), path, o); err == nil {
			t.Errorf("opened a text file with %+v", o)
			if err := d.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestForgetBlanksThePersonAndNoFigure(t *testing.T) {
	ctx, d := context.Background(), open(t, filepath.Join(t.TempDir(), "r.db"), sqlite.Options{})
	if err := d.Save(ctx, storetest.Full()); err != nil {
		t.Fatal(err)
	}
	if f, err := d.Forget(ctx, "k9"); err != nil || f.Calls != 1 || f.Sessions != 1 {
		t.Fatal(f, err)
	}
	c, err := d.Call(ctx, "c1")
	if err != nil || c.CallerName+c.CallerNumber+c.Booking != "" || c.Customer != "k9" || c.Start.IsZero() {
		t.Errorf("after forgetting: %+v %v", c, err)
	}
}

// cpu is the processor time of this process so far.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkSaveEvents reports events per second in groups of 2,000 as the writer makes them. Calls overlap: an event belongs
// to one of the 1,000 youngest.
func BenchmarkSaveEvents(b *testing.B) {
	d := open(b, filepath.Join(b.TempDir(), "r.db"), sqlite.Options{})
	seq := uint64(0)
	group := make([]store.Record, 2000)
	b.ReportAllocs()
	began := cpu(b)
	for b.Loop() {
		for i := range group {
			seq++
			group[i] = store.Record{Event: &store.Event{Node: "n1", Boot: "b1", Seq: seq, At: storetest.T0.Add(time.Duration(seq) * time.Millisecond),
				Kind: store.LegRinging, Call: fmt.Sprintf("%08x-call", (seq/20+seq*2654435761%1000)*2654435761%(1<<32)), Leg: fmt.Sprintf("leg-%d", seq), Agent: "mei", State: "x"}}
		}
		if err := d.Save(context.Background(), group); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(seq)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64((cpu(b)-began).Microseconds())/float64(seq), "cpu-µs/event")
}

// BenchmarkSaveCalls saves calls as a switch makes them at 500 a second in groups of 200 ms: eleven events, the row of the call
// at its start and, five groups later, at its end, and two legs. It reports what saving and then indexing a call costs.
func BenchmarkSaveCalls(b *testing.B) {
	const group, later = 100, 5
	d := open(b, filepath.Join(b.TempDir(), "r.db"), sqlite.Options{})
	ctx, seq, n := context.Background(), uint64(0), 0
	event := func(i int, at time.Time, kind store.EventKind, leg, state string) store.Record {
		seq++
		return store.Record{Event: &store.Event{Node: "n1", Boot: "b1", Seq: seq, At: at, Kind: kind, Call: callID(i), Leg: leg, State: state}}
	}
	row := func(i int, at time.Time) *store.Call {
		return &store.Call{ID: callID(i), Node: "n1", Kind: store.Customer, SIPID: callID(i) + "@example.org", CallerNumber: fmt.Sprintf("+8869%08d", i*7919%1e8),
			Context: "from-carrier", Dialled: fmt.Sprint(i % 1000), Trunk: "carrier", PlanVersion: "v1", Start: at}
	}
	var spent, indexing time.Duration
	b.ReportAllocs()
	for b.Loop() {
		var records []store.Record
		for range group {
			at := storetest.T0.Add(time.Duration(n) * 2 * time.Millisecond)
			in, out := callID(n)+"-1", callID(n)+"-2"
			records = append(records, store.Record{Call: row(n, at)}, event(n, at, store.CallStart, "", "customer"), event(n, at, store.LegStart, in, "in"),
				event(n, at, store.LegStart, out, "out"), event(n, at, store.LegRinging, out, ""), event(n, at, store.LegRinging, in, ""),
				event(n, at, store.LegAnswer, out, ""), event(n, at, store.LegAnswer, in, ""), event(n, at, store.CallAnswer, "", ""))
			if old := n - later*group; old >= 0 {
				began := storetest.T0.Add(time.Duration(old) * 2 * time.Millisecond)
				c := row(old, began)
				c.Answer, c.End, c.Disposition, c.Cause, c.Status, c.Q850, c.EndedBy, c.Codec = began, at, store.DispositionAnswered, "normal", 200, 16, "caller", "opus"
				in, out := callID(old)+"-1", callID(old)+"-2"
				for _, leg := range []string{in, out} {
					records = append(records, event(old, at, store.LegEnd, leg, "200"), store.Record{Leg: &store.Leg{ID: leg, Call: c.ID, Direction: store.In,
						SIPID: leg + "@192.0.2.1", Remote: "192.0.2.1:5060", Start: began, Answer: began, End: at, Status: 200, Cause: "normal", Codec: "opus"}})
				}
				records = append(records, event(old, at, store.CallEnd, "", "answered"), store.Record{Call: c})
			}
			n++
		}
		before := cpu(b)
		if err := d.Save(ctx, records); err != nil {
			b.Fatal(err)
		}
		spent += cpu(b) - before
	}
	before := cpu(b)
	if err := d.Index(ctx, storetest.T0.Add(24*time.Hour)); err != nil {
		b.Fatal(err)
	}
	indexing = cpu(b) - before
	b.ReportMetric(float64(spent.Nanoseconds())/1e3/float64(n), "cpu-µs/call")
	b.ReportMetric(float64(indexing.Nanoseconds())/1e3/float64(n), "index-µs/call")
}

// callID sorts by age, as the switch's do.
func callID(i int) string { return fmt.Sprintf("%012xabcdefgh", i) }
