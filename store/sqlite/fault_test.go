package sqlite_test

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"ringway/store"
	"ringway/store/sqlite"
	"ringway/store/storetest"
	"ringway/store/writer"
)

// The same test binary is a switch's writer that can be killed, or put on a full disk.
const (
	childPath = "RINGWAY_TEST_DATABASE"
	childPart = "RINGWAY_TEST_PART"
)

// child plays a part in another process and never returns.
func child(part, path string) {
	parts := map[string]func(*sqlite.DB, string) error{"killed": writeForEver, "disk": fillDisk}
	db, err := sqlite.Open(context.Background(), path, sqlite.Options{})
	if err == nil {
		err = parts[part](db, path)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func become(t *testing.T, part, path string) *exec.Cmd {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), childPath+"="+path, childPart+"="+part)
	c.Stderr = os.Stderr
	return c
}

// finished is a call with its event: both halves are saved or the row is closed as crashed.
func finished(w *writer.Writer, n int, end bool) {
	at := storetest.T0.Add(time.Duration(n) * time.Second)
	c := store.Call{ID: fmt.Sprintf("c%06d", n), Kind: store.Customer, Start: at}
	w.Record(store.Record{Call: &c})
	w.Record(store.Record{Event: &store.Event{Kind: store.CallStart, Call: c.ID, At: at, State: "customer"}})
	if end {
		d := c
		d.End, d.Disposition, d.Cause = at.Add(time.Second), store.DispositionAnswered, "normal"
		w.Record(store.Record{Event: &store.Event{Kind: store.CallEnd, Call: c.ID, At: d.End, State: "answered"}})
		w.Record(store.Record{Call: &d})
	}
}

// writeForEver records calls and says after each flush how many are safe.
func writeForEver(db *sqlite.DB, path string) error {
	w := writer.New(db, writer.Options{Node: "n1", Boot: "b1", Spool: path + ".spool", Group: 10 * time.Millisecond})
	for n := 0; ; n++ {
		finished(w, n, n%3 != 0)
		if n%100 == 99 {
			if err := w.Flush(context.Background()); err != nil {
				return err
			}
			fmt.Println(n + 1)
		}
	}
}

func TestAKillCostsAtMostTheLastGroup(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	c := become(t, "killed", path)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	safe := 0
	for lines := bufio.NewScanner(out); safe < 2000 && lines.Scan(); {
		if _, err := fmt.Sscan(lines.Text(), &safe); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.Wait() // killed
	if safe < 2000 {
		t.Fatalf("the writer ended by itself after %d calls", safe)
	}
	db := open(t, path, sqlite.Options{})
	ctx := context.Background()
	if _, err := writer.Replay(ctx, db, path+".spool"); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second start finds nothing to do and counts nothing twice
		if _, err := db.CloseCrashed(ctx, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	for n := range safe {
		call, err := db.Call(ctx, fmt.Sprintf("c%06d", n))
		if err != nil {
			t.Fatalf("call %d of %d safe ones: %v", n, safe, err)
		}
		if want := map[bool]string{true: "crashed", false: "normal"}[n%3 == 0]; call.Cause != want || call.End.IsZero() {
			t.Fatalf("call %d is %+v", n, call)
		}
	}
	if open, err := db.Calls(ctx, store.CallQuery{Open: true}); err != nil || len(open.Calls) != 0 {
		t.Errorf("open calls: %d, %v", len(open.Calls), err)
	}
	starts, ends := tally(t, db)
	if starts != ends || starts < safe {
		t.Errorf("%d starts, %d ends, %d safe", starts, ends, safe)
	}
}

func tally(t *testing.T, db *sqlite.DB) (starts, ends int) {
	t.Helper()
	events, err := db.Events(context.Background(), time.Unix(0, 0), time.Now().Add(1e6*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		switch e.Kind {
		case store.CallStart:
			starts++
		case store.CallEnd:
			ends++
		}
	}
	return starts, ends
}

func TestALockedDatabaseHoldsNobodyUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	db := open(t, path, sqlite.Options{Busy: 20 * time.Millisecond})
	w := writer.New(db, writer.Options{Node: "n1", Boot: "b1", Spool: path + ".spool", Group: time.Millisecond,
		RetryMin: 5 * time.Millisecond, RetryMax: 20 * time.Millisecond})
	other, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	other.SetMaxOpenConns(1)
	if _, err := other.Exec("BEGIN EXCLUSIVE"); err != nil {
		t.Fatal(err)
	}
	for n := range 500 {
		began := time.Now()
		finished(w, n, true)
		if took := time.Since(began); took > time.Second {
			t.Errorf("Record took %s", took)
		}
	}
	until(t, func() bool { h := w.Health(); return !h.OK && h.SpoolBytes > 0 && h.Waiting.Total() == 0 })
	if h := w.Health(); !strings.Contains(h.Error, "locked") {
		t.Errorf("health %+v", h)
	}
	if _, err := other.Exec("ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	complete(t, db, w, 500)
}

// until waits for what another goroutine brings about.
func until(t *testing.T, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(20 * time.Second); !ok(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatal("it did not come about within 20 s")
		}
	}
}

// complete closes the writer and finds every call once, with nothing lost.
func complete(t *testing.T, db *sqlite.DB, w *writer.Writer, calls int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := w.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	if h := w.Health(); !h.OK || h.Lost.Total() != 0 || h.Refused != 0 || h.SpoolBytes != 0 {
		t.Errorf("health afterwards %+v", h)
	}
	if err := w.Close(ctx); err != nil {
		t.Errorf("close: %v", err)
	}
	if starts, ends := tally(t, db); starts != calls || ends != calls {
		t.Errorf("%d starts and %d ends of %d calls", starts, ends, calls)
	}
	found := 0
	for q := (store.CallQuery{Limit: 1000}); ; {
		p, err := db.Calls(ctx, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range p.Calls {
			if !c.End.IsZero() {
				found++
			}
		}
		if q.Cursor = p.Next; q.Cursor == "" {
			break
		}
	}
	if found != calls {
		t.Errorf("%d of %d calls are complete", found, calls)
	}
}

func TestAFileAtItsBoundIsAFullDisk(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	small := open(t, path, sqlite.Options{MaxBytes: 300 << 10})
	w := writer.New(small, writer.Options{Node: "n1", Boot: "b1", Spool: path + ".spool", Group: time.Millisecond, Batch: 100,
		RetryMin: time.Millisecond, RetryMax: 5 * time.Millisecond})
	n := 0
	for ; w.Health().OK; n++ {
		finished(w, n, true)
	}
	if h := w.Health(); !strings.Contains(h.Error, "full") {
		t.Errorf("health %+v", h)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := w.Close(ctx); err == nil {
		t.Error("closing said nothing of what waits in the spool")
	}
	big := open(t, path, sqlite.Options{})
	complete(t, big, writer.New(big, writer.Options{Node: "n1", Boot: "b2", Spool: path + ".spool"}), n)
}

// fillDisk runs under a limit of file size that holds for database and spool alike, then gets room again.
func fillDisk(db *sqlite.DB, path string) error {
	signal.Ignore(syscall.SIGXFSZ)
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		return err
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 400 << 10, Max: old.Max}); err != nil {
		return err
	}
	w := writer.New(db, writer.Options{Node: "n1", Boot: "b1", Spool: path + ".spool", Group: time.Millisecond, Batch: 50,
		RetryMin: time.Millisecond, RetryMax: 5 * time.Millisecond})
	n := 0
	for ; w.Health().SpoolError == ""; n++ {
		finished(w, n, true)
		if n > 40_000 {
			return fmt.Errorf("the disk never filled: %+v", w.Health())
		}
	}
	for range 500 { // these wait in memory
		finished(w, n, true)
		n++
	}
	if h := w.Health(); h.OK || h.Lost.Total() != 0 {
		return fmt.Errorf("on a full disk: %+v", h)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := w.Close(ctx); err != nil {
		return err
	}
	fmt.Println(n, w.Health().Lost.Total(), w.Health().Torn)
	return db.Close()
}

func TestAFullDiskLosesNothingWithinTheBounds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	out, err := become(t, "disk", path).Output()
	if err != nil {
		t.Fatalf("child: %v", err)
	}
	var calls, lost, torn int
	if _, err := fmt.Sscan(string(out), &calls, &lost, &torn); err != nil || lost != 0 {
		t.Fatalf("child said %q, %v", out, err)
	}
	db := open(t, path, sqlite.Options{})
	complete(t, db, writer.New(db, writer.Options{Boot: "b2"}), calls)
}
