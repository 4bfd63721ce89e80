package console

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// ends fails where a stream goes on though it should not.
func ends(t *testing.T, resp *http.Response) {
	t.Helper()
	over := make(chan struct{})
	go func() {
		io.Copy(io.Discard, resp.Body) //nolint:errcheck // how it ends is no matter
		close(over)
	}()
	select {
	case <-over:
	case <-time.After(3 * standingEvery):
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
	ends(t, gone)
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
	ends(t, s.resp)
}
