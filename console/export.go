package console

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"ringway/store"
)

// Export is what customer.json of an export holds.
type Export struct {
	Customer   string          `json:"customer"`
	Exported   time.Time       `json:"exported"`
	Row        *CustomerView   `json:"row,omitempty" doc:"absent where the customer store has none"`
	Calls      []CallRow       `json:"calls"`
	Recordings []RecordingView `json:"recordings"`
}

// export sends a zip as it is made: nothing of it is kept here, however much it is.
func (a *API) export(ctx context.Context, in *customerInput) (*huma.StreamResponse, error) {
	e := Export{Customer: in.ID, Exported: a.now(), Calls: []CallRow{}, Recordings: []RecordingView{}}
	switch row, err := a.customerAnswer(ctx, in.ID); {
	case err == nil:
		e.Row = &row.Body
	case !errors.Is(err, store.ErrNotFound):
		return nil, err
	}
	for cursor := ""; ; {
		page, err := a.page(ctx, store.CallQuery{Customer: in.ID, Limit: 1000, Cursor: cursor})
		if err != nil {
			return nil, err
		}
		e.Calls = append(e.Calls, page.Body.Items...)
		if cursor = page.Body.Next; cursor == "" {
			break
		}
	}
	recordings, err := a.Recordings.Recordings(ctx, store.RecordingQuery{Customer: in.ID, Limit: 1000})
	if err != nil {
		return nil, err
	}
	if e.Row == nil && len(e.Calls) == 0 && len(recordings) == 0 {
		return nil, huma.Error404NotFound("nothing is kept of such a customer")
	}
	for _, r := range recordings {
		e.Recordings = append(e.Recordings, recordingView(r))
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		_, w := humago.Unwrap(hc)
		h := w.Header()
		h.Set("Content-Type", "application/zip")
		h.Set("Cache-Control", "private, no-store")
		h.Set("Content-Disposition", `attachment; filename="customer.zip"`)
		if err := a.pack(ctx, w, e, recordings); err != nil {
			tell(ctx, "not complete") // a zip without its end is refused by whoever opens it
			a.log.Warn("export of a customer not complete", "customer", in.ID, "err", err)
		}
	}}, nil
}

// pack writes the zip.
func (a *API) pack(ctx context.Context, w http.ResponseWriter, e Export, recordings []store.Recording) error {
	a.patient(w)
	z := zip.NewWriter(w)
	f, err := z.CreateHeader(&zip.FileHeader{Name: "customer.json", Method: zip.Deflate, Modified: e.Exported})
	if err != nil {
		return err
	}
	enc := json.NewEncoder(f)
	enc.SetIndent("", "  ")
	if err := enc.Encode(e); err != nil {
		return err
	}
	for _, r := range recordings {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		a.patient(w)
		if err := a.packSound(z, r); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	return z.Close()
}

func (a *API) packSound(z *zip.Writer, r store.Recording) error {
	sound, err := a.Recordings.Sound(r)
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
