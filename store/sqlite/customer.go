package sqlite

import (
	"context"
	"fmt"

	"ringway/store"
)

var customerRows = table{name: "customers", keys: 1,
	columns: columns("id name number language region zone booking priority fields created updated version")}

func customerPlaces(c *store.CustomerRow) []any {
	return []any{&c.ID, &c.Name, &c.Number, &c.Language, &c.Region, &c.Zone, &c.Booking, &c.Priority,
		document[map[string]string]{&c.Fields}, instant{&c.Created}, instant{&c.Updated}, &c.Version}
}

var customerNotes = table{name: "customer_notes", keys: 1, columns: columns("id customer call at by text")}

func customerNotePlaces(n *store.CustomerNote) []any {
	return []any{&n.ID, &n.Customer, &n.Call, instant{&n.At}, &n.By, &n.Text}
}

// Customer finds a customer, or store.ErrNotFound.
func (d *DB) Customer(ctx context.Context, id string) (store.CustomerRow, error) {
	c, err := one(query(ctx, d.read, customerPlaces, customerRows.selects("WHERE id = ?"), id))
	if err == nil && c.ID == "" {
		err = fmt.Errorf("customer %q: %w", id, store.ErrNotFound)
	}
	return c, err
}

// Customers lists customers by id.
func (d *DB) Customers(ctx context.Context, q store.CustomerQuery) ([]store.CustomerRow, error) {
	var f filter
	if q.After != "" {
		f.add("id > ?", q.After)
	}
	if q.Search != "" { // three ranges of three indexes, so that a search reads what it finds and little more
		end := q.Search + "\U0010FFFF"
		f.add(`id IN (SELECT id FROM customers WHERE id >= ? AND id < ? UNION SELECT id FROM customers
			WHERE name COLLATE NOCASE >= ? AND name COLLATE NOCASE < ? UNION SELECT id FROM customers WHERE number <> '' AND number >= ? AND number < ?)`,
			q.Search, end, q.Search, end, q.Search, end)
	}
	return query(ctx, d.read, customerPlaces, customerRows.selects(f.clause()+"ORDER BY id LIMIT ?"), append(f.args, pageSize(q.Limit))...)
}

// PutCustomer saves a customer whose stored version is the one before; false where it is another, or where a first version
// exists already.
func (d *DB) PutCustomer(ctx context.Context, c store.CustomerRow) (bool, error) {
	if c.Fields == nil {
		c.Fields = map[string]string{}
	}
	if c.Version <= 1 {
		c.Version = 1
		n, err := d.affect(ctx, customerRows.insert()+" ON CONFLICT DO NOTHING", customerPlaces(&c)...)
		return n > 0, err
	}
	n, err := d.affect(ctx, customerRows.upsert()+" WHERE customers.version = ?", append(customerPlaces(&c), c.Version-1)...)
	return n > 0, err
}

// PutCustomerNote saves a note.
func (d *DB) PutCustomerNote(ctx context.Context, n store.CustomerNote) error {
	return d.do(ctx, customerNotes.upsert(), customerNotePlaces(&n)...)
}

// CustomerNotes lists a customer's notes, newest first.
func (d *DB) CustomerNotes(ctx context.Context, customer string, limit int) ([]store.CustomerNote, error) {
	return d.CustomerNotesBefore(ctx, customer, store.CustomerNote{}, limit)
}

// CustomerNotesBefore lists those that follow a note, the last one of the page before, newest first; a zero one begins.
func (d *DB) CustomerNotesBefore(ctx context.Context, customer string, last store.CustomerNote, limit int) ([]store.CustomerNote, error) {
	var f filter
	f.add("customer = ?", customer)
	if last.ID != "" {
		f.add("(at, id) < (?, ?)", last.At.UnixMicro(), last.ID)
	}
	return query(ctx, d.read, customerNotePlaces, customerNotes.selects(f.clause()+"ORDER BY at DESC, id DESC LIMIT ?"), append(f.args, pageSize(limit))...)
}
