package node

import (
	"context"
	"time"

	"ringway/store"
)

// HasPast says whether a call older than a day is on record.
func (n *Node) HasPast(ctx context.Context) (bool, error) {
	calls, ok := n.db.(interface {
		Calls(ctx context.Context, q store.CallQuery) (store.CallPage, error)
	})
	if !ok {
		return true, nil
	}
	page, err := calls.Calls(ctx, store.CallQuery{To: n.started.Add(-24 * time.Hour), Limit: 1})
	return len(page.Calls) > 0, err
}

// Import saves records that did not happen on this switch, between those that do: the demo's made-up history.
func (n *Node) Import(ctx context.Context, records []store.Record) error {
	return n.db.Save(ctx, records)
}

// Imported lets those who count as they go read what was imported.
func (n *Node) Imported() { n.board.Recount() }

// Started is when the switch started, on its own clock: what happened before did not happen on this run.
func (n *Node) Started() time.Time { return n.started }
