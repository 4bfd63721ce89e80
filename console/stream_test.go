package console

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// A stream sends its headers at once, then what it is given, and ends with its request.
func TestStream(t *testing.T) {
	mux := http.NewServeMux()
	var runs atomic.Int32
	huma.Get(humago.New(mux, huma.DefaultConfig("", "")), "/events", func(context.Context, *struct{}) (*huma.StreamResponse, error) {
		return stream(func(_ context.Context, e *events) {
			runs.Add(1)
			for _, err := range []error{e.send("7", "agent.state", map[string]string{"agent": "mei\n"}), e.comment("still here")} {
				if err != nil {
					t.Error(err)
				}
			}
		}), nil
	})
	s := httptest.NewServer(mux)
	defer s.Close()
	resp, text := fetch(t, s.URL+"/events")
	const want = ": \n\nid: 7\nevent: agent.state\ndata: {\"agent\":\"mei\\n\"}\n\n: still here\n\n"
	if text != want || resp.Header.Get("Content-Type") != "text/event-stream" {
		t.Errorf("%s %q", resp.Header.Get("Content-Type"), text)
	}
	head, err := http.Head(s.URL + "/events")
	if err != nil {
		t.Fatal(err)
	}
	head.Body.Close()
	s.Close() // waits for the request
	if head.Header.Get("Content-Type") != "text/event-stream" || runs.Load() != 1 {
		t.Errorf("HEAD: %s, and the stream ran %d times", head.Status, runs.Load())
	}
}
