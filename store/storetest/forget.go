package storetest

import (
	"context"
	"testing"
	"time"

	"ringway/store"
)

func pruned(t *testing.T, k Keeper) {
	ctx := context.Background()
	save(t, k, Full()...)
	for i, then := range []time.Time{at(600), at(601), at(901)} {
		if err := k.Prune(ctx, then); err != nil {
			t.Fatal(err)
		}
		r := ok(k.Restore(ctx))(t)
		if want := []int{1, 0, 0}[i]; len(r.Bindings) != want {
			t.Errorf("%d bindings after pruning what expired before %s, want %d", len(r.Bindings), then, want)
		}
		if want := []int{1, 1, 0}[i]; len(r.Sessions) != want {
			t.Errorf("%d sessions after pruning what expired before %s, want %d", len(r.Sessions), then, want)
		}
	}
	if s := ok(k.Story(ctx, "c1"))(t); len(s.Legs)+len(s.Visits)+len(s.Offers)+len(s.Events) != 4 {
		t.Errorf("pruning changed the story of a call: %+v", s)
	}
}

func forgotten(t *testing.T, k Keeper) {
	ctx, all := context.Background(), Full()
	save(t, k, all...)
	other := *all[1].Call
	other.ID, other.Customer = "c2", ""
	save(t, k, store.Record{Call: &other}, store.Record{Session: &store.AppSession{Session: "s2", Expires: at(900), Claims: store.Claims{Name: "Bob"}}})
	for _, nobody := range []string{"", "k8"} {
		equal(t, "forgetting "+nobody, ok(k.Forget(ctx, nobody))(t), store.Forgotten{})
	}
	before := ok(k.Events(ctx, at(-1), at(100)))(t)
	session := *all[8].Session
	session.Claims.Booking = "B7"
	save(t, k, store.Record{Session: &session})
	equal(t, "forgotten", ok(k.Forget(ctx, "k9"))(t), store.Forgotten{Calls: 1, Sessions: 1})
	want := *all[1].Call
	want.CallerName, want.CallerNumber, want.Booking = "", "", ""
	equal(t, "call", ok(k.Call(ctx, "c1"))(t), want)
	equal(t, "somebody else's call", ok(k.Call(ctx, "c2"))(t), other)
	r := ok(k.Restore(ctx))(t)
	session.Claims.Name, session.Claims.Booking = "", ""
	equal(t, "her session", r.Sessions[0], session)
	equal(t, "somebody else's session", r.Sessions[1].Claims.Name, "Bob")
	equal(t, "events", ok(k.Events(ctx, at(-1), at(100)))(t), before)
}
