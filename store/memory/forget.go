package memory

import (
	"context"
	"maps"
	"time"

	"ringway/store"
)

// Prune deletes bindings and sessions that expired before then.
func (d *DB) Prune(_ context.Context, then time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	maps.DeleteFunc(d.bindings, func(_ place, b store.Binding) bool { return b.Expires.Before(then) })
	maps.DeleteFunc(d.sessions, func(_ string, s store.AppSession) bool { return s.Expires.Before(then) })
	return nil
}

// Forget blanks what is personal of one customer, as a database does.
func (d *DB) Forget(_ context.Context, customer string) (store.Forgotten, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var f store.Forgotten
	if customer == "" {
		return f, nil
	}
	for id, c := range d.calls {
		if c.Customer == customer {
			c.CallerName, c.CallerNumber, c.Booking = "", "", ""
			d.calls[id] = c
			f.Calls++
		}
	}
	for at, n := range d.notes {
		if n.Customer == customer {
			n.Text = ""
			d.notes[at] = n
		}
	}
	for id, s := range d.sessions {
		if s.Claims.Customer == customer {
			s.Claims.Name, s.Claims.Booking = "", ""
			d.sessions[id] = s
			f.Sessions++
		}
	}
	return f, nil
}
