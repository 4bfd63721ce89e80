package console

import (
	"archive/zip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"ringway/store"
)

// shelf is recordings on record whose sound is their id; that of each second one is gone.
type shelf struct{ o *office }

func (s *shelf) Recording(ctx context.Context, id string) (store.Recording, error) {
	return s.o.db.Recording(ctx, id)
}

func (s *shelf) Recordings(ctx context.Context, q store.RecordingQuery) ([]store.Recording, error) {
	return s.o.db.Recordings(ctx, q)
}

func (s *shelf) Sound(r store.Recording) (io.ReadSeekCloser, error) {
	if strings.HasSuffix(r.ID, "1") {
		return nil, store.ErrNotFound
	}
	return sound{strings.NewReader(r.ID)}, nil
}

func (*shelf) DeleteRecording(context.Context, string) error { return nil }
func (*shelf) AgentsMayListen() bool                         { return false }

type sound struct{ *strings.Reader }

func (sound) Close() error { return nil }

// An export holds all that is kept of a customer, however much it is: every note, every call with what agents wrote of it, every
// recording.
func TestExportHoldsEverything(t *testing.T) {
	s := &shelf{}
	o := opened(t, func(opts *Options) { opts.Callbacks, opts.Recordings = &callers{}, s })
	s.o = o
	const notes, calls, recordings = 2*exportPage + 1, exportPage + 1, 1001
	at := func(i int) time.Time {
		return time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC).Add(time.Duration(i) * time.Minute)
	}
	if _, err := o.db.PutCustomer(t.Context(), store.CustomerRow{ID: "c-7", Name: "Lin <Yi>", Version: 1}); err != nil {
		t.Fatal(err)
	}
	for i := range notes {
		// some of one time, so that a page may end among them
		if err := o.db.PutCustomerNote(t.Context(), store.CustomerNote{ID: fmt.Sprintf("n%04d", i), Customer: "c-7", At: at(i / 3), By: "mei", Text: "note"}); err != nil {
			t.Fatal(err)
		}
	}
	var rows []store.Record
	for i := range calls {
		id := fmt.Sprintf("call%04d", i)
		rows = append(rows, store.Record{Call: &store.Call{ID: id, Kind: store.Customer, Customer: "c-7", Start: at(i), End: at(i + 1), Disposition: store.DispositionAnswered}},
			store.Record{Note: &store.CallNote{Call: id, Agent: "mei", Customer: "c-7", Text: "wrote of " + id, At: at(i + 1)}},
			store.Record{Outcome: &store.CallOutcome{Call: id, Agent: "mei", Queue: "help", Code: "solved", At: at(i + 1)}})
	}
	for i := range recordings {
		rows = append(rows, store.Record{Recording: &store.Recording{ID: fmt.Sprintf("r%04d", i), Call: "call0000", Customer: "c-7", Start: at(i / 2), End: at(i), File: "x",
			State: store.RecordingDone}})
	}
	rows = append(rows, store.Record{Call: &store.Call{ID: "others", Kind: store.Customer, Customer: "c-8", Start: at(1)}},
		store.Record{Recording: &store.Recording{ID: "others", Call: "others", Customer: "c-8", Start: at(1), State: store.RecordingDone}})
	if err := o.db.Save(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	text := o.as("ada").want("GET", "/api/v1/customers/c-7/export", nil, 200)
	z, err := zip.NewReader(strings.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	e := o.exported("c-7")
	if e.Customer != "c-7" || !e.Exported.Equal(o.clock.now()) || e.Row == nil || e.Row.Name != "Lin <Yi>" {
		t.Errorf("%s of %s: %+v", e.Customer, e.Exported, e.Row)
	}
	if a, b, c := distinct(e.Notes, func(n NoteView) string { return n.ID }), distinct(e.Calls, func(c ExportedCall) string { return c.ID }),
		distinct(e.Recordings, func(r RecordingView) string { return r.ID }); a != notes || b != calls || c != recordings || len(e.Notes)+len(e.Calls)+len(e.Recordings) != a+b+c {
		t.Errorf("%d of %d notes, %d of %d calls, %d of %d recordings", a, notes, b, calls, c, recordings)
	}
	for _, c := range e.Calls {
		if len(c.Said) != 1 || c.Said[0].Note != "wrote of "+c.ID || c.Said[0].Disposition == nil || c.Said[0].Name != "Mei Lin" {
			t.Fatalf("what was said of %s: %+v", c.ID, c.Said)
		}
	}
	if with := recordings - 100 + 1; len(z.File) != with { // r0001, r0011 … r0991 have no sound; customer.json is a file too
		t.Errorf("%d files, want %d", len(z.File), with)
	}
	o.as("ada").want("GET", "/api/v1/customers/c-9/export", nil, 404, "nothing is kept")
	if e := o.exported("c-8"); e.Row != nil || len(e.Notes) != 0 || len(e.Calls) != 1 || len(e.Recordings) != 1 {
		t.Errorf("without a row: %+v", e)
	}
}

// exported is customer.json of an export.
func (o *office) exported(customer string) (e Export) {
	o.t.Helper()
	text := o.as("ada").want("GET", "/api/v1/customers/"+customer+"/export", nil, 200)
	z, err := zip.NewReader(strings.NewReader(text), int64(len(text)))
	if err != nil {
		o.t.Fatal(err)
	}
	f, err := z.Open("customer.json")
	if err != nil {
		o.t.Fatal(err)
	}
	defer f.Close()
	d := json.NewDecoder(f)
	d.DisallowUnknownFields()
	if err := d.Decode(&e); err != nil {
		o.t.Fatal(err)
	}
	return e
}

// distinct counts different items.
func distinct[T any](list []T, id func(T) string) int {
	seen := map[string]bool{}
	for _, x := range list {
		seen[id(x)] = true
	}
	return len(seen)
}
