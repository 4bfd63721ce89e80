package node

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"ringway/console"
	"ringway/store"
	"ringway/store/memory"
	"ringway/store/report"
	"ringway/store/sqlite"
	"ringway/store/writer"
)

// reader opens the database of an office beside its switch, or after it.
func (o *office) reader() *sqlite.DB {
	o.t.Helper()
	db, err := sqlite.Open(context.Background(), filepath.Join(o.data, "ringway.db"), sqlite.Options{ReadOnly: true})
	if err != nil {
		o.t.Fatal(err)
	}
	return db
}

// today is the daily report as text.
func (o *office) today(at time.Time) string {
	o.t.Helper()
	db := o.reader()
	defer db.Close()
	r, err := report.Daily(context.Background(), db, report.DailyOptions{Now: at})
	if err != nil {
		o.t.Fatal(err)
	}
	var out bytes.Buffer
	if err := r.WriteCSV(&out); err != nil {
		o.t.Fatal(err)
	}
	return out.String()
}

func (o *office) row(id string) store.Call {
	o.t.Helper()
	db := o.reader()
	defer db.Close()
	c, err := db.Call(context.Background(), id)
	if err != nil {
		o.t.Fatal(err)
	}
	return c
}

func TestACustomerIsForgottenWhileSheCalls(t *testing.T) {
	o := openOffice(t)
	claims := store.Claims{Language: "zh-TW", Customer: "k-7", Name: "Lin Yi-Chen", Booking: "B-12"}
	app := o.app(console.MintRequest{Subject: "c-7", Claims: claims})
	zh1 := o.agent("zh1")
	first, in := o.talk(app, "help", zh1)
	first.Bye()
	in.ExpectBye()
	o.over(first)
	o.want("zh1", store.Available)
	second, in := o.talk(app, "help", zh1)
	o.want("zh1", store.Talk) // the last thing to be told of a connect
	cut := time.Now()
	if err := o.n.records.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := o.today(cut)
	f, err := o.n.Forget(t.Context(), "k-7")
	if err != nil || f.Calls != 2 || f.Sessions != 1 {
		t.Fatalf("forgotten: %+v, %v", f, err)
	}
	if after := o.today(cut); after != before {
		t.Errorf("the report was\n%s\nand is\n%s", before, after)
	}
	o.n.sessions.mu.RLock()
	for _, s := range o.n.sessions.byID {
		if s.Claims.Name+s.Claims.Booking != "" || s.Claims.Customer != "k-7" || s.Claims.Language != "zh-TW" {
			t.Errorf("her live session says %+v", s.Claims)
		}
	}
	o.n.sessions.mu.RUnlock()
	second.Bye()
	in.ExpectBye()
	o.over(second)
	if err := o.n.records.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []store.Call{o.row(o.b.calls[first.ID]), o.row(o.b.calls[second.ID])} {
		if c.CallerName+c.CallerNumber+c.Booking != "" || c.Customer != "k-7" || c.End.IsZero() {
			t.Errorf("on record is %+v", c)
		}
	}
	o.n.prune(t.Context())
	o.quiet(patience)
}

// TestForgettingWaitsForWhatIsOnItsWay: a record that was not blanked, because she was not forgotten yet, is with the writer before
// forgetting looks at what the writer has; and whoever observes the switch sees nothing before the writer has it.
func TestForgettingWaitsForWhatIsOnItsWay(t *testing.T) {
	var f forgotten
	row := store.Record{Call: &store.Call{ID: "c1", Customer: "k-7", CallerName: "Lin"}}
	added := make(chan struct{})
	f.pass(row, func(r store.Record) {
		go func() {
			f.add("k-7", time.Now())
			close(added)
		}()
		select {
		case <-added:
			t.Error("she counts as forgotten while her name is on its way")
		case <-time.After(50 * time.Millisecond):
		}
		if r.Call.CallerName != "Lin" {
			t.Errorf("blanked too early: %+v", r.Call)
		}
	})
	<-added
	if r := f.pass(row, func(store.Record) {}); r.Call.CallerName != "" || row.Call.CallerName != "Lin" {
		t.Errorf("afterwards %+v", r.Call)
	}
	db := memory.New()
	rec := &recorder{Writer: writer.New(db, writer.Options{Node: "n"})}
	rec.observe = func(r store.Record) {
		if err := rec.Flush(t.Context()); err != nil {
			t.Error(err)
		}
		if _, err := db.Call(t.Context(), r.Call.ID); err != nil {
			t.Errorf("an observer sees a call that the writer does not have: %v", err)
		}
	}
	rec.Record(row)
	if err := rec.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestACustomerIsForgottenWithTheSwitchStopped(t *testing.T) {
	o := openOffice(t)
	if _, err := Forget(t.Context(), o.data, "k-7"); !errors.Is(err, console.ErrRunning) {
		t.Errorf("beside a running switch: %v", err)
	}
	app := o.app(console.MintRequest{Subject: "c-7", Claims: store.Claims{Language: "zh-TW", Customer: "k-7", Name: "Lin Yi-Chen", Booking: "B-12"}})
	call, in := o.talk(app, "help", o.agent("zh1"))
	in.Bye()
	call.ExpectBye()
	id := o.over(call).ID
	if err := o.n.records.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if c := o.row(id); c.CallerNumber == "" && c.CallerName == "" {
		t.Fatalf("there is nothing to forget in %+v", c)
	}
	o.close()
	cut := time.Now()
	before := o.today(cut)
	f, err := Forget(t.Context(), o.data, "k-7")
	if err != nil || f.Calls != 1 || f.Sessions != 1 {
		t.Fatalf("forgotten: %+v, %v", f, err)
	}
	if c := o.row(id); c.CallerName+c.CallerNumber+c.Booking != "" {
		t.Errorf("on record is %+v", c)
	}
	if f, err = Forget(t.Context(), o.data, "k-8"); err != nil || f.Calls+f.Sessions != 0 {
		t.Errorf("a stranger: %+v, %v", f, err)
	}
	if after := o.today(cut); after != before {
		t.Errorf("the report was\n%s\nand is\n%s", before, after)
	}
}

func TestExpiredSessionsAreDeleted(t *testing.T) {
	o := openOffice(t)
	path := filepath.Join(o.data, "ringway.db")
	o.close()
	db, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for id, left := range map[string]time.Duration{"old": -time.Minute, "new": time.Hour} {
		s := store.AppSession{Session: id, Expires: time.Now().Add(left), Claims: store.Claims{Name: "Lin"}}
		if err := db.Save(t.Context(), []store.Record{{Session: &s}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	o.start()
	raw, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	eventually(t, patience, "the expired session is deleted and the other is kept", func() bool {
		var ids string
		return raw.QueryRow("SELECT group_concat(session) FROM sessions").Scan(&ids) == nil && ids == "new"
	})
}
