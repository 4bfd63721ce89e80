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
	q.Open, q.Identified = v.Get("open") == "true", v.Get("identified") == "yes"
	q.Placed, q.Answered, q.Again = v.Get("placed_by"), r.within("answered"), r.length("again_within")
	q.Visit = store.VisitFilter{Entered: r.within("entered"), Left: r.within("left"), Connected: r.within("connected"),
		Agent: v.Get("served_by"), Result: store.VisitResult(v.Get("result")), EndReason: v.Get("end_reason"),
		ByTransfer: v.Get("by_transfer") == "yes", Within: v.Get("within") == "yes", Short: v.Get("short") == "yes"}
	q.Offer = store.OfferFilter{Begun: r.within("offered"), Agent: v.Get("offered_agent"), Outcome: store.OfferOutcome(v.Get("outcome"))}
	// a queue, a language or a region is that of the visit or the offer, whichever is asked for
	queue, language, region := v.Get("queue"), v.Get("language"), v.Get("region")
	switch {
	case q.Visit == store.VisitFilter{} && q.Offer != store.OfferFilter{}:
		q.Offer.Queue, q.Offer.Language, q.Offer.Region = queue, language, region
	case q.Visit == store.VisitFilter{} && language == "" && region == "":
		q.Queue = queue
	default:
		q.Visit.Queue, q.Visit.Language, q.Visit.Region = queue, language, region
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

// length reads how long something lasts.
func (r *drillReader) length(name string) time.Duration {
	text := r.v.Get(name)
	if text == "" {
		return 0
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		r.fail(name, "%q is no time that something takes: write it like 168h", text)
	}
	return d
}

func (r *drillReader) within(name string) store.Within {
	return store.Within{From: r.at(name + "_from"), To: r.at(name + "_to")}
}
