package console

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// eventTime is how long a browser may take to accept one event before its stream is ended.
const eventTime = 10 * time.Second

// eventStream is the media type of a stream.
const eventStream = "text/event-stream"

// events writes one stream of server-sent events (HTML Living Standard §9.2). It belongs to the request's goroutine.
type events struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

// stream answers with server-sent events for as long as run goes on. The context ends when the browser leaves, the
// server stops, or who asked may not any more; a send that fails says that the browser is gone or too slow, and run returns.
func stream(run func(ctx context.Context, e *events)) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		r, w := humago.Unwrap(ctx)
		e := &events{w, http.NewResponseController(w)}
		e.control.SetReadDeadline(time.Time{}) //nolint:errcheck // a connection that has none needs none lifted
		watchSilence(r)                        //nolint:errcheck // then a network that is gone is noticed later
		h := w.Header()
		h.Set("Content-Type", eventStream)
		h.Set("Cache-Control", "no-store")
		h.Set("X-Accel-Buffering", "no")
		if r.Method == http.MethodHead { // which gets what a GET would begin with
			return
		}
		if e.comment("") == nil { // so that the headers leave at once
			standing, end := whileStanding(ctx.Context())
			defer end()
			run(standing, e)
		}
	}}
}

// send writes one event; id may be empty.
func (e *events) send(id, event string, data any) error {
	text, err := json.Marshal(data)
	if err != nil {
		return err
	}
	head := ""
	if id != "" {
		head = "id: " + id + "\n"
	}
	return e.write(fmt.Sprintf("%sevent: %s\ndata: %s\n\n", head, event, text))
}

// comment writes a line that browsers ignore: it keeps the connection alive.
func (e *events) comment(text string) error { return e.write(": " + text + "\n\n") }

func (e *events) write(text string) error {
	if err := e.control.SetWriteDeadline(time.Now().Add(eventTime)); err != nil {
		return err
	}
	if _, err := e.w.Write([]byte(text)); err != nil {
		return err
	}
	return e.control.Flush()
}
