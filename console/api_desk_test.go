package console

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"ringway/acd"
	"ringway/config/diag"
	"ringway/console/desk"
	"ringway/console/staff"
	"ringway/store"
)

// deskOffice is an office with a router and desks for its people.
func deskOffice(t *testing.T) (*office, *desk.Hub) {
	t.Helper()
	var l diag.List
	spec := acd.LoadSpec(acd.File{Name: "queues.yaml", Text: []byte(`queues: {help: {members: "role == 'agent'", wrap_up: 1m}}`)},
		acd.File{Name: "people.yaml", Text: []byte("people: [{id: mei, name: Mei Lin, role: agent, phones: [mei]}, {id: ken, role: agent}]")}, &l)
	if err := l.Err(); err != nil {
		t.Fatal(err)
	}
	router := acd.NewRouter(acd.RouterOptions{})
	t.Cleanup(router.Stop)
	router.Apply(spec)
	router.Post(acd.Phone{Account: "mei", Registered: true})
	var hub *desk.Hub
	o := opened(t, func(opts *Options) {
		hub = desk.New(desk.Options{Router: router, Calls: noCalls{}, Control: noCalls{}, Records: opts.Journal.(desk.Records), Sink: noCalls{},
			Spec: func() *acd.Spec { return spec }})
		opts.Desks = hub
	})
	t.Cleanup(hub.Close)
	return o, hub
}

// noCalls is a switch without calls.
type noCalls struct{}

func (noCalls) Call(string) (desk.Call, bool)                                  { return desk.Call{}, false }
func (noCalls) HoldCall(context.Context, string, string, bool) error           { return nil }
func (noCalls) HangUpCall(context.Context, string, string) error               { return nil }
func (noCalls) TransferToNumber(context.Context, string, string, string) error { return nil }
func (noCalls) TransferToQueue(context.Context, string, string, string) error  { return nil }
func (noCalls) Record(store.Record)                                            {}

// stream opens a stream of somebody who is logged in.
func (c *caller) stream(ctx context.Context, path string) *http.Response {
	c.o.t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.o.api.URL()+"/api/v1"+path, nil)
	if err != nil {
		c.o.t.Fatal(err)
	}
	req.AddCookie(&http.Cookie{Name: sessionCookie, Value: c.cookie})
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		c.o.t.Fatal(err)
	}
	return resp
}

// desk reads the states of a desk until the test ends it.
func (c *caller) desk(ctx context.Context, tab string) (*http.Response, *bufio.Scanner) {
	c.o.t.Helper()
	resp := c.stream(ctx, "/desk/stream?tab="+tab)
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 1<<20)
	return resp, lines
}

// next is the next state on a stream.
func next(t *testing.T, lines *bufio.Scanner, fits func(desk.State) bool) {
	t.Helper()
	for lines.Scan() {
		var s desk.State
		if text, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			if err := json.Unmarshal([]byte(text), &s); err != nil {
				t.Fatal(err)
			}
			if fits(s) {
				return
			}
		}
	}
	t.Fatalf("the stream ended: %v", lines.Err())
}

// A desk is open while its stream is read; what is done at it is in the next state.
func TestDeskByHTTP(t *testing.T) {
	o, hub := deskOffice(t)
	mei := o.as("mei")
	ctx, leave := context.WithCancel(t.Context())
	resp, lines := mei.desk(ctx, "t1")
	defer resp.Body.Close()
	if got := resp.Header.Get("Content-Type"); resp.StatusCode != 200 || got != "text/event-stream" {
		t.Fatal(resp.StatusCode, got)
	}
	next(t, lines, func(s desk.State) bool { return s.Agent.ID == "mei" && s.Agent.State == "offline" && s.Tabs == 1 })
	mei.want("POST", "/api/v1/desk/ready", nil, 204)
	next(t, lines, func(s desk.State) bool { return s.Agent.State == "available" })
	mei.want("POST", "/api/v1/desk/not-ready", map[string]string{"reason": "lunch"}, 204)
	next(t, lines, func(s desk.State) bool { return s.Agent.Reason == "lunch" })
	mei.want("POST", "/api/v1/desk/next", map[string]string{}, 204)
	next(t, lines, func(s desk.State) bool { return s.Agent.State == "available" })
	mei.want("POST", "/api/v1/desk/leave", map[string]string{}, 204)
	mei.want("POST", "/api/v1/desk/join", map[string]string{"queue": "help"}, 204)
	next(t, lines, func(s desk.State) bool { return len(s.Agent.Joined) == 1 })
	leave()
	for end := time.Now().Add(30 * time.Second); hub.IsOpen("mei"); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the desk outlives its stream")
		}
	}
}

func TestDeskRefusals(t *testing.T) {
	o, _ := deskOffice(t)
	mei := o.as("mei")
	for _, c := range []struct {
		method, path string
		in           any
		status       int
		says         string
	}{
		{"POST", "accept", map[string]string{"offer": "v1.1"}, 409, "over"},
		{"POST", "decline", map[string]string{"offer": "v1.1", "reason": "Mrs Lin"}, 422, "body.reason"},
		{"POST", "decline", map[string]string{}, 422, "property offer"},
		{"POST", "shown", map[string]string{"offer": "v1.1"}, 204, ""},
		{"POST", "not-ready", map[string]string{"reason": "lunch"}, 409, "join a queue first"},
		{"POST", "join", map[string]string{"queue": "nowhere"}, 409, "no such queue"},
		{"POST", "next", map[string]string{"state": "dancing"}, 422, "body.state"},
		{"POST", "hold", map[string]bool{"on": true}, 409, "no call"},
		{"POST", "hangup", nil, 409, "no call"},
		{"POST", "transfer", map[string]string{"to": "700", "kind": "pigeon"}, 422, "body.kind"},
		{"POST", "wrap-up/end", nil, 409, "no wrap-up"},
		{"POST", "wrap-up/extend", map[string]int{"seconds": 0}, 422, "body.seconds"},
		{"PUT", "calls/c1/disposition", map[string]string{"code": "refund"}, 404, "not one of hers"},
		{"PUT", "calls/c1/note", map[string]string{"text": "x"}, 404, "not one of hers"},
		{"PUT", "calls/c1/note", map[string]string{"text": strings.Repeat("x", 8193)}, 422, "body.text"},
		{"GET", "stream?tab=a%20b", nil, 422, "query.tab"},
		{"GET", "stream", nil, 422, "query.tab"},
	} {
		mei.want(c.method, "/api/v1/desk/"+c.path, c.in, c.status, c.says)
	}
	o.as("ada").want("GET", "/api/v1/desk/stream?tab=t", nil, 404, "no such agent") // no phone, no desk: she is not in people.yaml of the queues
	o.anonymous().want("POST", "/api/v1/desk/ready", nil, 401)
	o.machine(staff.WriteAgents).want("POST", "/api/v1/desk/ready", nil, 403)
}
