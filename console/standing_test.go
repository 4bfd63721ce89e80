package console

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"
)

// atOnce is much less than standingEvery, and time enough on a machine that has much to do.
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
	defer kept.Body.Close()       //nolint:errcheck // it was only read
	time.Sleep(standingEvery / 2) // so that what nobody announces is not noticed by chance
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
	e := listenToEvents(t)
	s := e.connects("", "")
	id := strings.Split(e.key, "_")[1]
	if there, err := e.office.guard.DropKey(t.Context(), id); err != nil || !there {
		t.Fatal(there, err)
	}
	ends(t, s.resp, 3*standingEvery) // nobody told the API
}

// TestAStreamEndsWhereItsStandingCannotBeFoundOut: a fault in that ends the stream, and neither the switch nor its calls.
func TestAStreamEndsWhereItsStandingCannotBeFoundOut(t *testing.T) {
	asked := make(chan struct{}, 1)
	asked <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s := standing{stands: func(context.Context) bool { panic("a fault of ours") }, log: slog.New(slog.DiscardHandler)}
	s.runStanding(ctx, asked, cancel)
	if ctx.Err() == nil {
		t.Error("it goes on")
	}
}

// TestStreamsEndWhenTheirLoginIsEnded: what an administrator takes away is gone at once, not with the next look.
func TestStreamsEndWhenTheirLoginIsEnded(t *testing.T) {
	t.Parallel()
	e := listenToEvents(t)
	ada := e.office.as("ada")
	s := e.connects("", "")
	time.Sleep(standingEvery / 2)
	ada.want("DELETE", "/api/v1/keys/"+strings.Split(e.key, "_")[1], nil, http.StatusNoContent)
	ends(t, s.resp, atOnce)
}
