package console

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ringway/console/staff"
)

// atOnce is much less than standingEvery, so that what is to be announced is not noticed by chance, and time enough on a machine that has much to do.
const atOnce = 2 * time.Second

// ends fails where a stream goes on for longer than it may.
func ends(t *testing.T, resp *http.Response, within time.Duration) {
	t.Helper()
	over := make(chan struct{})
	go func() {
		io.Copy(io.Discard, resp.Body) //nolint:errcheck // how it ends is no matter
		close(over)
	}()
	select {
	case <-over:
	case <-time.After(within):
		resp.Body.Close() //nolint:errcheck // it is left
		<-over
		t.Error("the stream goes on")
	}
}

func TestDeskEndsWithItsLogin(t *testing.T) {
	t.Parallel()
	o, _ := deskOffice(t)
	mei, elsewhere := o.as("mei"), o.as("mei")
	gone, _ := mei.desk(t.Context(), "one")
	kept, lines := elsewhere.desk(t.Context(), "two")
	defer kept.Body.Close() //nolint:errcheck // it was only read
	mei.want("POST", "/api/v1/logout", nil, http.StatusNoContent)
	ends(t, gone, atOnce)
	for range 2 { // her other log-in has its desk still: it beats
		for lines.Scan() && lines.Text() != ": " {
		}
		if err := lines.Err(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestEventsEndWithTheirKey(t *testing.T) {
	t.Parallel()
	e := listenToEvents(t, func(o *Options) { o.standEvery = 10 * time.Millisecond })
	s := e.connects("", "")
	id := strings.Split(e.key, "_")[1]
	if there, err := e.office.guard.DropKey(t.Context(), id); err != nil || !there {
		t.Fatal(there, err)
	}
	ends(t, s.resp, 30*time.Second) // nobody told the API
}

// TestAStreamEndsWhereItsStandingCannotBeFoundOut: a fault in that ends the stream, and neither the switch nor its calls.
func TestAStreamEndsWhereItsStandingCannotBeFoundOut(t *testing.T) {
	asked := make(chan struct{}, 1)
	asked <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s := standing{stands: func(context.Context) bool { panic("a fault of ours") }, every: time.Hour, log: slog.New(slog.DiscardHandler)}
	s.runStanding(ctx, asked, cancel)
	if ctx.Err() == nil {
		t.Error("it goes on")
	}
}

// TestAStreamThatOpensWhileItsLoginEnds: the end came behind the request's own check and before the stream was watched.
func TestAStreamThatOpensWhileItsLoginEnds(t *testing.T) {
	t.Parallel()
	s := standing{who: "mei", stands: func(context.Context) bool { return false }, all: &standings{}, every: time.Hour, log: slog.New(slog.DiscardHandler)}
	ctx, end := whileStanding(context.WithValue(t.Context(), standingKey{}, s))
	defer end()
	select {
	case <-ctx.Done():
	case <-time.After(10 * time.Second):
		t.Error("it goes on")
	}
}

// TestStreamsEndWhenTheirLoginIsEnded: what an administrator takes away is gone at once, not with the next look.
func TestStreamsEndWhenTheirLoginIsEnded(t *testing.T) {
	t.Parallel()
	e := listenToEvents(t)
	ada := e.office.as("ada")
	s := e.connects("", "")
	ada.want("DELETE", "/api/v1/keys/"+strings.Split(e.key, "_")[1], nil, http.StatusNoContent)
	ends(t, s.resp, atOnce)
}

// TestStreamsEndWithTheirRights: a new configuration makes streams ask at once whether they may go on; those who still may do.
func TestStreamsEndWithTheirRights(t *testing.T) {
	t.Parallel()
	now := slices.Clone(people)
	var mu sync.Mutex
	e := listenToEvents(t, func(o *Options) {
		roster := &locked{mu: &mu, crew: &now}
		o.Roster, o.Staff = roster, staff.NewGuard(staff.Options{Store: o.Journal.(staff.Store), People: roster, Now: o.Now})
	})
	kept, resp := e.connects("", ""), e.office.as("ada").stream(t.Context(), "/events")
	mu.Lock()
	now.at("ada").Role = staff.Manager
	mu.Unlock()
	e.office.api.Applied()
	ends(t, resp, atOnce)
	over := make(chan struct{})
	go func() {
		io.Copy(io.Discard, kept.resp.Body) //nolint:errcheck // how it ends is no matter
		close(over)
	}()
	select {
	case <-over:
		t.Error("a key's stream ended, though nothing of it changed")
	case <-time.After(atOnce / 4):
	}
	kept.resp.Body.Close() //nolint:errcheck // it was only read
	<-over
}

// locked is a roster that a test edits while it is read.
type locked struct {
	mu *sync.Mutex
	*crew
}

func (l *locked) Person(id string) (staff.Person, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.crew.Person(id)
}
