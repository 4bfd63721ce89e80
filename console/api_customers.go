package console

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"ringway/console/staff"
	"ringway/store"
)

// Customers is the embedded customer store.
type Customers interface {
	Customer(ctx context.Context, id string) (store.CustomerRow, error)
	Customers(ctx context.Context, q store.CustomerQuery) ([]store.CustomerRow, error)
	// PutCustomer saves a customer whose stored version is the one before; false where it is another.
	PutCustomer(ctx context.Context, c store.CustomerRow) (bool, error)
	CustomerNotes(ctx context.Context, customer string, limit int) ([]store.CustomerNote, error)
	// CustomerNotesBefore lists those that follow a note, the last one of the page before, newest first; a zero one begins.
	CustomerNotesBefore(ctx context.Context, customer string, last store.CustomerNote, limit int) ([]store.CustomerNote, error)
	PutCustomerNote(ctx context.Context, n store.CustomerNote) error
}

// CustomerFields is what may be written of a customer.
type CustomerFields struct {
	Name     string            `json:"name,omitempty" maxLength:"200"`
	Number   string            `json:"number,omitempty" maxLength:"64"`
	Language string            `json:"language,omitempty" doc:"BCP 47" maxLength:"35"`
	Region   string            `json:"region,omitempty" doc:"ISO 3166" maxLength:"10"`
	Zone     string            `json:"zone,omitempty" doc:"IANA time zone" maxLength:"64"`
	Booking  string            `json:"booking,omitempty" maxLength:"128"`
	Priority float64           `json:"priority_seconds,omitempty" doc:"head start in queues" minimum:"-86400" maximum:"86400"`
	Fields   map[string]string `json:"fields,omitempty" doc:"whatever else agents should see, at most 50" `
}

// CustomerView is a customer.
type CustomerView struct {
	ID string `json:"id"`
	CustomerFields
	Reach   string     `json:"reach,omitempty" enum:"app,number,none" doc:"how she can be called now; of one customer only"`
	Notes   []NoteView `json:"notes,omitempty" doc:"the newest 100, newest first; GET /customers/{id}/notes has all"`
	Older   string     `json:"notes_next,omitempty" doc:"the cursor of GET /customers/{id}/notes behind these; absent where they are all"`
	Created time.Time  `json:"created"`
	Updated time.Time  `json:"updated"`
	Version int64      `json:"version" doc:"also the ETag: send it as If-Match with a change"`
}

// NoteView is something an agent wrote.
type NoteView struct {
	ID   string    `json:"id"`
	Call string    `json:"call,omitempty"`
	At   time.Time `json:"at"`
	By   string    `json:"by"`
	Text string    `json:"text"`
}

type customersInput struct {
	Search string `query:"search" doc:"how the id, the name or the number begins" maxLength:"200"`
	Paged
}

type customerPageInput struct {
	ID string `path:"id" maxLength:"128"`
	Paged
}

type customerInput struct {
	ID string `path:"id" maxLength:"128"`
}

type newCustomerInput struct {
	Body struct {
		ID string `json:"id" doc:"that of the signed claims" pattern:"^[A-Za-z0-9_.:@+-]+$" minLength:"1" maxLength:"128"`
		CustomerFields
	}
}

type editCustomerInput struct {
	ID      string `path:"id" maxLength:"128" pattern:"^[A-Za-z0-9_.:@+-]+$"`
	IfMatch string `header:"If-Match" doc:"the ETag of what is edited" maxLength:"64"`
	Body    CustomerFields
}

type noteInput struct {
	ID   string `path:"id" maxLength:"128"`
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"4000"`
		Call string `json:"call,omitempty" doc:"during or after which" maxLength:"64"`
	}
}

// tagged is an answer with its version.
type tagged[T any] struct {
	ETag string `header:"ETag"`
	Body T
}

func routeCustomers(a *API) {
	read, write := Allow(staff.Agent, staff.ReadCustomers), Allow(staff.Agent, staff.WriteCustomers)
	register(a, Op{Method: http.MethodGet, Path: "/customers", ID: "customers", Summary: "Customers by id", Tag: "customers", Allow: read}, a.customers)
	register(a, Op{Method: http.MethodGet, Path: "/customers/{id}", ID: "customer", Summary: "One customer, with notes", Tag: "customers", Allow: read},
		func(ctx context.Context, in *customerInput) (*tagged[CustomerView], error) {
			return a.customerAnswer(ctx, in.ID)
		})
	register(a, Op{Method: http.MethodPost, Path: "/customers", ID: "add-customer", Summary: "Add a customer", Tag: "customers", Allow: write,
		Audit: true, Status: http.StatusCreated}, a.addCustomer)
	register(a, Op{Method: http.MethodPut, Path: "/customers/{id}", ID: "put-customer", Summary: "Replace what is kept of a customer, or add one",
		Tag: "customers", Allow: write, Audit: true}, a.putCustomer)
	register(a, Op{Method: http.MethodGet, Path: "/customers/{id}/notes", ID: "notes", Summary: "What agents wrote of a customer, newest first", Tag: "customers",
		Allow: read}, func(ctx context.Context, in *customerPageInput) (*body[Page[NoteView]], error) {
		if _, err := a.Customers.Customer(ctx, in.ID); err != nil {
			return nil, err
		}
		return a.notes(ctx, in)
	})
	register(a, Op{Method: http.MethodPost, Path: "/customers/{id}/notes", ID: "add-note", Summary: "Write a note about a customer", Tag: "customers",
		Allow: write, Audit: true, Status: http.StatusCreated}, a.addNote)
	register(a, Op{Method: http.MethodDelete, Path: "/customers/{id}", ID: "forget-customer", Tag: "customers",
		Summary: "Forget a customer: name, number, booking and notes are gone from all records; no figure changes",
		Allow:   Allow(staff.Admin, staff.WriteCustomers), Audit: true}, func(ctx context.Context, in *customerInput) (*body[Forgotten], error) {
		f, err := a.Switch.Forget(ctx, in.ID)
		if err != nil {
			return nil, refusedBy(http.StatusServiceUnavailable, err)
		}
		return &body[Forgotten]{f}, nil
	})
}

func (a *API) customers(ctx context.Context, in *customersInput) (*body[Page[CustomerView]], error) {
	from, err := in.after()
	if err != nil {
		return nil, err
	}
	found, err := a.Customers.Customers(ctx, store.CustomerQuery{Search: in.Search, After: from.name, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	return readPage(found, in.Limit, func(c store.CustomerRow) string { return place{name: c.ID}.cursor() },
		func(c store.CustomerRow) CustomerView { return customerView(c, nil) }), nil
}

// customerAnswer reads a customer back as she is kept.
func (a *API) customerAnswer(ctx context.Context, id string) (*tagged[CustomerView], error) {
	c, err := a.Customers.Customer(ctx, id)
	if err != nil {
		return nil, err
	}
	notes, err := a.notes(ctx, &customerPageInput{ID: id, Paged: Paged{Limit: shownNotes}})
	if err != nil {
		return nil, err
	}
	out := &tagged[CustomerView]{ETag: etag(c.Version), Body: customerView(c, notes.Body.Items)}
	out.Body.Older, out.Body.Reach = notes.Body.Next, a.Callbacks.Reach(ctx, c.ID, c.Number)
	return out, nil
}

// shownNotes is how many come with the customer herself.
const shownNotes = 100

// notes lists what agents wrote of a customer, newest first.
func (a *API) notes(ctx context.Context, in *customerPageInput) (*body[Page[NoteView]], error) {
	from, err := in.after()
	if err != nil {
		return nil, err
	}
	found, err := a.Customers.CustomerNotesBefore(ctx, in.ID, store.CustomerNote{At: from.time(), ID: from.name}, in.Limit)
	if err != nil {
		return nil, err
	}
	return readPage(found, in.Limit, func(n store.CustomerNote) string { return placeOf(n.At, n.ID).cursor() }, noteView), nil
}

func customerView(c store.CustomerRow, notes []NoteView) CustomerView {
	return CustomerView{ID: c.ID, Created: c.Created, Updated: c.Updated, Version: c.Version, CustomerFields: CustomerFields{Name: c.Name, Number: c.Number,
		Language: c.Language, Region: c.Region, Zone: c.Zone, Booking: c.Booking, Priority: c.Priority.Seconds(), Fields: c.Fields}, Notes: notes}
}

func noteView(n store.CustomerNote) NoteView {
	return NoteView{ID: n.ID, Call: n.Call, At: n.At, By: n.By, Text: n.Text}
}

func etag(version int64) string { return fmt.Sprintf(`"v%d"`, version) }

// row checks what was written and makes it a record.
func (f CustomerFields) row(id string, now time.Time) (store.CustomerRow, error) {
	if err := checkProfile("body.", f.Language, f.Region, f.Zone); err != nil {
		return store.CustomerRow{}, err
	}
	if len(f.Fields) > 50 {
		return store.CustomerRow{}, badField("body.fields", "fields_many", "n", "50")
	}
	for k, v := range f.Fields {
		if k == "" || len(k) > 64 || len(v) > 2000 {
			return store.CustomerRow{}, badField("body.fields."+cut(k, 64), "field_size")
		}
	}
	return store.CustomerRow{ID: id, Name: f.Name, Number: f.Number, Language: f.Language, Region: f.Region, Zone: f.Zone, Booking: f.Booking,
		Priority: time.Duration(f.Priority * float64(time.Second)), Fields: f.Fields, Created: now, Updated: now, Version: 1}, nil
}

func (a *API) addCustomer(ctx context.Context, in *newCustomerInput) (*tagged[CustomerView], error) {
	tell(ctx, in.Body.ID)
	c, err := in.Body.row(in.Body.ID, a.now())
	if err != nil {
		return nil, err
	}
	switch saved, err := a.Customers.PutCustomer(ctx, c); {
	case err != nil:
		return nil, err
	case !saved:
		return nil, refused(http.StatusConflict, "customer_there").because(wrongField("body.id", "taken"))
	}
	return a.customerAnswer(ctx, c.ID)
}

// putCustomer replaces a customer. Who edits has to say which version was edited (RFC 9110 §13.1.1, RFC 6585 §3), so that
// nobody's change is lost; a customer who is not there yet needs none.
func (a *API) putCustomer(ctx context.Context, in *editCustomerInput) (*tagged[CustomerView], error) {
	c, err := in.Body.row(in.ID, a.now())
	if err != nil {
		return nil, err
	}
	before, err := a.Customers.Customer(ctx, in.ID)
	changed := refused(http.StatusPreconditionFailed, "changed")
	switch {
	case errors.Is(err, store.ErrNotFound):
		if in.IfMatch != "" {
			return nil, changed
		}
	case err != nil:
		return nil, err
	case in.IfMatch == "":
		return nil, refused(http.StatusPreconditionRequired, "if_match").because(wrongField("header.If-Match", "missing"))
	case in.IfMatch != "*" && strings.TrimPrefix(in.IfMatch, "W/") != etag(before.Version):
		return nil, changed
	default:
		c.Created, c.Version = before.Created, before.Version+1
	}
	switch saved, err := a.Customers.PutCustomer(ctx, c); {
	case err != nil:
		return nil, err
	case !saved:
		return nil, changed
	}
	return a.customerAnswer(ctx, c.ID)
}

func (a *API) addNote(ctx context.Context, in *noteInput) (*body[NoteView], error) {
	if _, err := a.Customers.Customer(ctx, in.ID); err != nil {
		return nil, err
	}
	n := store.CustomerNote{ID: newID(), Customer: in.ID, Call: in.Body.Call, At: a.now(), By: staff.From(ctx).Who(), Text: in.Body.Text}
	return &body[NoteView]{noteView(n)}, a.Customers.PutCustomerNote(ctx, n)
}
