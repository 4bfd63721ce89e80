package node

import (
	"context"
	"time"

	"ringway/acd"
	wallboard "ringway/console/board"
	"ringway/store"
	"ringway/store/ledger"
	"ringway/store/report"
)

// observed hands each event, as it stands on record, to those who follow the switch. It never blocks.
func (n *Node) observed(e store.Event) {
	n.events.Post(e)
	n.board.Event(e)
}

// newBoard makes the wallboard: it takes events from now on.
func (n *Node) newBoard() *wallboard.Board {
	return wallboard.New(wallboard.Options{Books: n.booksNow, MadeUp: n.madeUp, Live: n.boardLive, Zone: n.zone, Now: n.clock.Now, Log: n.log,
		Level: func() string {
			if s := n.reportSettings(); s.Default != "" {
				return s.Default
			} else if len(s.ServiceLevels) > 0 {
				return s.ServiceLevels[0]
			}
			return "service_level"
		}})
}

// booksNow opens books after all that happened until now is written.
func (n *Node) booksNow(ctx context.Context, r ledger.Request) (*ledger.Books, error) {
	if err := n.records.Flush(ctx); err != nil {
		return nil, err
	}
	l, ok := n.db.(report.Ledger)
	if !ok {
		return &ledger.Books{Until: r.Until}, nil
	}
	return l.Books(ctx, r)
}

// madeUp tells which times on record never were.
func (n *Node) madeUp(ctx context.Context, now time.Time) ([]ledger.Span, error) {
	if h, ok := n.db.(report.Histories); ok {
		return h.MadeUp(ctx, now)
	}
	return nil, nil
}

// boardLive is the router's state in the board's words.
func (n *Node) boardLive(ctx context.Context) (wallboard.Live, error) {
	snap, err := n.router.Snapshot(ctx)
	if err != nil {
		return wallboard.Live{}, err
	}
	out, spec := wallboard.Live{}, n.config().Spec
	for _, a := range snap.Agents {
		if a.State != store.Offline {
			p := spec.Person(a.ID) // nil where she was taken out of the configuration during a call
			out.Agents = append(out.Agents, wallboard.Agent{ID: a.ID, Name: a.Name, Team: a.Team, TeamName: spec.Teams[a.Team], State: string(a.State),
				Reason: a.Reason, Since: a.Since.UTC(), Robot: p != nil && p.Robot})
		}
	}
	for _, q := range snap.Queues {
		line := wallboard.LiveQueue{Name: q.Name, Free: q.Free, Joined: q.Joined}
		if spec.Queue(q.Name) != nil {
			line.Targets = boardTargets(spec.Queue(q.Name).Targets)
		}
		out.Queues = append(out.Queues, line)
	}
	return out, nil
}

// boardTargets are a queue's targets; nil where it has none.
func boardTargets(t acd.Targets) *wallboard.Targets {
	if t == (acd.Targets{}) {
		return nil
	}
	out := &wallboard.Targets{}
	if t.ServiceLevel > 0 {
		out.ServiceLevel = &t.ServiceLevel
	}
	if t.AbandonRate > 0 {
		out.AbandonRate = &t.AbandonRate
	}
	if t.LongestWait > 0 {
		seconds := t.LongestWait.Seconds()
		out.LongestWait = &seconds
	}
	if t.Waiting > 0 {
		out.Waiting = &t.Waiting
	}
	return out
}
