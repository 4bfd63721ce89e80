package console

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Page is one page of a list; next is empty on the last one.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next" doc:"the cursor of the next page, empty on the last one"`
	// Limited is for calls.
	Limited bool `json:"limited,omitempty" doc:"what other teams had part in alone is left out"`
}

// Paged says which page of a list is wanted.
type Paged struct {
	Limit  int    `query:"limit" default:"100" minimum:"1" maximum:"1000" doc:"how many at most"`
	Cursor string `query:"cursor" maxLength:"1000" doc:"next of the page before; the first page when absent"`
}

// place is where something stands in a list: when it began, in lists that go by time, and how it is called. Neither changes, so that
// what comes, goes or changes while somebody pages moves nothing else to another page.
type place struct {
	at   int64 // nanoseconds since 1970; 0 in lists that go by name
	name string
}

func placeOf(at time.Time, name string) place {
	if at.IsZero() {
		return place{name: name}
	}
	return place{at.UnixNano(), name}
}

func (p place) compare(q place) int {
	return cmp.Or(cmp.Compare(p.at, q.at), cmp.Compare(p.name, q.name))
}

// cursor is a place in an address: 1780304400000000000.c-mei.
func (p place) cursor() string { return fmt.Sprintf("%d.%s", p.at, p.name) }

func (p place) time() time.Time { return time.Unix(0, p.at) }

// after is the place behind which the page begins; the zero place for the first page.
func (in Paged) after() (place, error) {
	if in.Cursor == "" {
		return place{}, nil
	}
	stamp, name, _ := strings.Cut(in.Cursor, ".")
	at, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || at < 0 || name == "" {
		return place{}, badCursor()
	}
	return place{at, name}, nil
}

// before is the number before which the page begins, in lists of what is numbered, newest first; 0 for the first page.
func (in Paged) before() (int64, error) {
	if in.Cursor == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(in.Cursor, 10, 64)
	if err != nil || n < 1 {
		return 0, badCursor()
	}
	return n, nil
}

// numbered is the cursor of something that has a number.
func numbered(n int64) string { return strconv.FormatInt(n, 10) }

func badCursor() error { return badField("query.cursor", "cursor") }

// pageOf is the page that is wanted of a list that is in memory as a whole, in the order of the places.
func pageOf[T any](all []T, in Paged, of func(T) place) (*body[Page[T]], error) {
	from, err := in.after()
	if err != nil {
		return nil, err
	}
	type placed struct {
		at   place
		item T
	}
	var rest []placed
	for _, v := range all {
		if at := of(v); at.compare(from) > 0 {
			rest = append(rest, placed{at, v})
		}
	}
	slices.SortFunc(rest, func(a, b placed) int { return a.at.compare(b.at) })
	out := Page[placed]{Items: rest}
	if len(rest) > in.Limit {
		out.Items = rest[:in.Limit]
		out.Next = rest[in.Limit-1].at.cursor()
	}
	return shownAs(out, func(p placed) T { return p.item }), nil
}

// readPage is a page as the database cut it, each row made into what is shown of it.
func readPage[R, T any](found []R, limit int, cursor func(R) string, shown func(R) T) *body[Page[T]] {
	page := Page[R]{Items: found}
	if len(found) == limit {
		page.Next = cursor(found[len(found)-1])
	}
	return shownAs(page, shown)
}

// shownAs makes each row of a page into what is shown of it.
func shownAs[R, T any](page Page[R], shown func(R) T) *body[Page[T]] {
	out := Page[T]{Items: make([]T, 0, len(page.Items)), Next: page.Next}
	for _, r := range page.Items {
		out.Items = append(out.Items, shown(r))
	}
	return &body[Page[T]]{out}
}
