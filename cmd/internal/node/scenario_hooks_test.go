package node

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"ringway/console"
	"ringway/console/desk"
	"ringway/console/lookup"
	"ringway/store"
)

// otherSystems are the other systems of a company: one that takes webhooks, one that knows customers.
type otherSystems struct {
	*httptest.Server
	mu    sync.Mutex // guards what follows
	heard []string   // kinds of event, with what identifies them
	asked []string
	gate  chan struct{} // an answer about a customer waits for it
}

func newOtherSystems(t *testing.T) *otherSystems {
	c := &otherSystems{gate: make(chan struct{})}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /hook", func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.heard = append(c.heard, r.Header.Get("Webhook-Id")+" "+string(body))
	})
	mux.HandleFunc("GET /customers/{id}", func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		c.asked = append(c.asked, r.RequestURI+" "+r.Header.Get("X-Key"))
		c.mu.Unlock()
		select {
		case <-c.gate:
			w.Write([]byte(`{"name":"Lin Yi-Chen","fields":{"tier":"gold"}}`)) //nolint:errcheck // the test sees it
		case <-r.Context().Done():
		}
	})
	c.Server = httptest.NewServer(mux)
	t.Cleanup(func() {
		c.CloseClientConnections()
		c.Close()
	})
	return c
}

// hears waits until a webhook told of something.
func (c *otherSystems) hears(t *testing.T, what ...string) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		c.mu.Lock()
		all := strings.Join(c.heard, "\n")
		c.mu.Unlock()
		missing := ""
		for _, w := range what {
			if !strings.Contains(all, w) {
				missing = w
			}
		}
		if missing == "" {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("nobody was told of %q, but of\n%s", missing, all)
		}
	}
}

// Other systems hear of a call, and the customer is looked up while the phone already rings; neither hears a name or number.
func TestOtherSystemsHearOfACall(t *testing.T) {
	o := openOffice(t)
	c := newOtherSystems(t)
	o.reload(true, edit{"ringway.yaml", "\nlimits:", `
webhooks:
  - {name: helpdesk, url: "` + c.URL + `/hook", secrets: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", events: ["call.*", "visit.*"], allow_private: true}
crm: {url: "` + c.URL + `/customers/{customer}?booking={booking}", headers: {X-Key: secret}, timeout: 30s, allow_private: true}
limits:`})
	zh1 := o.phone("zh1")
	b := o.desk("zh1")
	app := o.app(console.MintRequest{Subject: "c-1", Claims: store.Claims{Language: "zh-TW", Customer: "k-1", Booking: "b/9", Name: "Lin Yi-Chen"}})
	a := app.Invite("help")
	a.Expect(200)
	b.shown(b.offered("card").ID)
	in := zh1.ExpectCall() // the offer goes out, though nobody has answered about the customer yet
	in.Answer()
	o.event(a, store.VisitConnect, "")
	id := o.visit(a).Call
	o.lookup(id, lookup.Pending)
	b.see("a card that waits for more", func(s *desk.State) bool { return s.Call != nil && s.Call.Card.Lookup == desk.LookupPending })
	close(c.gate)
	b.see("a card that was filled in", func(s *desk.State) bool {
		return s.Call != nil && s.Call.Card.Lookup == desk.LookupOK && s.Call.Card.Customer.Fields["tier"] == "gold"
	})
	if r := o.lookup(id, lookup.OK); r.Record.Fields["tier"] != "gold" {
		t.Errorf("the look-up came to %+v", r.Record)
	}
	a.Bye()
	in.ExpectBye()
	c.hears(t, `"type":"call.start"`, `"type":"visit.enter"`, `"type":"visit.end"`, `"type":"call.end"`)
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.asked) != 1 || c.asked[0] != "/customers/k-1?booking=b%2F9 secret" {
		t.Errorf("asked %v", c.asked)
	}
	if all := strings.Join(c.heard, "\n"); strings.Contains(all, "Lin") || strings.Contains(all, "leg.") {
		t.Errorf("told %s", all)
	}
	o.lookup(id, lookup.Off)
}

// lookup waits until the look-up for a call has come to a state.
func (o *office) lookup(call string, state lookup.State) lookup.Result {
	o.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		r := o.n.lookups.Result(call)
		if r.State == state {
			return r
		}
		if time.Now().After(deadline) {
			o.t.Fatalf("the look-up is %+v, want %s", r, state)
		}
	}
}
