package report

import (
	"fmt"
	"net/url"
	"strconv"
	"time"

	"ringway/store"
	"ringway/store/ledger"
)

// Teams finds the people of a team; a dash is those of none, an asterisk all of whom who asks sees the figures.
type Teams func(team string) *store.Members

// ReadDrill reads the conditions of a drill into a query of calls: what GET /calls takes. The error is made of FieldErrors.
func ReadDrill(v url.Values, teams Teams, q *store.CallQuery) error {
	r := drillReader{v: v}
	q.From, q.To = r.at("from"), r.at("to")
	q.Kind, q.Disposition = store.CallKind(v.Get("kind")), store.Disposition(v.Get("disposition"))
	q.Customer, q.Agent, q.Search, q.Cursor = v.Get("customer"), v.Get("agent"), v.Get("search"), v.Get("cursor")
	q.Open, q.Identified = v.Get("open") == "true", v.Get("identified") == "yes"
	if team := v.Get("team"); team != "" {
		q.Members = teams(team)
	}
	q.ID, q.Up = v.Get("call"), r.within("up")
	q.Placed, q.Answered, q.Again = v.Get("placed_by"), r.within("answered"), r.length("again_within")
	q.Visit = store.VisitFilter{Entered: r.within("entered"), Left: r.within("left"), Connected: r.within("connected"),
		Agent: v.Get("served_by"), Result: store.VisitResult(v.Get("result")), EndReason: v.Get("end_reason"),
		ByTransfer: v.Get("by_transfer") == "yes", Within: v.Get("within") == "yes", Short: v.Get("short") == "yes", During: r.within("during")}
	if (q.Visit.During != store.Within{}) {
		q.Visit.Phase = phaseOf(r.share())
	}
	q.Said = store.SaidFilter{At: r.within("said"), Code: v.Get("said"), Sub: v.Get("said_sub"), Agent: v.Get("said_by")}
	q.Offer = store.OfferFilter{Begun: r.within("offered"), Agent: v.Get("offered_agent"), Outcome: store.OfferOutcome(v.Get("outcome"))}
	// a queue, a language or a region is that of the visit or the offer, whichever is asked for
	queue, language, region := v.Get("queue"), v.Get("language"), v.Get("region")
	switch {
	case q.Said != store.SaidFilter{}:
		q.Said.Queue = queue
	case q.Visit == store.VisitFilter{} && q.Offer != store.OfferFilter{}:
		q.Offer.Queue, q.Offer.Language, q.Offer.Region = queue, language, region
	case q.Visit == store.VisitFilter{} && language == "" && region == "":
		q.Queue = queue
	default:
		q.Visit.Queue, q.Visit.Language, q.Visit.Region = queue, language, region
	}
	if clock := r.clock(); q.CountsVisits() {
		q.Visit.Clock = clock
	} else if q.CountsOffers() {
		q.Offer.Clock = clock
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

// phaseOf is in which part of a visit a share lies.
func phaseOf(s ledger.Share) store.Phase {
	switch s {
	case ledger.TalkTime, ledger.HoldTime:
		return store.Talks
	case ledger.WrapUpTime:
		return store.WrapsUp
	}
	return store.Waits
}

// ReadShare says what the list behind a sum tells of each of its rows, and to which span it is cut; none where the figure is a
// count.
func ReadShare(v url.Values) (ledger.Share, []ledger.Span, error) {
	r := drillReader{v: v}
	in := r.within("during")
	if in == (store.Within{}) {
		in = r.within("up")
	}
	var out []ledger.Span
	for _, w := range r.clock().Pieces(in) {
		out = append(out, ledger.Span{From: w.From, To: w.To})
	}
	return r.share(), out, r.err
}

// clock reads an hour of a weekday on a zone's clock: Mon-09.
func (r *drillReader) clock() (c store.Clock) {
	text := r.v.Get("clock")
	if text == "" {
		return c
	}
	zone, err := time.LoadLocation(r.v.Get("zone"))
	if err != nil {
		r.fail("zone", "%q is not a time zone: write a name of the IANA database, as in \"Asia/Taipei\"", r.v.Get("zone"))
		return c
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		for hour := range 24 {
			if text == clockText(d, hour) {
				return store.Clock{Weekday: d, Hour: hour, Zone: zone}
			}
		}
	}
	r.fail("clock", "%q is no hour of a weekday: write it like Mon-09", text)
	return c
}

// clockText is how a drill asks for an hour of a weekday.
func clockText(d time.Weekday, hour int) string { return fmt.Sprintf("%s-%02d", d.String()[:3], hour) }

type drillReader struct {
	v   url.Values
	err error
}

func (r *drillReader) fail(field, format string, args ...any) {
	if r.err == nil {
		r.err = FieldError{field, fmt.Sprintf(format, args...)}
	}
}

func (r *drillReader) share() ledger.Share {
	s := ledger.Share(r.v.Get("share"))
	if s != "" && !s.Known() {
		r.fail("share", "%q is nothing that a list tells: it is wait, talk, hold, wrap_up, handling, rating or a sum of time as talk_time", string(s))
	}
	return s
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
