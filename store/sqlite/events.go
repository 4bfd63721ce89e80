package sqlite

import (
	"encoding/json"
	"strings"

	"ringway/store"
)

// eventRows are how many events one statement saves. Events rise in time and number, and so do their calls: in one statement
// each finds its place in the indexes where the one before it was.
var eventRows = [...]int{64, 8, 1}

const eventColumnCount = 13

// insertEvents is the statement that saves n events. It fails rather than aborts: what it has done is undone with its whole
// transaction, so SQLite need not keep a journal for the statement.
func insertEvents(n int) string {
	row := ", (?" + strings.Repeat(", ?", eventColumnCount-1) + ")"
	return "INSERT OR FAIL INTO events (boot, seq, at, kind, call, leg, visit, offer, queue, agent, state, reason, data) VALUES " +
		strings.Repeat(row, n)[2:] + " ON CONFLICT DO NOTHING"
}

// texts are columns of the events of one transaction, which repeat: each is made an interface value, an object of its own, once.
type texts map[string]any

func (t texts) box(s string) any {
	if s == "" {
		return ""
	}
	v, some := t[s]
	if !some {
		v = s
		t[s] = v
	}
	return v
}

// putEvent saves an event at once.
func (d *DB) putEvent(e *store.Event) error {
	if err := d.addEvent(e); err != nil {
		return err
	}
	return d.flushEvents()
}

// addEvent saves an event with others, at the latest in flushEvents.
func (d *DB) addEvent(e *store.Event) error {
	if e.At.Before(d.settled) {
		if err := d.unsettle(e.At, e.Call); err != nil {
			return err
		}
	}
	boot, err := d.bootID(bootName{e.Node, e.Boot})
	if err != nil {
		return err
	}
	var data any
	if len(e.Data) > 0 {
		text, err := json.Marshal(e.Data)
		if err != nil {
			return err
		}
		data = string(text)
	}
	t := d.texts
	d.batch = append(d.batch, boot, int64(e.Seq), e.At.UnixMicro(), t.box(string(e.Kind)), t.box(e.Call), t.box(e.Leg), t.box(e.Visit),
		t.box(e.Offer), t.box(e.Queue), t.box(e.Agent), t.box(e.State), t.box(e.Reason), data)
	if len(d.batch) < eventRows[0]*eventColumnCount {
		return nil
	}
	return d.flushEvents()
}

// flushEvents saves the events that wait.
func (d *DB) flushEvents() error {
	rest := d.batch
	for i, n := range eventRows {
		for size := n * eventColumnCount; len(rest) >= size; rest = rest[size:] {
			if _, err := d.stmts.events[i].Exec(rest[:size]...); err != nil {
				return err
			}
		}
	}
	clear(d.batch)
	d.batch = d.batch[:0]
	return nil
}
