package console

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ringway/console/staff"
	hub "ringway/console/stream"
	"ringway/store"
)

// Events is the stream of what happens on the switch.
type Events interface {
	// Open makes a reader that goes on behind a place; the zero place is the oldest event on record.
	Open(from store.EventPlace, f hub.Filter) (*hub.Reader, error)
	// Head is where the stream is now.
	Head() store.EventPlace
}

const (
	eventsAlive = 15 * time.Second // between signs of life of a stream that has nothing to say
	eventsBatch = 100              // events of one write
	eventsRetry = "retry: 2000\n"  // milliseconds until a browser comes back
	oldest      = "oldest"
)

type eventsInput struct {
	LastEventID string   `header:"Last-Event-ID" doc:"id of the last event that was seen: the stream goes on behind it"`
	After       string   `query:"after" doc:"the same for who can't set the header; oldest is the oldest event on record. Without both the stream begins now" maxLength:"64"`
	Kind        []string `query:"kind,explode" doc:"kinds of event, or subjects with a star, as in call.*; absent: all" maxItems:"64"`
	Queue       string   `query:"queue" doc:"only events of this queue" maxLength:"128"`
	Agent       string   `query:"agent" doc:"only events of this agent" maxLength:"128"`
	Call        string   `query:"call" doc:"only events of this call" maxLength:"128"`
}

type catalogue struct {
	Kinds []hub.CatalogueEntry `json:"kinds"`
}

func routeEvents(a *API) {
	register(a, Op{Method: http.MethodGet, Path: "/events", ID: "events", Tag: "events", Media: eventStream,
		Summary: "What happens on the switch, as server-sent events: see /api/asyncapi.json", Allow: Allow(staff.Admin, staff.Events)},
		func(_ context.Context, in *eventsInput) (*huma.StreamResponse, error) { return a.events(in) })
	register(a, Op{Method: http.MethodGet, Path: "/events/catalogue", ID: "events-catalogue", Tag: "events",
		Summary: "Every kind of event with its JSON Schema", Allow: Allow(staff.Manager, staff.Events)},
		func(context.Context, *struct{}) (*body[catalogue], error) {
			return &body[catalogue]{catalogue{hub.Entries()}}, nil
		})
}

// events opens a reader and sends what it gives.
func (a *API) events(in *eventsInput) (*huma.StreamResponse, error) {
	filter := hub.Filter{Kinds: in.Kind, Queue: in.Queue, Agent: in.Agent, Call: in.Call}
	for _, k := range in.Kind {
		if hint, err := hub.CheckKind(k); err != nil {
			return nil, wrongFields(flawOf(&huma.ErrorDetail{Message: err.Error() + "; " + hint, Location: "query.kind", Value: k}))
		}
	}
	from, err := a.eventsFrom(in)
	if err != nil {
		return nil, err
	}
	r, err := a.Events.Open(from, filter)
	if err != nil {
		return nil, huma.ErrorWithHeaders(refusedBy(http.StatusServiceUnavailable, err), http.Header{"Retry-After": {"5"}})
	}
	return stream(func(ctx context.Context, e *events) {
		defer r.Close()
		sendEvents(ctx, r, e)
	}), nil
}

// eventsFrom is where a client wants to go on. A browser repeats the header as it was told it; one that makes no sense is
// told so by a gap, for a browser that is refused never comes back.
func (a *API) eventsFrom(in *eventsInput) (store.EventPlace, error) {
	if in.LastEventID != "" {
		p, ok := store.ParseEventPlace(in.LastEventID)
		if !ok {
			p = store.EventPlace{Boot: "unknown"}
		}
		return p, nil
	}
	switch in.After {
	case "":
		return a.Events.Head(), nil
	case oldest:
		return store.EventPlace{}, nil
	}
	p, ok := store.ParseEventPlace(in.After)
	if !ok {
		return p, badField("query.after", "event_place")
	}
	return p, nil
}

// sendEvents sends until the browser leaves, is too slow, or the switch stops.
func sendEvents(ctx context.Context, r *hub.Reader, e *events) {
	var text bytes.Buffer
	text.WriteString(eventsRetry)
	for {
		alive(&text, r.Place())
		for text.Len() > 0 {
			if e.write(text.String()) != nil {
				return
			}
			text.Reset()
			wait, cancel := context.WithTimeout(ctx, eventsAlive)
			items, err := r.Next(wait, eventsBatch)
			cancel()
			if ctx.Err() != nil || errors.Is(err, hub.ErrClosed) {
				return
			}
			for _, i := range items {
				writeItem(&text, i)
			}
		}
	}
}

// writeItem writes one event or gap.
func writeItem(text *bytes.Buffer, i hub.Item) {
	kind := "gap"
	if i.Gap == nil {
		kind = string(i.Event.Kind)
	}
	text.WriteString("id: " + i.ID.String() + "\nevent: " + kind + "\ndata: ")
	text.Write(i.Text())
	text.WriteString("\n\n")
}

// alive is a sign of life that also tells how far the stream has come past events that were not wanted. Without data, the
// browser takes the id and tells nobody.
func alive(text *bytes.Buffer, at store.EventPlace) {
	text.WriteString(": \n")
	if id := at.String(); id != "" {
		text.WriteString("id: " + id + "\n")
	}
	text.WriteString("\n")
}

// routeAsyncAPI serves the description of events and webhooks beside /api/openapi.json.
func routeAsyncAPI(mux *http.ServeMux) {
	text, err := json.Marshal(hub.AsyncAPI("1"))
	if err != nil {
		panic("console: the catalogue of events is not to be written: " + err.Error())
	}
	mux.HandleFunc("GET /api/asyncapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write(text) //nolint:errcheck // the caller left
	})
}
