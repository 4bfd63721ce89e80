package report

import (
	"fmt"
	"net/url"
	"strconv"
	"time"

	"ringway/store"
)

// ReadDrill reads the conditions of a drill into a query of calls: what GET /calls takes. The error is made of FieldErrors.
func ReadDrill(v url.Values, q *store.CallQuery) error {
	r := drillReader{v: v}
	q.From, q.To = r.at("from"), r.at("to")
	q.Kind, q.Disposition = store.CallKind(v.Get("kind")), store.Disposition(v.Get("disposition"))
	q.Customer, q.Agent, q.Search, q.Cursor = v.Get("customer"), v.Get("agent"), v.Get("search"), v.Get("cursor")
	q.Open = v.Get("open") == "true"
	q.Visit = store.VisitFilter{Entered: r.within("entered"), Left: r.within("left"), Connected: r.within("connected"),
		Agent: v.Get("served_by"), Language: v.Get("language"), Region: v.Get("region"),
		Result: store.VisitResult(v.Get("result")), ByTransfer: v.Get("by_transfer") == "yes"}
	q.Offer = store.OfferFilter{Begun: r.within("offered"), Agent: v.Get("offered_agent"), Outcome: store.OfferOutcome(v.Get("outcome"))}
	if q.Visit == (store.VisitFilter{}) {
		q.Queue = v.Get("queue")
	} else {
		q.Visit.Queue = v.Get("queue")
	}
	if text := v.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 1000 {
			r.fail("limit", "%q is no number from 1 to 1000", text)
		}
		q.Limit = n
	}
	return r.err
}

type drillReader struct {
	v   url.Values
	err error
}

func (r *drillReader) fail(field, format string, args ...any) {
	if r.err == nil {
		r.err = FieldError{field, fmt.Sprintf(format, args...)}
	}
}

func (r *drillReader) at(name string) time.Time {
	text := r.v.Get(name)
	if text == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		r.fail(name, "%q is no instant: write it like 2026-03-02T09:00:00Z", text)
	}
	return t
}

func (r *drillReader) within(name string) store.Within {
	return store.Within{From: r.at(name + "_from"), To: r.at(name + "_to")}
}
