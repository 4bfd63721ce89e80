package hooks_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"ringway/console/hooks"
	"ringway/console/stream"
	"ringway/store"
	"ringway/store/sqlite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	oldSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	newSecret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
)

// office is a switch as webhooks see it: events come to record at once.
type office struct {
	t    *testing.T
	db   *sqlite.DB
	hub  *stream.Hub
	m    *hooks.Manager
	boot int
	seq  uint64
	o    hooks.Options
	ends []hooks.Endpoint
}

func newOffice(t *testing.T, ends ...hooks.Endpoint) *office {
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "hooks.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, db: db, ends: ends, o: hooks.Options{Schedule: slices.Repeat([]time.Duration{time.Millisecond}, 50),
		Pause: time.Millisecond}}
	o.starts()
	t.Cleanup(func() {
		o.m.Close()
		o.hub.Close()
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return o
}

// starts begins a run of the switch.
func (o *office) starts() {
	o.boot++
	o.seq = 0
	o.hub = stream.New(stream.Options{Boot: fmt.Sprint("run", o.boot), Past: o.db, Pause: time.Microsecond})
	o.happens(store.NodeStart)
	o.o.Hub, o.o.Store = o.hub, o.db
	o.m = hooks.New(o.o)
	o.m.Apply(o.ends)
}

// stops ends it, cleanly.
func (o *office) stops() {
	o.m.Close()
	o.happens(store.NodeStop)
	o.hub.Close()
}

// happens puts an event on record; it returns the message that tells of it.
func (o *office) happens(kind store.EventKind) string {
	o.t.Helper()
	o.seq++
	e := store.Event{Node: "n", Boot: fmt.Sprint("run", o.boot), Seq: o.seq, At: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), Kind: kind}
	if kind == store.AgentState {
		e.Agent, e.State = "mei", "talk"
	}
	if err := o.db.Save(context.Background(), []store.Record{{Event: &e}}); err != nil {
		o.t.Fatal(err)
	}
	o.hub.Post(e)
	return fmt.Sprintf("run%d-%d", o.boot, o.seq)
}

// until waits for something to become true.
func (o *office) until(what string, is func() bool) {
	o.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !is(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			list, err := o.m.List(context.Background())
			o.t.Fatalf("%s did not happen; %+v, %v", what, list, err)
		}
	}
}

func (o *office) counts(hook string) store.HookCounts {
	c, err := o.db.CountHooks(context.Background(), hook)
	if err != nil {
		o.t.Fatal(err)
	}
	return c
}

// other is another system, which takes webhooks.
type other struct {
	t      *testing.T
	server *httptest.Server
	open   atomic.Int64
	most   atomic.Int64

	mu     sync.Mutex // guards what follows
	got    []string   // messages that it said 2xx to
	tries  int
	answer func(id string, try int) int // status
}

func newOther(t *testing.T, secret string) *other {
	o := &other{t: t, answer: func(string, int) int { return 204 }}
	o.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.most.Store(max(o.most.Load(), o.open.Add(1)))
		defer o.open.Add(-1)
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		id, err := verify(r.Header, body, secret)
		if err != nil {
			t.Errorf("%v: %s", err, body)
		}
		o.mu.Lock()
		o.tries++
		status := o.answer(id, o.tries)
		if status/100 == 2 {
			o.got = append(o.got, id)
		}
		o.mu.Unlock()
		if status == 302 {
			w.Header().Set("Location", "/elsewhere")
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(func() {
		o.server.CloseClientConnections()
		o.server.Close()
	})
	return o
}

// verify is the other side's check, as the specification describes it and not as the product does it.
func verify(h http.Header, body []byte, secret string) (id string, err error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return "", err
	}
	id = h.Get("Webhook-Id")
	at, err := strconv.ParseInt(h.Get("Webhook-Timestamp"), 10, 64)
	if err != nil || time.Since(time.Unix(at, 0)).Abs() > 5*time.Minute {
		return id, fmt.Errorf("timestamp %q", h.Get("Webhook-Timestamp"))
	}
	if id == "" || strings.Contains(id, ".") {
		return id, fmt.Errorf("id %q", id)
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%d.%s", id, at, body)
	for _, s := range strings.Split(h.Get("Webhook-Signature"), " ") {
		version, code, _ := strings.Cut(s, ",")
		sum, err := base64.StdEncoding.DecodeString(code)
		if version == "v1" && err == nil && hmac.Equal(sum, mac.Sum(nil)) {
			return id, nil
		}
	}
	return id, errors.New("no signature fits")
}

func (o *other) does(f func(id string, try int) int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.answer = f
}

func (o *other) taken() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.got)
}

// once is what it has taken, each once.
func (o *other) once() []string {
	list := o.taken()
	slices.Sort(list)
	return slices.Compact(list)
}

func (o *other) endpoint(name string, kinds ...string) hooks.Endpoint {
	e := hooks.Endpoint{Name: name, URL: o.server.URL, Kinds: kinds, Timeout: 10 * time.Second, AllowPrivate: true}
	for _, s := range []string{oldSecret, newSecret} {
		secret, err := hooks.ParseSecret(s)
		if err != nil {
			o.t.Fatal(err)
		}
		e.Secrets = append(e.Secrets, secret)
	}
	return e
}

func sorted(list []string) []string { slices.Sort(list); return list }

func TestMessageIsSignedByEverySecret(t *testing.T) {
	for _, secret := range []string{oldSecret, newSecret} {
		crm := newOther(t, secret)
		o := newOffice(t, crm.endpoint("crm", "agent.*"))
		o.until("the endpoint begins", func() bool { _, err := o.db.HookPlace(context.Background(), "crm"); return err == nil })
		o.happens(store.PlanApply) // not wanted
		id := o.happens(store.AgentState)
		o.until("delivery", func() bool { return o.counts("crm") == (store.HookCounts{Delivered: 1}) })
		if got := crm.taken(); !slices.Equal(got, []string{id}) {
			t.Errorf("took %v, want %s", got, id)
		}
		list, err := o.m.Deliveries(t.Context(), store.HookQuery{Hook: "crm"})
		if err != nil || len(list) != 1 {
			t.Fatalf("%v, %v", list, err)
		}
		var body struct {
			Type, Timestamp string
			Data            stream.Wire
		}
		if err := json.Unmarshal([]byte(list[0].Body), &body); err != nil || body.Type != "agent.state" || body.Data.ID != "run1.3" ||
			body.Timestamp != "2026-03-02T09:00:00.000000Z" || list[0].Status != 204 || list[0].Attempts != 1 {
			t.Errorf("%+v, %v", list[0], err)
		}
	}
}

// Whatever the other side answers, and though the switch restarts in the middle: in the end it has heard of everything.
func TestNothingIsLost(t *testing.T) {
	crm := newOther(t, newSecret)
	o := newOffice(t, crm.endpoint("crm", "agent.*"))
	o.until("the endpoint begins", func() bool { _, err := o.db.HookPlace(context.Background(), "crm"); return err == nil })
	var want []string
	crm.does(func(_ string, try int) int { return []int{500, 204, 503, 204, 404, 302}[try%6] })
	for range 4 {
		for range 60 {
			want = append(want, o.happens(store.AgentState))
		}
		o.until("some are taken", func() bool { return len(crm.once()) > len(want)/3 })
		o.stops()
		o.starts()
	}
	crm.does(func(string, int) int { return 200 })
	o.until("the rest is taken", func() bool { return len(crm.once()) == len(want) })
	if got := crm.once(); !slices.Equal(got, sorted(want)) {
		t.Errorf("took %v\nwant %v", got, want)
	}
	o.until("all is kept", func() bool { return o.counts("crm") == (store.HookCounts{Delivered: len(want)}) })
}

// Events of a time in which the webhooks were not running are told too.
func TestCursorSurvives(t *testing.T) {
	crm := newOther(t, newSecret)
	o := newOffice(t, crm.endpoint("crm", "agent.*"))
	o.until("the endpoint begins", func() bool { _, err := o.db.HookPlace(context.Background(), "crm"); return err == nil })
	o.m.Close()
	want := []string{o.happens(store.AgentState), o.happens(store.AgentState)}
	o.hub.Close()
	o.starts() // without a NodeStop before: the run was killed
	want = append(want, "gap-run2-0", o.happens(store.AgentState))
	o.until("all is told", func() bool { return len(crm.once()) == 4 })
	if got := crm.once(); !slices.Equal(got, sorted(want)) {
		t.Errorf("took %v\nwant %v", got, want)
	}
}

// One that hangs takes a bounded number of connections, makes nobody wait, and gets all when it wakes up.
func TestHangingEndpoint(t *testing.T) {
	gate := make(chan struct{})
	slow, quick := newOther(t, newSecret), newOther(t, newSecret)
	slow.server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		slow.most.Store(max(slow.most.Load(), slow.open.Add(1)))
		defer slow.open.Add(-1)
		select {
		case <-gate:
		case <-r.Context().Done():
			return
		}
		slow.mu.Lock()
		defer slow.mu.Unlock()
		slow.got = append(slow.got, r.Header.Get("Webhook-Id"))
	})
	hanging := slow.endpoint("slow", "agent.*")
	o := newOffice(t, hanging, quick.endpoint("quick", "agent.*"))
	o.until("the endpoints begin", func() bool {
		_, err1 := o.db.HookPlace(context.Background(), "slow")
		_, err2 := o.db.HookPlace(context.Background(), "quick")
		return err1 == nil && err2 == nil
	})
	for range 300 {
		o.happens(store.AgentState)
	}
	o.until("the quick one has all", func() bool { return len(quick.taken()) == 300 })
	o.until("the slow one is full", func() bool { return slow.open.Load() == 8 })
	close(gate)
	o.until("the slow one has all", func() bool { return len(slow.once()) == 300 })
	if slow.most.Load() > 8 {
		t.Errorf("%d connections at once", slow.most.Load())
	}
}

func TestEventsWaitInTheRecord(t *testing.T) {
	crm := newOther(t, newSecret)
	crm.does(func(string, int) int { return 500 })
	o := newOffice(t)
	o.o.MaxPending, o.o.Pause, o.o.Schedule = 100, time.Hour, []time.Duration{time.Hour}
	o.stops()
	o.ends = []hooks.Endpoint{crm.endpoint("crm", "agent.*")}
	o.starts()
	o.until("the endpoint begins", func() bool { _, err := o.db.HookPlace(context.Background(), "crm"); return err == nil })
	for range 500 {
		o.happens(store.AgentState)
	}
	o.until("the endpoint is down", func() bool {
		list, err := o.m.List(context.Background())
		return err == nil && list[0].Down && list[0].Error == "answered 500"
	})
	o.until("as many wait as may", func() bool { return o.counts("crm").Pending >= 100 })
	time.Sleep(50 * time.Millisecond) // more would come now
	if c := o.counts("crm"); c.Pending > 200 {
		t.Errorf("%+v", c)
	}
	crm.mu.Lock()
	if crm.tries > 16 {
		t.Errorf("one that is down was tried %d times", crm.tries)
	}
	crm.mu.Unlock()
}

func TestDeadLettersAreSentAgain(t *testing.T) {
	crm := newOther(t, newSecret)
	crm.does(func(string, int) int { return 302 })
	o := newOffice(t)
	o.o.Schedule = []time.Duration{time.Millisecond, time.Millisecond}
	o.stops()
	o.ends = []hooks.Endpoint{crm.endpoint("crm", "agent.*")}
	o.starts()
	o.until("the endpoint begins", func() bool { _, err := o.db.HookPlace(context.Background(), "crm"); return err == nil })
	for range 3 {
		o.happens(store.AgentState)
	}
	o.until("three are dead", func() bool { return o.counts("crm").Dead == 3 })
	list, err := o.m.Deliveries(t.Context(), store.HookQuery{Hook: "crm", State: store.HookDead})
	if err != nil || len(list) != 3 || list[0].Attempts != 3 || list[0].Error != "answered 302: redirects are not followed" {
		t.Fatalf("%+v, %v", list, err)
	}
	crm.does(func(string, int) int { return 200 })
	if d, err := o.m.Resend(t.Context(), list[1].ID); err != nil || d.Message != list[1].Message {
		t.Errorf("%+v, %v", d, err)
	}
	o.until("one is taken", func() bool { return o.counts("crm") == (store.HookCounts{Delivered: 1, Dead: 2}) })
	if n, err := o.m.ResendDead(t.Context(), "crm"); n != 2 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	o.until("all are taken", func() bool { return o.counts("crm") == (store.HookCounts{Delivered: 3}) })
	if _, err := o.m.Resend(t.Context(), 999); !errors.Is(err, hooks.ErrUnknown) {
		t.Errorf("a delivery that is none: %v", err)
	}
	if _, err := o.m.Deliveries(t.Context(), store.HookQuery{Hook: "erp"}); !errors.Is(err, hooks.ErrUnknown) {
		t.Errorf("an endpoint that is none: %v", err)
	}
}

func TestPrivateEndpointIsRefused(t *testing.T) {
	crm := newOther(t, newSecret)
	e := crm.endpoint("crm")
	e.AllowPrivate = false
	o := newOffice(t, e)
	o.until("a try", func() bool {
		o.happens(store.AgentState)
		list, err := o.m.List(context.Background())
		return err == nil && list[0].Error == "the address is private: see allow_private"
	})
	if len(crm.taken()) > 0 {
		t.Error("it was reached")
	}
}

// An endpoint that is taken out and put back in time goes on where it was; what is changed begins anew.
func TestApply(t *testing.T) {
	a, b := newOther(t, newSecret), newOther(t, newSecret)
	o := newOffice(t, a.endpoint("crm", "agent.*"))
	o.until("the endpoint begins", func() bool { _, err := o.db.HookPlace(context.Background(), "crm"); return err == nil })
	o.m.Apply(nil)
	missed := o.happens(store.AgentState)
	o.m.Apply([]hooks.Endpoint{b.endpoint("crm", "agent.*")})
	second := o.happens(store.AgentState)
	o.until("both are told", func() bool { return len(b.once()) == 2 })
	if got := b.once(); !slices.Equal(got, sorted([]string{missed, second})) || len(a.taken()) > 0 {
		t.Errorf("the new address got %v, the old one %v", got, a.taken())
	}
	if err := o.db.RetireHooks(t.Context(), nil, time.Now().Add(-time.Hour), time.Now().Add(-2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := o.db.RetireHooks(t.Context(), nil, time.Now(), time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := o.db.HookPlace(t.Context(), "crm"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a webhook that was removed long ago: %v", err)
	}
	if c := o.counts("crm"); c != (store.HookCounts{}) {
		t.Errorf("its deliveries: %+v", c)
	}
	o.m.Close()
}

func TestSecrets(t *testing.T) {
	for _, bad := range []string{"", "secret", "whsec_", "whsec_!!", "whsec_" + base64.StdEncoding.EncodeToString(make([]byte, 23)),
		"whsec_" + base64.StdEncoding.EncodeToString(make([]byte, 65))} {
		if _, err := hooks.ParseSecret(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
