package console

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"ringway/console/staff"
	"ringway/store"
)

// ErrRecording says that a recording is still being written, by nobody who could be told to stop.
var ErrRecording = errors.New("it is not over yet")

// Recordings are the conversations that were recorded.
type Recordings interface {
	// Recording finds one, or store.ErrNotFound.
	Recording(ctx context.Context, id string) (store.Recording, error)
	Recordings(ctx context.Context, q store.RecordingQuery) ([]store.Recording, error)
	// Sound opens what is to be heard of one; store.ErrNotFound where that is gone.
	Sound(r store.Recording) (io.ReadSeekCloser, error)
	// DeleteRecording deletes the sound for ever: at once, or at the end of the conversation where that still lasts.
	DeleteRecording(ctx context.Context, id string) error
	// AgentsMayListen tells whether agents hear recordings of their own calls.
	AgentsMayListen() bool
}

// soundTime is how long one piece of sound may take to a listener.
const soundTime = 10 * time.Minute

// RecordingView is one recording.
type RecordingView struct {
	ID       string     `json:"id"`
	Call     string     `json:"call"`
	Leg      string     `json:"leg"`
	Agent    string     `json:"agent,omitempty" doc:"whose call it is: the one called, on the right, else the caller, on the left"`
	Queue    string     `json:"queue,omitempty"`
	Visit    string     `json:"visit,omitempty" doc:"the stay in that queue whose conversation it is; absent where no queue offered the call"`
	Start    time.Time  `json:"start"`
	End      *time.Time `json:"end,omitempty" doc:"absent while it runs"`
	Duration float64    `json:"duration_seconds"`
	Bytes    int64      `json:"bytes" doc:"0 where the sound is gone"`
	State    string     `json:"state" enum:"recording,done,broken,deleted"`
	Reason   string     `json:"reason,omitempty" doc:"why it is broken or deleted"`
}

type recordingInput struct {
	ID string `path:"id" maxLength:"64"`
}

type callPageInput struct {
	ID string `path:"id" maxLength:"64"`
	Paged
}

type soundInput struct {
	ID       string `path:"id" maxLength:"64"`
	Download bool   `query:"download" doc:"as a file to keep, instead of one to play"`
}

func routeRecordings(a *API) {
	listen := Allow(staff.Agent, staff.Recordings)
	register(a, Op{Method: http.MethodGet, Path: "/calls/{id}/recordings", ID: "call-recordings", Tag: "recordings", Allow: listen,
		Summary: "Recordings of a call, oldest first: those one may hear"}, a.recordings)
	register(a, Op{Method: http.MethodGet, Path: "/recordings/{id}", ID: "listen", Tag: "recordings", Media: "audio/wav", Ranges: true, Allow: listen, Audit: true,
		Summary: "The sound of a recording (audio/wav): its agent's managers, administrators and, where the company allows it, the agent; byte ranges are served"}, a.listen)
	register(a, Op{Method: http.MethodDelete, Path: "/recordings/{id}", ID: "delete-recording", Tag: "recordings", Audit: true, Status: http.StatusNoContent,
		Allow: Allow(staff.Admin, staff.Recordings), Summary: "Delete the sound of a recording for ever; its row stays, and no figure changes"}, a.deleteRecording)
	register(a, Op{Method: http.MethodGet, Path: "/customers/{id}/export", ID: "export-customer", Tag: "customers", Media: "application/zip", Audit: true,
		Allow: Allow(staff.Admin, staff.Recordings), Summary: "All that is kept of a customer, as a zip: customer.json with notes, calls and what agents wrote of them, and the recordings of her calls"}, a.export)
}

// hears tells whether who asks may hear recordings of an agent: managers those of their teams' people, and of calls in which nobody of
// the company's took part.
func (a *API) hears(ctx context.Context, agent string) bool {
	who := staff.From(ctx)
	switch {
	case who.SeesAll():
		return true
	case who.Role == staff.Manager && agent == "":
		return true
	case who.Role == staff.Manager:
		p, _ := a.Roster.Person(agent)
		return who.Sees(agent, p.Team)
	}
	return who.Person != "" && agent == who.Person && a.Recordings.AgentsMayListen()
}

func (a *API) recordings(ctx context.Context, in *callPageInput) (*body[Page[RecordingView]], error) {
	from, err := in.after()
	if err != nil {
		return nil, err
	}
	if _, err := a.story(ctx, in.ID); err != nil {
		return nil, err
	}
	found, err := a.Recordings.Recordings(ctx, store.RecordingQuery{Call: in.ID, After: store.Recording{Start: from.time(), ID: from.name}, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := readPage(found, in.Limit, func(r store.Recording) string { return placeOf(r.Start, r.ID).cursor() }, recordingView)
	out.Body.Items = slices.DeleteFunc(out.Body.Items, func(r RecordingView) bool { return !a.hears(ctx, r.Agent) })
	return out, nil
}

func recordingView(r store.Recording) RecordingView {
	return RecordingView{ID: r.ID, Call: r.Call, Leg: r.Leg, Agent: r.Agent, Queue: r.Queue, Visit: r.Visit, Start: r.Start, End: maybe(r.End),
		Duration: r.Duration.Seconds(), Bytes: r.Bytes, State: string(r.State), Reason: r.Reason}
}

func (a *API) listen(ctx context.Context, in *soundInput) (*huma.StreamResponse, error) {
	r, err := a.Recordings.Recording(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if !a.hears(ctx, r.Agent) {
		return nil, refused(http.StatusForbidden, "not_heard")
	}
	tell(ctx, "call "+r.Call)
	sound, err := a.Recordings.Sound(r)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		defer sound.Close() //nolint:errcheck // it was only read
		req, w := humago.Unwrap(hc)
		a.patient(w)
		h := w.Header()
		h.Set("Content-Type", "audio/wav")
		h.Set("Cache-Control", "private, no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		disposition := "inline"
		if in.Download {
			disposition = "attachment"
		}
		h.Set("Content-Disposition", disposition+`; filename="`+r.ID+`.wav"`)
		http.ServeContent(w, req, "", time.Time{}, sound)
	}}, nil
}

func (a *API) deleteRecording(ctx context.Context, in *recordingInput) (*struct{}, error) {
	r, err := a.Recordings.Recording(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	tell(ctx, "call "+r.Call)
	if err = a.Recordings.DeleteRecording(ctx, in.ID); errors.Is(err, ErrRecording) {
		return nil, refusedBy(http.StatusConflict, err)
	}
	return nil, err
}

// patient lets what follows take its time, within reason.
func (a *API) patient(w http.ResponseWriter) {
	if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(soundTime)); err != nil {
		a.log.Debug("no deadline for a piece of sound", "err", err)
	}
}
