package sqlite

import (
	"fmt"
	"slices"
	"strings"

	"ringway/store"
)

// A call, a leg and a visit are saved when they begin, when they change and when they end. What ended in the group it began in
// is saved once; a call that ended later changes what its end tells and leaves the indexes of the rest alone.

// row is what a record is about.
type row struct{ table, id string }

// rowOf is the row of a record, and whether the record completes it; no row where each record counts.
func rowOf(r store.Record) (of row, complete bool) {
	switch {
	case r.Call != nil:
		return row{"calls", r.Call.ID}, !r.Call.End.IsZero()
	case r.Leg != nil:
		return row{"legs", r.Leg.ID}, !r.Leg.End.IsZero()
	case r.Visit != nil:
		return row{"visits", r.Visit.ID}, !r.Visit.Leave.IsZero() && !r.Visit.End.IsZero()
	}
	return row{}, false
}

// finals are the last records of a group that complete a row: they replace those before them, and those after them that do not
// complete it change nothing.
type finals map[row]store.Record

func finalsOf(group []store.Record) finals {
	f := finals{}
	for _, r := range group {
		if of, complete := rowOf(r); complete {
			f[of] = r
		}
	}
	return f
}

// needless reports whether a record changes nothing, since another of its group completes its row.
func (f finals) needless(r store.Record) bool {
	of, _ := rowOf(r)
	last, some := f[of]
	return some && last != r
}

// lateCall reports whether late events of a call may need its row, to know where it and its parent began.
func (d *DB) lateCall(c *store.Call) bool { return c != nil && c.Start.Before(d.settled) }

// beginning are the columns of a call that its end leaves alone, and that indexes hold.
var beginning = []string{"started", "parent", "returns", "customer"}

// updateEnded is the statement that completes the row of a call whose beginning is as it was saved.
var updateEnded = func() string {
	var set []string
	where := []string{"id = ?1"}
	for i, c := range calls.columns[1:] {
		if slices.Contains(beginning, c) {
			where = append(where, fmt.Sprintf("%s IS ?%d", c, i+2))
		} else {
			set = append(set, fmt.Sprintf("%s = ?%d", c, i+2))
		}
	}
	return "UPDATE calls SET " + strings.Join(set, ", ") + " WHERE " + strings.Join(where, " AND ")
}()

// endCall completes the row of a call that ended, and reports whether there is one.
func (d *DB) endCall(c *store.Call) (bool, error) {
	if c.End.IsZero() {
		return false, nil
	}
	args := callPlaces(c)
	plain(args)
	r, err := d.stmts.ended.Exec(args...)
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n == 1, err
}
