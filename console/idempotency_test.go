package console

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"ringway/store"
)

// claimed leaves on record what a switch leaves that is killed while it answers: a key that was claimed, without an answer.
func (o *office) claimed(who, key, method, path, body string) {
	o.t.Helper()
	sum := sha256.Sum256([]byte(method + " " + path + "\n\n" + body))
	claim := store.Idempotent{Who: who, Key: key, Request: hex.EncodeToString(sum[:]), At: o.clock.now()}
	if _, claimed, err := o.db.ClaimIdempotent(o.t.Context(), claim); !claimed || err != nil {
		o.t.Fatal(claimed, err)
	}
}

// A request whose answer was lost with a crash is done again where that comes to the same; where it does not, whoever repeats it
// is told what to do, and nothing is done.
func TestRepeatedAfterACrash(t *testing.T) {
	o := opened(t, func(opts *Options) { opts.Callbacks = &callers{} })
	ada := o.as("ada")
	const row, added = `{"name":"Lin"}`, `{"id":"c-2","name":"Wu"}`
	o.claimed("ada", "put", "PUT", "/api/v1/customers/c-1", row)
	o.claimed("ada", "post", "POST", "/api/v1/customers", added)
	ada.with("Idempotency-Key", "put").want("PUT", "/api/v1/customers/c-1", row, 200, `"Lin"`)
	ada.with("Idempotency-Key", "put").want("PUT", "/api/v1/customers/c-1", row, 200, `"Lin"`)
	if ada.last.Header.Get("Idempotency-Replayed") != "true" {
		t.Error("its answer is not kept")
	}
	ada.with("Idempotency-Key", "post").want("POST", "/api/v1/customers", added, 409, "may have been done or not", "new Idempotency-Key")
	ada.want("GET", "/api/v1/customers/c-2", nil, 404)
	ada.with("Idempotency-Key", "post").want("POST", "/api/v1/customers", `{"id":"c-3"}`, 422, "another request")
	ada.with("Idempotency-Key", "post2").want("POST", "/api/v1/customers", added, 201)
}

// slow is a journal whose claims wait.
type slow struct {
	Journal
	claims chan struct{}
}

func (s *slow) ClaimIdempotent(ctx context.Context, i store.Idempotent) (store.Idempotent, bool, error) {
	s.claims <- struct{}{}
	<-s.claims
	return s.Journal.ClaimIdempotent(ctx, i)
}

// While a request is answered, whoever sends it again is told so.
func TestRepeatedWhileItIsAnswered(t *testing.T) {
	j := &slow{claims: make(chan struct{})}
	o := opened(t, func(opts *Options) {
		j.Journal, opts.Journal = opts.Journal, j
	})
	ada, again, other := o.as("ada"), o.as("ada"), o.as("ada")
	done := make(chan struct{})
	go func() {
		defer close(done)
		ada.with("Idempotency-Key", "k").want("POST", "/api/v1/staff/mei/logout", nil, 204)
	}()
	<-j.claims
	again.with("Idempotency-Key", "k").want("POST", "/api/v1/staff/mei/logout", nil, 409, "being answered")
	other.with("Idempotency-Key", "k").want("POST", "/api/v1/staff/ken/logout", nil, 422, "another request")
	j.claims <- struct{}{}
	<-done
	if !(Op{}).again("PUT") || !(Op{}).again("DELETE") || (Op{}).again("POST") || (Op{}).again("PATCH") || !(Op{Asks: true}).again("POST") {
		t.Error("what may be done again is something else")
	}
}
