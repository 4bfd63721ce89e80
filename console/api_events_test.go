package console

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"ringway/console/staff"
	hub "ringway/console/stream"
	"ringway/store"
	"ringway/store/memory"
)

// ear is a hub with a record of its own, and the listener that serves it.
type ear struct {
	t        testing.TB
	hub      *hub.Hub
	db       *memory.DB
	seq      uint64
	url      string
	key      string // that may read events
	stranger string // that may not
	office   *office
}

func listenToEvents(t *testing.T, change ...func(*Options)) *ear {
	e := &ear{t: t, db: memory.New()}
	e.hub = hub.New(hub.Options{Boot: "b", Past: e.db})
	t.Cleanup(e.hub.Close)
	o := opened(t, append([]func(*Options){func(o *Options) { o.Events = e.hub }}, change...)...)
	e.office = o
	e.url, e.key = o.api.URL()+"/api/v1/events", "Bearer "+o.machine(staff.Events).key
	e.stranger = "Bearer " + o.machine(staff.ReadCalls).key
	e.happens(store.Event{Kind: store.NodeStart, Reason: "v1"})
	return e
}

// happens puts an event on record and into the hub.
func (e *ear) happens(v store.Event) string {
	e.seq++
	v.Node, v.Boot, v.Seq, v.At = "n", "b", e.seq, time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	if err := e.db.Save(context.Background(), []store.Record{{Event: &v}}); err != nil {
		e.t.Fatal(err)
	}
	e.hub.Post(v)
	return v.Place().String()
}

func (e *ear) agent(id string) string {
	return e.happens(store.Event{Kind: store.AgentState, Agent: id, State: "talk"})
}

// sse is one connection, as a browser reads it.
type sse struct {
	t    testing.TB
	resp *http.Response
	in   *bufio.Scanner
	last string // Last-Event-ID
}

func (e *ear) connects(last, query string) *sse {
	e.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	e.t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, e.url+query, nil)
	if err != nil {
		e.t.Fatal(err)
	}
	req.Header.Set("Authorization", e.key)
	if last != "" {
		req.Header.Set("Last-Event-ID", last)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		e.t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK {
		e.t.Fatalf("%s: %s", query, resp.Status)
	}
	return &sse{t: e.t, resp: resp, in: bufio.NewScanner(resp.Body), last: last}
}

// next is the next event that a browser tells of, as "kind data".
func (s *sse) next() string {
	s.t.Helper()
	kind, data := "", ""
	for s.in.Scan() {
		name, value, _ := strings.Cut(s.in.Text(), ": ")
		switch name {
		case "id":
			s.last = value
		case "event":
			kind = value
		case "data":
			data = value
		case "":
			if data != "" {
				return kind + " " + data
			}
		}
	}
	s.t.Fatalf("the stream ended: %v", s.in.Err())
	return ""
}

// silence reads up to the next sign of life.
func (s *sse) silence() {
	for s.in.Scan() && s.in.Text() != "" {
		if id, ok := strings.CutPrefix(s.in.Text(), "id: "); ok {
			s.last = id
		}
	}
}

func (s *sse) close() { s.resp.Body.Close() } //nolint:errcheck // it is left

func TestEventsGoOnWhereABrowserLeft(t *testing.T) {
	e := listenToEvents(t)
	s := e.connects("", "")
	s.silence()
	id := e.agent("mei")
	const want = `agent.state {"id":"b.2","node":"n","at":"2026-03-02T09:00:00.000000Z","kind":"agent.state","agent":"mei","state":"talk"}`
	if got := s.next(); got != want || s.last != id {
		t.Errorf("got %s\nwant %s", got, want)
	}
	s.close()
	e.agent("ken")
	again := e.connects(s.last, "")
	defer again.close()
	if got := again.next(); !strings.Contains(got, `"id":"b.3"`) || !strings.Contains(got, "ken") {
		t.Errorf("after the break: %s", got)
	}
}

func TestEventsFromElsewhere(t *testing.T) {
	e := listenToEvents(t)
	e.agent("mei")
	e.agent("ken")
	for query, want := range map[string]string{
		"?after=oldest":                        `node.start {"id":"b.1"`,
		"?after=b.1":                           `agent.state {"id":"b.2"`,
		"?after=oldest&agent=ken":              `agent.state {"id":"b.3"`,
		"?after=oldest&kind=agent.*&kind=gap.": "",
	} {
		if want == "" {
			resp, text := fetch(t, e.url+query, "Authorization", e.key)
			if resp.StatusCode != 422 || !strings.Contains(text, "query.kind") || !strings.Contains(text, `"code":"no_event"`) {
				t.Errorf("%s: %s %s", query, resp.Status, text)
			}
			continue
		}
		s := e.connects("", query)
		if got := s.next(); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s", query, got)
		}
		s.close()
	}
	for id, after := range map[string]string{"other.7": "other.7", "nonsense": "unknown.0"} {
		s := e.connects(id, "")
		want := fmt.Sprintf(`gap {"reason":"unknown","after":%q,"next":"b.4"}`, after)
		if got := s.next(); got != want || s.last != "b.3" {
			t.Errorf("%s: %s, id %s", id, got, s.last)
		}
		s.close()
	}
	if resp, _ := fetch(t, e.url, "Authorization", e.stranger); resp.StatusCode != http.StatusForbidden {
		t.Errorf("another scope: %s", resp.Status)
	}
	if resp, text := fetch(t, e.url+"?after=x", "Authorization", e.key); resp.StatusCode != 422 || !strings.Contains(text, "query.after") {
		t.Errorf("a place that is none: %s %s", resp.Status, text)
	}
}

func TestEventsCatalogue(t *testing.T) {
	e := listenToEvents(t)
	_, text := fetch(t, e.url+"/catalogue", "Authorization", e.key)
	var got catalogue
	if err := json.Unmarshal([]byte(text), &got); err != nil || len(got.Kinds) != len(hub.Catalogue) {
		t.Errorf("%v: %s", err, text)
	}
	resp, text := fetch(t, strings.TrimSuffix(e.url, "/v1/events")+"/asyncapi.json")
	var doc struct{ AsyncAPI string }
	if err := json.Unmarshal([]byte(text), &doc); err != nil || doc.AsyncAPI != "3.0.0" {
		t.Errorf("%s %v: %s", resp.Status, err, text)
	}
}

// A browser that does not read is cut off; nobody waits for it, and it goes on where it left.
func TestSlowBrowserIsCutOff(t *testing.T) {
	t.Parallel()
	e := listenToEvents(t)
	slow, quick := e.connects("", ""), e.connects("", "")
	defer quick.close()
	slow.silence()
	quick.silence()
	const count = 60_000 // more than what the kernel takes for a connection
	done := make(chan int)
	go func() {
		n := 0
		for range count {
			quick.next()
			n++
		}
		done <- n
	}()
	for range count {
		e.agent("mei")
	}
	if n := <-done; n != count {
		t.Errorf("the quick one got %d", n)
	}
	for deadline := time.Now().Add(4 * eventTime); e.hub.Readers() > 1; {
		if time.Now().After(deadline) {
			t.Fatal("the slow one is still there")
		}
		time.Sleep(50 * time.Millisecond)
	}
	var seen []string
	for len(seen) < 5 {
		seen = append(seen, strings.SplitN(slow.next(), `"`, 5)[3])
	}
	slow.close()
	again := e.connects(slow.last, "")
	defer again.close()
	for len(seen) < 10 {
		seen = append(seen, strings.SplitN(again.next(), `"`, 5)[3])
	}
	var want []string
	for i := range 10 {
		want = append(want, fmt.Sprint("b.", i+2))
	}
	if !slices.Equal(seen, want) {
		t.Errorf("the slow one saw %v", seen)
	}
}
