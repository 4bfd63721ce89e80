package lookup_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"ringway/console/lookup"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// crm is a customer system on this machine, and a service that asks it.
type crm struct {
	t      *testing.T
	s      *lookup.Service
	server *httptest.Server
	asked  atomic.Int64
	told   chan string // calls of Deliver

	mu     sync.Mutex // guards what follows
	answer http.HandlerFunc
	now    time.Time
}

func newCRM(t *testing.T, change func(*lookup.Settings)) *crm {
	c := &crm{t: t, told: make(chan string, 10_000), now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	c.says(`{"name": "Lin"}`)
	c.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.asked.Add(1)
		c.mu.Lock()
		f := c.answer
		c.mu.Unlock()
		f(w, r)
	}))
	c.s = lookup.New(lookup.Options{Now: c.clock, Deliver: func(call string) { c.told <- call }})
	t.Cleanup(func() {
		c.s.Close()
		c.server.CloseClientConnections()
		c.server.Close()
	})
	set := lookup.Settings{Source: "{customer}?b={booking}", Timeout: 5 * time.Second, Cache: time.Minute, AllowPrivate: true,
		Headers: map[string]string{"Authorization": "Bearer secret"}}
	set.Address = c.template("/customers/{customer}?b={booking}")
	if change != nil {
		change(&set)
	}
	c.s.Apply(set)
	return c
}

func (c *crm) template(path string) *lookup.Template {
	tpl, err := lookup.Parse(c.server.URL+path, true)
	if err != nil {
		c.t.Fatal(err)
	}
	return tpl
}

func (c *crm) clock() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *crm) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func (c *crm) does(f http.HandlerFunc) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answer = f
}

func (c *crm) says(text string) {
	c.does(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, text) })
}

func (c *crm) fails(status int) {
	c.does(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
}

// result starts a look-up and waits for its end.
func (c *crm) result(call, customer string) lookup.Result {
	c.t.Helper()
	c.s.Start(lookup.Query{Call: call, Customer: customer, Booking: "b 1/2"})
	return c.end(call)
}

func (c *crm) end(call string) lookup.Result {
	c.t.Helper()
	for deadline := time.After(20 * time.Second); ; {
		if r := c.s.Result(call); r.State != lookup.Pending {
			return r
		}
		select {
		case <-c.told:
		case <-deadline:
			c.t.Fatal("no end")
		}
	}
}

func TestAnswerFillsTheCard(t *testing.T) {
	c := newCRM(t, nil)
	c.does(func(w http.ResponseWriter, r *http.Request) {
		if got := r.RequestURI + " " + r.Header.Get("Authorization"); got != "/customers/k%2F9?b=b+1%2F2 Bearer secret" {
			t.Errorf("asked %s", got)
		}
		fmt.Fprint(w, `{"name":" Lin\u0000\u202e <b>", "language":"zh-TW", "booking":17, "unknown":{"a":[1]}, "notes":["first","",{"x":1}],
			"fields":{"tier":"gold","stays":12,"vip":true,"deep":{"a":1},"none":null}}`)
	})
	got, err := json.Marshal(c.result("c1", "k/9"))
	const want = `{"State":"ok","Record":{"name":"Lin \u003cb\u003e","language":"zh-TW","booking":"17","fields":{"stays":"12","tier":"gold","vip":"true"},"notes":["first"]},"Why":""}`
	if err != nil || string(got) != want {
		t.Errorf("got  %s %v\nwant %s", got, err, want)
	}
	c.s.End("c1")
	if r := c.s.Result("c1"); r.State != lookup.Off {
		t.Errorf("after the call: %+v", r)
	}
}

func TestWhatIsNotAsked(t *testing.T) {
	c := newCRM(t, nil)
	for _, q := range []lookup.Query{{Call: "c1"}, {Call: "c2", Customer: ".."}, {Call: "c3", Customer: "."}} {
		c.s.Start(q)
		if r := c.s.Result(q.Call); r.State == lookup.OK || r.State == lookup.Pending {
			t.Errorf("%+v: %+v", q, r)
		}
	}
	c.s.Apply(lookup.Settings{})
	c.s.Start(lookup.Query{Call: "c4", Customer: "k"})
	if r := c.s.Result("c4"); r.State != lookup.Off || c.asked.Load() != 0 {
		t.Errorf("without settings: %+v, asked %d", r, c.asked.Load())
	}
}

// Many calls of one customer are one question, and its answer is good for a while.
func TestOneQuestionForAll(t *testing.T) {
	c := newCRM(t, nil)
	gate := make(chan struct{})
	c.does(func(w http.ResponseWriter, _ *http.Request) {
		<-gate
		fmt.Fprint(w, `{"name":"Lin"}`)
	})
	for i := range 20 {
		c.s.Start(lookup.Query{Call: fmt.Sprint("c", i), Customer: "k"})
	}
	close(gate)
	for i := range 20 {
		if r := c.end(fmt.Sprint("c", i)); r.State != lookup.OK || r.Record.Name != "Lin" {
			t.Errorf("call %d: %+v", i, r)
		}
	}
	c.s.Start(lookup.Query{Call: "later", Customer: "k"})
	if r := c.s.Result("later"); r.State != lookup.OK || c.asked.Load() != 1 {
		t.Errorf("from the cache: %+v, asked %d", r, c.asked.Load())
	}
	c.pass(2 * time.Minute)
	c.s.Start(lookup.Query{Call: "old", Customer: "k"})
	if r := c.end("old"); r.State != lookup.OK || c.asked.Load() != 2 {
		t.Errorf("after the cache's time: %+v, asked %d", r, c.asked.Load())
	}
}

func TestBadAnswers(t *testing.T) {
	c := newCRM(t, func(s *lookup.Settings) { s.Cache = 0 })
	n := 0
	for text, why := range map[string]string{"": "no JSON", "[]": "no JSON", "null": "no JSON", `"x"`: "no JSON", `{"fields":[1]}`: "fields",
		`{"notes":{}}`: "notes", `{"a":` + strings.Repeat("[", 20_000): "no JSON", strings.Repeat(" ", 70_000) + "{}": "too long"} {
		c.says(text)
		n++
		if r := c.result(fmt.Sprint("c", n), fmt.Sprint("k", n)); r.State != lookup.Failed || !strings.Contains(r.Why, why) {
			t.Errorf("%.20s: %+v", text, r)
		}
		c.says("{}")
		c.pass(2 * time.Minute)
		n++
		if r := c.result(fmt.Sprint("c", n), "k"); r.State != lookup.OK {
			t.Errorf("after %.20s: %+v", text, r)
		}
	}
	c.fails(404)
	if r := c.result("unknown", "nobody"); r.State != lookup.OK || r.Record.Name != "" {
		t.Errorf("a customer it does not know: %+v", r)
	}
	many := map[string]any{"fields": map[string]string{}, "notes": []string{}}
	for i := range 100 {
		many["fields"].(map[string]string)[fmt.Sprint("f", i)] = strings.Repeat("語", 10)
		many["notes"] = append(many["notes"].([]string), "n")
	}
	many["name"] = strings.Repeat("x", 1000)
	text, err := json.Marshal(many)
	if err != nil {
		t.Fatal(err)
	}
	c.says(string(text))
	r := c.result("long", "long")
	if len(r.Record.Fields) != 40 || len(r.Record.Notes) != 20 || len(r.Record.Name) != 200 {
		t.Errorf("%d fields, %d notes, a name of %d", len(r.Record.Fields), len(r.Record.Notes), len(r.Record.Name))
	}
}

// A system that does not answer is left alone; one question finds out when it is back.
func TestBreaker(t *testing.T) {
	c := newCRM(t, nil)
	c.fails(500)
	n := 0
	next := func() lookup.Result { n++; return c.result(fmt.Sprint("c", n), fmt.Sprint("k", n)) }
	for range 5 {
		if r := next(); r.State != lookup.Failed || r.Why != "the system answered 500" {
			t.Fatalf("%+v", r)
		}
	}
	for range 10 {
		if r := next(); r.State != lookup.Failed {
			t.Fatalf("%+v", r)
		}
	}
	if c.asked.Load() != 5 {
		t.Errorf("asked %d times", c.asked.Load())
	}
	c.pass(6 * time.Second)
	next()
	next()
	if c.asked.Load() != 6 {
		t.Errorf("half open, it asked %d times", c.asked.Load())
	}
	c.says("{}")
	c.pass(6 * time.Second) // the pause has doubled
	if next(); c.asked.Load() != 6 {
		t.Errorf("asked %d times", c.asked.Load())
	}
	c.pass(6 * time.Second)
	for range 3 {
		if r := next(); r.State != lookup.OK {
			t.Errorf("closed again: %+v", r)
		}
	}
}

// A system that hangs costs bounded memory and nobody's time.
func TestHangingSystem(t *testing.T) {
	c := newCRM(t, func(s *lookup.Settings) { s.Timeout = 200 * time.Millisecond })
	var open, most atomic.Int64
	c.does(func(_ http.ResponseWriter, r *http.Request) {
		most.Store(max(most.Load(), open.Add(1)))
		defer open.Add(-1)
		<-r.Context().Done()
	})
	for i := range 1000 {
		c.s.Start(lookup.Query{Call: fmt.Sprint("c", i), Customer: fmt.Sprint("k", i)})
	}
	for i := range 1000 {
		if r := c.end(fmt.Sprint("c", i)); r.State != lookup.Failed {
			t.Fatalf("call %d: %+v", i, r)
		}
	}
	if most.Load() > 2*16 { // the server learns a little later that a question was given up
		t.Errorf("%d questions at once", most.Load())
	}
}

func TestForgottenCustomer(t *testing.T) {
	c := newCRM(t, nil)
	c.result("c1", "k")
	gate := make(chan struct{})
	c.does(func(w http.ResponseWriter, _ *http.Request) { <-gate; fmt.Fprint(w, `{"name":"Lin"}`) })
	c.s.Start(lookup.Query{Call: "c2", Customer: "k", Booking: "other"})
	for c.asked.Load() < 2 {
		time.Sleep(time.Millisecond)
	}
	c.s.Forget("k")
	close(gate)
	for _, call := range []string{"c1", "c2"} {
		if r := c.s.Result(call); r.Record != nil {
			t.Errorf("%s: %+v", call, r.Record)
		}
	}
	c.result("c3", "other")
	if r := c.result("c4", "k"); r.State != lookup.OK || c.asked.Load() != 4 {
		t.Errorf("%+v, asked %d", r, c.asked.Load())
	}
	c.s.Keep(func(call string) bool { return call == "c4" })
	if c.s.Result("c3").State != lookup.Off || c.s.Result("c4").State != lookup.OK {
		t.Error("Keep kept the wrong calls")
	}
}

func TestPrivateSystemIsRefused(t *testing.T) {
	c := newCRM(t, func(s *lookup.Settings) { s.AllowPrivate = false })
	if r := c.result("c1", "k"); r.State != lookup.Failed || !strings.Contains(r.Why, "allow_private") || c.asked.Load() != 0 {
		t.Errorf("%+v", r)
	}
}

func TestTemplates(t *testing.T) {
	for text, want := range map[string]string{
		"https://crm.example.org/c/{customer}":       "",
		"https://crm.example.org/?c={customer}":      "",
		"https://crm.example.org?c={customer}":       "",
		"https://crm.example.org/{custommer}":        "did you mean 'customer'?",
		"https://crm.example.org/{customer":          "not closed",
		"https://{customer}.example.org/":            "before the path",
		"https://crm.example.org:{customer}/":        "before the path",
		"https://crm.example.org{customer}":          "before the path",
		"{customer}":                                 "before the path",
		"ftp://crm.example.org/{customer}":           "neither",
		"https://127.0.0.1/{customer}":               "private",
		"https://user:pw@crm.example.org/{customer}": "password",
	} {
		_, err := lookup.Parse(text, false)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	tpl, err := lookup.Parse("https://crm.example.org/c/{customer}?b={booking}&l={language}", false)
	if err != nil {
		t.Fatal(err)
	}
	got, ok := tpl.URL(&lookup.Query{Customer: "a/../b?c#d é%", Booking: "x&y=z {call}", Language: "zh-TW"})
	const want = "https://crm.example.org/c/a%2F..%2Fb%3Fc%23d%20%C3%A9%25?b=x%26y%3Dz+%7Bcall%7D&l=zh-TW"
	if !ok || got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
