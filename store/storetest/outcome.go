package storetest

import (
	"context"
	"testing"
	"time"

	"ringway/store"
)

// outcomes: what agents said and wrote of calls, and how the customer's history tells it.
func outcomes(t *testing.T, k Keeper) {
	ctx := context.Background()
	save(t, k, Full()...)
	first := store.CallOutcome{Call: "c1", Agent: "mei", Queue: "support", Code: "none", At: at(110)}
	said := store.CallOutcome{Call: "c1", Agent: "mei", Queue: "support", Code: "refund", Sub: "late", At: at(120)}
	note := store.CallNote{Call: "c1", Agent: "mei", Customer: "k9", Text: "wants the money back", At: at(121)}
	save(t, k, store.Record{Outcome: &first}, store.Record{Outcome: &said}, store.Record{Outcome: &first}, store.Record{Note: &note})
	early := store.CallNote{Call: "c1", Agent: "mei", Customer: "k9", Text: "wants", At: at(119)}
	save(t, k, store.Record{Note: &early})
	equal(t, "outcomes", ok(k.Outcomes(ctx, "c1"))(t), []store.CallOutcome{said})
	equal(t, "outcomes of the span", ok(k.OutcomesBetween(ctx, at(115), at(121)))(t), []store.CallOutcome{said})
	equal(t, "outcomes before", len(ok(k.OutcomesBetween(ctx, at(0), at(115)))(t)), 0)
	equal(t, "notes", ok(k.Notes(ctx, "c1"))(t), []store.CallNote{note})
	save(t, k, store.Record{Call: &store.Call{ID: "c3", Kind: store.Customer, Customer: "k9", Start: at(200), End: at(207)}},
		store.Record{Call: &store.Call{ID: "c4", Kind: store.Customer, Customer: "k9", Start: at(300)}},
		store.Record{Call: &store.Call{ID: "c5", Kind: store.Customer, Customer: "k7", Start: at(300)}})
	want := []store.PastCall{{Call: "c3", Start: at(200), Duration: 7 * time.Second},
		{Call: "c1", Start: at(0), Queue: "support", Agent: "mei", Code: "refund", Sub: "late", Duration: 89 * time.Second, Note: note.Text}}
	equal(t, "history", ok(k.PastCalls(ctx, "k9", "c4", 10))(t), want)
	equal(t, "one of it", ok(k.PastCalls(ctx, "k9", "c4", 1))(t), want[:1])
	equal(t, "nobody's history", len(ok(k.PastCalls(ctx, "", "c4", 10))(t)), 0)
	ok(k.Forget(ctx, "k9"))(t)
	note.Text = ""
	equal(t, "notes of somebody forgotten", ok(k.Notes(ctx, "c1"))(t), []store.CallNote{note})
	equal(t, "their outcome", ok(k.Outcomes(ctx, "c1"))(t), []store.CallOutcome{said})
}
