package store

import "time"

// CustomerRow is what the company knows of a customer, kept here for those without a system of their own. ID is that of
// the signed claims.
type CustomerRow struct {
	ID       string
	Name     string
	Number   string
	Language string // BCP 47
	Region   string // ISO 3166
	Zone     string // IANA time zone
	Booking  string
	Priority time.Duration     // head start in queues
	Fields   map[string]string // whatever else agents should see

	Created, Updated time.Time
	Version          int64 // rises with each change
}

// CustomerNote is something an agent wrote about a customer.
type CustomerNote struct {
	ID       string
	Customer string
	Call     string // during or after which; may be empty
	At       time.Time
	By       string // person
	Text     string
}

// CustomerQuery selects customers, by id. Empty fields select all.
type CustomerQuery struct {
	Search string // how the id, the name or the number begins
	After  string // id of the last one of the page before
	Limit  int    // 0 means 100; at most 1,000
}
