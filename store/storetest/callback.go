package storetest

import (
	"context"
	"testing"

	"ringway/store"
)

// calledBack: calls that answer a customer's are listed with who placed them, also while they go on; others are not.
func calledBack(t *testing.T, k Keeper) {
	ctx := context.Background()
	save(t, k,
		store.Record{Call: &store.Call{ID: "c1", Kind: store.Customer, Start: at(0), End: at(30), Disposition: store.DispositionNoAnswer}},
		store.Record{Call: &store.Call{ID: "c2", Kind: store.Outgoing, Returns: "c1", Start: at(60), End: at(90), Disposition: store.DispositionNoAnswer}},
		store.Record{Leg: &store.Leg{ID: "l1", Call: "c2", Agent: "mei", Start: at(60), End: at(90)}},
		store.Record{Leg: &store.Leg{ID: "l2", Call: "c2", Start: at(70), End: at(90)}},
		store.Record{Call: &store.Call{ID: "c3", Kind: store.Outgoing, Returns: "c1", Start: at(120)}})
	first := store.CalledBack{Returns: "c1", Call: "c2", Agent: "mei", At: at(60), Disposition: store.DispositionNoAnswer}
	second := store.CalledBack{Returns: "c1", Call: "c3", At: at(120)}
	equal(t, "since the first", ok(k.CalledBack(ctx, at(60)))(t), []store.CalledBack{first, second})
	equal(t, "since the second", ok(k.CalledBack(ctx, at(61)))(t), []store.CalledBack{second})
}
