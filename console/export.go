package console

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"ringway/store"
)

// Export is what customer.json of an export holds. It is written list by list and never held as a whole.
type Export struct {
	Customer   string          `json:"customer"`
	Exported   time.Time       `json:"exported"`
	Row        *CustomerView   `json:"row,omitempty" doc:"absent where the customer store has none"`
	Notes      []NoteView      `json:"notes" doc:"about the customer, newest first"`
	Calls      []ExportedCall  `json:"calls" doc:"newest first"`
	Recordings []RecordingView `json:"recordings" doc:"oldest first"`
}

// ExportedCall is a call with what agents said and wrote of it.
type ExportedCall struct {
	CallRow
	Said []SaidView `json:"said"`
}

// exportPage is how many rows of each list are held at a time.
const exportPage = 200

// export sends a zip as it is made: nothing of it is kept here, however much it is.
func (a *API) export(ctx context.Context, in *customerInput) (*huma.StreamResponse, error) {
	x := &exporting{a: a, customer: in.ID}
	if err := x.begin(ctx); err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		_, w := humago.Unwrap(hc)
		h := w.Header()
		h.Set("Content-Type", "application/zip")
		h.Set("Cache-Control", "private, no-store")
		h.Set("Content-Disposition", `attachment; filename="customer.zip"`)
		if err := x.pack(ctx, w); err != nil {
			tell(ctx, "not complete") // a zip without its end is refused by whoever opens it
			a.log.Warn("export of a customer not complete", "customer", in.ID, "err", err)
		}
	}}, nil
}

// exporting is one export on its way. It belongs to the request's goroutine.
type exporting struct {
	a        *API
	customer string
	row      *CustomerView
}

// begin finds out whether anything is kept of the customer, while a refusal can still be sent.
func (x *exporting) begin(ctx context.Context) error {
	switch row, err := x.a.customerAnswer(ctx, x.customer); {
	case err == nil:
		x.row = &row.Body
		x.row.Notes = nil // all of them follow
		return nil
	case !errors.Is(err, store.ErrNotFound):
		return err
	}
	calls, err := x.a.Records.Calls(ctx, store.CallQuery{Customer: x.customer, Limit: 1})
	if err != nil || len(calls.Calls) > 0 {
		return err
	}
	recordings, err := x.a.Recordings.Recordings(ctx, store.RecordingQuery{Customer: x.customer, Limit: 1})
	if err == nil && len(recordings) == 0 {
		err = refused(http.StatusNotFound, "nothing_kept")
	}
	return err
}

// pack writes the zip: customer.json, and the sound of each recording that is there.
func (x *exporting) pack(ctx context.Context, w http.ResponseWriter) error {
	z := zip.NewWriter(w)
	f, err := z.CreateHeader(&zip.FileHeader{Name: "customer.json", Method: zip.Deflate, Modified: x.a.now()})
	if err != nil {
		return err
	}
	if err := x.write(ctx, f, func() { x.a.patient(w) }); err != nil {
		return err
	}
	err = x.recordings(ctx, func(r store.Recording) error {
		x.a.patient(w)
		if err := x.packSound(z, r); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		return nil
	})
	if err != nil {
		return err
	}
	return z.Close()
}

func (x *exporting) packSound(z *zip.Writer, r store.Recording) error {
	sound, err := x.a.Recordings.Sound(r)
	if err != nil {
		return err
	}
	defer sound.Close() //nolint:errcheck // it was only read
	f, err := z.CreateHeader(&zip.FileHeader{Name: "recordings/" + r.ID + ".wav", Method: zip.Deflate, Modified: r.Start})
	if err != nil {
		return err
	}
	_, err = io.Copy(f, sound)
	return err
}

// write writes customer.json, an Export, one item after the other; before each of them the browser is given time.
func (x *exporting) write(ctx context.Context, w io.Writer, patient func()) error {
	j := &jsonList{w: w, before: patient}
	j.text("{")
	j.field("customer", x.customer)
	j.text(",")
	j.field("exported", x.a.now())
	if x.row != nil {
		j.text(",")
		j.field("row", x.row)
	}
	for _, list := range []struct {
		name string
		each func(ctx context.Context, j *jsonList) error
	}{{"notes", x.notes}, {"calls", x.calls}, {"recordings", func(ctx context.Context, j *jsonList) error {
		return x.recordings(ctx, func(r store.Recording) error { return j.item(recordingView(r)) })
	}}} {
		j.begin(list.name)
		if err := list.each(ctx, j); err != nil {
			return err
		}
		j.end()
	}
	j.text("\n}\n")
	return j.err
}

// notes are what agents wrote about the customer.
func (x *exporting) notes(ctx context.Context, j *jsonList) error {
	for last := (store.CustomerNote{}); ; {
		page, err := x.a.Customers.CustomerNotesBefore(ctx, x.customer, last, exportPage)
		if err != nil {
			return err
		}
		for _, n := range page {
			if err := j.item(noteView(n)); err != nil {
				return err
			}
		}
		if len(page) < exportPage {
			return nil
		}
		last = page[len(page)-1]
	}
}

// calls are the customer's calls, each with what agents said and wrote of it.
func (x *exporting) calls(ctx context.Context, j *jsonList) error {
	for cursor := ""; ; {
		page, err := x.a.page(ctx, store.CallQuery{Customer: x.customer, Limit: exportPage, Cursor: cursor}, summed{})
		if err != nil {
			return err
		}
		for _, c := range page.Body.Items {
			v := StoryView{Call: c}
			if err := x.a.said(ctx, c.ID, &v); err != nil {
				return err
			}
			if err := j.item(ExportedCall{v.Call, v.Said}); err != nil {
				return err
			}
		}
		if cursor = page.Body.Next; cursor == "" {
			return nil
		}
	}
}

// recordings goes through the recordings of the customer's calls.
func (x *exporting) recordings(ctx context.Context, each func(store.Recording) error) error {
	for last := (store.Recording{}); ; {
		page, err := x.a.Recordings.Recordings(ctx, store.RecordingQuery{Customer: x.customer, After: last, Limit: exportPage})
		if err != nil {
			return err
		}
		for _, r := range page {
			if err := errors.Join(ctx.Err(), each(r)); err != nil {
				return err
			}
		}
		if len(page) < exportPage {
			return nil
		}
		last = page[len(page)-1]
	}
}

// jsonList writes lists of a JSON object, one item a line. The first fault stays.
type jsonList struct {
	w      io.Writer
	before func()
	items  int // of the list that is being written
	err    error
}

func (j *jsonList) text(s string) {
	if j.err == nil {
		_, j.err = io.WriteString(j.w, s)
	}
}

func (j *jsonList) field(name string, v any) {
	text, err := json.Marshal(v)
	if j.err = errors.Join(j.err, err); j.err == nil {
		j.text(fmt.Sprintf("\n  %q: %s", name, text))
	}
}

func (j *jsonList) begin(name string) {
	j.items = 0
	j.text(fmt.Sprintf(",\n  %q: [", name))
}

func (j *jsonList) item(v any) error {
	j.before()
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if j.items++; j.items > 1 {
		j.text(",")
	}
	j.text("\n    " + string(text))
	return j.err
}

func (j *jsonList) end() { j.text("\n  ]") }
