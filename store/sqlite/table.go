package sqlite

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// table is the shape of one kind of row: one list of columns for saving and reading, so that they can't drift apart.
type table struct {
	name    string
	keys    int // the first columns, which identify a row
	columns []string
	guard   string // an existing row is replaced only if this holds; empty: always
}

func columns(list string) []string { return strings.Fields(list) }

// once completed, a row is never made incomplete again: a replayed start changes nothing.
const completed = "(excluded.ended IS NOT NULL OR %[1]s.ended IS NULL)"

// insert is the statement that adds one row.
func (t table) insert() string {
	return fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", t.name,
		strings.Join(t.columns, ", "), strings.TrimSuffix(strings.Repeat("?, ", len(t.columns)), ", "))
}

// upsert is the statement that saves one row.
func (t table) upsert() string {
	var set []string
	for _, c := range t.columns[t.keys:] {
		set = append(set, c+" = excluded."+c)
	}
	s := fmt.Sprintf("%s ON CONFLICT (%s) DO UPDATE SET %s", t.insert(), strings.Join(t.columns[:t.keys], ", "), strings.Join(set, ", "))
	if t.guard != "" {
		s += " WHERE " + strings.ReplaceAll(t.guard, "%[1]s", t.name)
	}
	return s
}

// selects is the statement that reads rows; rest is what follows the table's name.
func (t table) selects(rest string) string {
	return "SELECT " + t.name + "." + strings.Join(t.columns, ", "+t.name+".") + " FROM " + t.name + " " + rest
}

// instant is a time as UTC microseconds, NULL when zero, for saving and for reading.
type instant struct{ t *time.Time }

// Value implements driver.Valuer.
func (i instant) Value() (driver.Value, error) {
	if i.t.IsZero() {
		return nil, nil
	}
	return i.t.UnixMicro(), nil
}

// Scan implements sql.Scanner.
func (i instant) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*i.t = time.Time{}
	case int64:
		*i.t = time.UnixMicro(v).UTC()
	default:
		return fmt.Errorf("%T is no instant", src)
	}
	return nil
}

// document is a value kept as JSON text.
type document[T any] struct{ v *T }

// Value implements driver.Valuer.
func (d document[T]) Value() (driver.Value, error) {
	b, err := json.Marshal(d.v)
	return string(b), err
}

// Scan implements sql.Scanner.
func (d document[T]) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		return nil
	case string:
		return json.Unmarshal([]byte(v), d.v)
	case []byte:
		return json.Unmarshal(v, d.v)
	}
	return fmt.Errorf("%T is no document", src)
}
