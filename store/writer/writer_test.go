package writer_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"ringway/store"
	"ringway/store/writer"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// keeper is a backend that can be out of order.
type keeper struct {
	mu     sync.Mutex
	down   error
	poison string // the call that is always refused
	panics bool
	groups [][]store.Record
	tried  chan struct{} // every Save, when set
	gate   chan struct{} // Save waits for it, when set
}

func (k *keeper) Save(ctx context.Context, records []store.Record) error {
	if k.tried != nil {
		select {
		case k.tried <- struct{}{}:
		default:
		}
	}
	if k.gate != nil {
		select {
		case <-k.gate:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.down != nil {
		return k.down
	}
	for _, r := range records {
		if r.Call != nil && r.Call.ID == k.poison {
			if k.panics {
				panic("poisoned")
			}
			return fmt.Errorf("no: %w", writer.ErrRefused)
		}
	}
	k.groups = append(k.groups, append([]store.Record(nil), records...))
	return nil
}

func (k *keeper) set(down error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.down = down
}

// saved lists what was saved, in order, as "event 3" and "call c1".
func (k *keeper) saved() (out []string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, g := range k.groups {
		for _, r := range g {
			switch {
			case r.Event != nil:
				out = append(out, fmt.Sprint("event ", r.Event.Seq))
			case r.Call != nil:
				out = append(out, "call "+r.Call.ID)
			case r.Agent != nil:
				out = append(out, "agent "+r.Agent.Agent)
			}
		}
	}
	return out
}

func event() store.Record { return store.Record{Event: &store.Event{Kind: store.UserEvent}} }

func call(n int) store.Record { return store.Record{Call: &store.Call{ID: fmt.Sprint("c", n)}} }

func patience(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func flush(t *testing.T, w *writer.Writer) {
	t.Helper()
	if err := w.Flush(patience(t)); err != nil {
		t.Fatal(err)
	}
}

func closes(t *testing.T, w *writer.Writer) {
	t.Helper()
	if err := w.Close(patience(t)); err != nil {
		t.Errorf("close: %v", err)
	}
}

func TestRecordsAreSavedInOrderAndStamped(t *testing.T) {
	k := &keeper{}
	w := writer.New(k, writer.Options{Node: "n1", Boot: "b1"})
	defer closes(t, w)
	for i := range 3 {
		w.Record(event())
		w.Record(call(i))
	}
	flush(t, w)
	want := "[event 1 call c0 event 2 call c1 event 3 call c2]"
	if got := fmt.Sprint(k.saved()); got != want {
		t.Errorf("saved %s, want %s", got, want)
	}
	if e := k.groups[0][0].Event; e.Node != "n1" || e.Boot != "b1" {
		t.Errorf("stamped %+v", e)
	}
	if h := w.Health(); !h.OK || h.Saved != 6 || h.Waiting.Total() != 0 || h.Lost.Total() != 0 {
		t.Errorf("health %+v", h)
	}
}

func TestARecordWaitsForTheGroupAtMost200ms(t *testing.T) {
	k := &keeper{tried: make(chan struct{}, 1)}
	w := writer.New(k, writer.Options{Group: time.Hour})
	defer closes(t, w)
	began := time.Now()
	w.Record(event())
	<-k.tried
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("saved after %s", took)
	}
}

func TestOldestEventsAreGivenUpFirstAndCallsLast(t *testing.T) {
	k := &keeper{down: errors.New("disk full")}
	w := writer.New(k, writer.Options{Node: "n", Boot: "b", Events: 10, CDRs: 4, State: 2, Decisions: 1, Batch: 1, RetryMin: time.Millisecond})
	for i := range 100 {
		w.Record(event())
		if i%25 == 0 {
			w.Record(call(i))
			w.Record(store.Record{Agent: &store.AgentSaved{Agent: fmt.Sprint("a", i)}})
			w.Record(store.Record{Decision: &store.Decision{ID: fmt.Sprint("d", i)}})
		}
	}
	h := w.Health()
	if h.Lost.Events < 89 || h.Lost.CDRs != 0 || h.Waiting.CDRs != 4 || h.Waiting.Events+h.Lost.Events != 100 ||
		h.Waiting.State+h.Lost.State != 4 || h.Waiting.Decisions+h.Lost.Decisions != 4 {
		t.Errorf("waiting %+v, lost %+v", h.Waiting, h.Lost)
	}
	k.set(nil)
	flush(t, w)
	calls, last := 0, ""
	for _, s := range k.saved() {
		if s[:4] == "call" {
			calls++
		} else if s[:5] == "event" {
			last = s
		}
	}
	if calls != 4 || last != "event 100" {
		t.Errorf("%d calls kept, newest is %s", calls, last)
	}
	closes(t, w)
}

func TestRecordNeverWaitsForTheDatabase(t *testing.T) {
	k := &keeper{gate: make(chan struct{}), tried: make(chan struct{}, 1)}
	w := writer.New(k, writer.Options{Events: 1, Decisions: 1, State: 1, CDRs: 997})
	w.Record(event())
	<-k.tried // the writer hangs in Save from here
	slowest := time.Duration(0)
	for i := range 20_000 {
		began := time.Now()
		w.Record(call(i))
		slowest = max(slowest, time.Since(began))
	}
	if slowest > time.Second {
		t.Errorf("Record took %s", slowest)
	}
	if h := w.Health(); h.Waiting.CDRs != 1000 || h.Lost.CDRs != 19_000 {
		t.Errorf("waiting %+v, lost %+v", h.Waiting, h.Lost)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if err := w.Flush(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("flush of a hanging database: %v", err)
	}
	close(k.gate)
	closes(t, w)
	if h := w.Health(); h.Waiting.Total() != 0 {
		t.Errorf("waiting after close %+v", h.Waiting)
	}
	w.Record(event())
	if err := w.Flush(context.Background()); !errors.Is(err, writer.ErrClosed) || w.Health().Lost.Events != 1 {
		t.Errorf("after close: %v, lost %+v", err, w.Health().Lost)
	}
}

func TestTheSpoolKeepsOrderAndEmptiesItself(t *testing.T) {
	path := filepath.Join(t.TempDir(), "spool")
	k := &keeper{down: errors.New("database is locked"), tried: make(chan struct{}, 1)}
	w := writer.New(k, writer.Options{Node: "n", Boot: "b", Spool: path, Events: 5, CDRs: 5, Batch: 5, RetryMin: time.Millisecond, RetryMax: 20 * time.Millisecond})
	for i := range 200 { // far more than memory holds
		w.Record(event())
		w.Record(call(i))
		for h := w.Health(); h.Waiting.Total() > 4; h = w.Health() {
			<-k.tried
		}
	}
	if h := w.Health(); h.OK || h.Error == "" || h.SpoolBytes == 0 || h.Lost.Total() != 0 {
		t.Errorf("while down: %+v", h)
	}
	k.set(nil)
	flush(t, w)
	got := k.saved()
	if len(got) != 400 || got[0] != "event 1" || got[399] != "call c199" {
		t.Errorf("%d records, from %v to %v", len(got), got[0], got[len(got)-1])
	}
	for i := range 200 {
		if got[2*i] != fmt.Sprint("event ", i+1) || got[2*i+1] != fmt.Sprint("call c", i) {
			t.Fatalf("out of order at %d: %v", i, got[2*i:2*i+2])
		}
	}
	if h := w.Health(); !h.OK || h.Replayed == 0 || h.SpoolBytes != 0 {
		t.Errorf("afterwards: %+v", h)
	}
	closes(t, w)
	if info, err := os.Stat(path); err != nil || info.Size() != 0 || info.Mode().Perm() != 0o600 {
		t.Errorf("spool file %v %v", info, err)
	}
}

func TestClosingWithoutADatabaseLeavesTheSpoolForTheNextStart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "spool")
	down := &keeper{down: errors.New("gone")}
	w := writer.New(down, writer.Options{Node: "n", Boot: "b1", Spool: path})
	w.Record(event())
	w.Record(call(1))
	if err := w.Close(patience(t)); err == nil {
		t.Error("closing said nothing of what waits in the spool")
	}
	tear(t, path)

	up := &keeper{}
	if n, err := writer.Replay(context.Background(), up, path); n != 2 || err != nil {
		t.Errorf("replayed %d, %v", n, err)
	}
	w = writer.New(up, writer.Options{Node: "n", Boot: "b2", Spool: path})
	w.Record(call(2))
	flush(t, w)
	if got := fmt.Sprint(up.saved()); got != "[event 1 call c1 call c2]" {
		t.Errorf("saved %s", got)
	}
	closes(t, w)
	if n, err := writer.Replay(context.Background(), up, filepath.Join(t.TempDir(), "none")); n != 0 || err != nil {
		t.Errorf("replay of no file: %d %v", n, err)
	}
}

// tear adds half a line, as a kill would.
func tear(t *testing.T, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err == nil {
		_, err = f.WriteString(`0badf00d {"Call":{"ID":"half`)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestATornSpoolIsReplayedByTheWriterItself(t *testing.T) {
	path := filepath.Join(t.TempDir(), "spool")
	w := writer.New(&keeper{down: errors.New("gone")}, writer.Options{Spool: path, Boot: "b"})
	w.Record(call(1))
	if err := w.Close(patience(t)); err == nil {
		t.Error("no word of the spool")
	}
	tear(t, path)
	up := &keeper{}
	w = writer.New(up, writer.Options{Spool: path, Boot: "b"})
	flush(t, w) // nothing recorded: waits for the replay
	if h := w.Health(); h.Replayed != 1 || h.Torn != 1 || fmt.Sprint(up.saved()) != "[call c1]" {
		t.Errorf("health %+v, saved %v", h, up.saved())
	}
	closes(t, w)
}

func TestASpoolThatCantBeWrittenLeavesRecordsInMemory(t *testing.T) {
	k := &keeper{down: errors.New("disk full"), tried: make(chan struct{}, 1)}
	w := writer.New(k, writer.Options{Spool: filepath.Join(t.TempDir(), "no", "such", "folder"), RetryMin: time.Millisecond})
	w.Record(call(1))
	<-k.tried
	<-k.tried
	if h := w.Health(); h.SpoolError == "" || h.Waiting.CDRs != 1 {
		t.Errorf("health %+v", h)
	}
	k.set(nil)
	flush(t, w)
	if h := w.Health(); !h.OK || h.Saved != 1 || h.Lost.Total() != 0 {
		t.Errorf("health %+v", h)
	}
	closes(t, w)
}

func TestOneRefusedRecordCostsOnlyItself(t *testing.T) {
	for _, panics := range []bool{false, true} {
		k := &keeper{poison: "c5", panics: panics}
		w := writer.New(k, writer.Options{})
		for i := range 10 {
			w.Record(call(i))
		}
		flush(t, w)
		if got := k.saved(); len(got) != 9 {
			t.Errorf("saved %v", got)
		}
		if h := w.Health(); !h.OK || h.Refused != 1 || h.Saved != 9 {
			t.Errorf("health %+v", h)
		}
		closes(t, w)
	}
}

func TestClosingTwiceAndAtOnce(t *testing.T) {
	k := &keeper{gate: make(chan struct{})}
	w := writer.New(k, writer.Options{})
	w.Record(call(1))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := w.Close(ctx); err == nil || w.Health().Lost.CDRs != 1 {
		t.Errorf("close without patience: %v, lost %+v", err, w.Health().Lost)
	}
	if err := w.Close(ctx); err != nil {
		t.Errorf("second close: %v", err)
	}
}

func BenchmarkRecord(b *testing.B) {
	w := writer.New(&keeper{}, writer.Options{Node: "n", Boot: "b"})
	e := event()
	b.ReportAllocs()
	for b.Loop() {
		w.Record(e)
	}
	if err := w.Close(context.Background()); err != nil {
		b.Fatal(err)
	}
}

// Who observes sees each event with the number that it has on record, in order, whoever records.
func TestObserverSeesWhatIsOnRecord(t *testing.T) {
	var seen []store.Event // guarded by the writer's lock
	w := writer.New(&keeper{}, writer.Options{Node: "n", Boot: "b", Observe: func(e store.Event) { seen = append(seen, e) }})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 250 {
				w.Record(store.Record{Event: &store.Event{Kind: store.UserEvent}})
				w.Record(store.Record{Call: &store.Call{ID: "c"}})
			}
		})
	}
	wg.Wait()
	closes(t, w)
	if len(seen) != 1000 {
		t.Fatalf("%d events observed", len(seen))
	}
	for i, e := range seen {
		if e.Seq != uint64(i+1) || e.Boot != "b" || e.Node != "n" {
			t.Fatalf("event %d is observed as %+v", i, e)
		}
	}
}
