package storetest

import (
	"context"
	"testing"

	"ringway/store"
)

// consulted: the calls that name a call as their parent are in its story, by their beginnings, and in no other one.
func consulted(t *testing.T, k Keeper) {
	call := func(id, parent string, from, to int) store.Call {
		c := store.Call{ID: id, Parent: parent, Kind: store.Internal, Start: at(from)}
		if to > 0 {
			c.End, c.Disposition = at(to), store.DispositionAnswered
		}
		return c
	}
	all := []store.Call{call("p", "", -60, -10), call("k2", "p", -20, -15), call("k1", "p", -40, -30), call("k3", "p", -10, 0),
		call("other", "", -60, 0), call("k4", "other", -20, -18), call("none", "", -30, -20)}
	for _, c := range all {
		save(t, k, store.Record{Call: &c})
	}
	for id, want := range map[string][]string{"p": {"k1", "k2", "k3"}, "other": {"k4"}, "none": nil, "k1": nil} {
		var got []string
		for _, c := range ok(k.Story(context.Background(), id))(t).Consults {
			got = append(got, c.ID)
		}
		equal(t, "consults of "+id, got, want)
	}
	equal(t, "a consult", ok(k.Story(context.Background(), "p"))(t).Consults[0], all[2])
}
