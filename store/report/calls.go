package report

import (
	"io"
	"strconv"
	"time"

	"ringway/store"
)

// CallList is a page of calls for people. The zero Zone is UTC.
type CallList struct {
	Page store.CallPage
	Zone *time.Location
}

var callHead = []string{"id", "start", "kind", "caller", "name", "dialled", "language", "region", "length", "disposition", "cause", "ended_by"}

func (l CallList) grid() grid {
	g := grid{head: callHead}
	for _, c := range l.Page.Calls {
		g.rows = append(g.rows, []string{c.ID, stamp(c.Start, l.Zone), string(c.Kind), c.CallerNumber, c.CallerName, c.Dialled,
			c.Language, c.Region, callLength(c), orDash(string(c.Disposition)), c.Cause, c.EndedBy})
	}
	return g
}

func callLength(c store.Call) string {
	if c.End.IsZero() {
		return "up"
	}
	return duration(c.End.Sub(c.Start))
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// stamp is an instant in a zone, to the second, with the zone's offset.
func stamp(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	if zone == nil {
		zone = time.UTC
	}
	return t.In(zone).Format("2006-01-02 15:04:05 -07:00")
}

func zoneName(z *time.Location) string {
	if z == nil {
		return "UTC"
	}
	return z.String()
}

// WriteTable writes the page for people.
func (l CallList) WriteTable(w io.Writer) error {
	g := l.grid()
	g.above = []string{"time zone " + zoneName(l.Zone)}
	if l.Page.Next != "" {
		g.below = []string{"more: --cursor " + l.Page.Next}
	}
	return g.writeTable(w)
}

// WriteCSV writes the page with guarded cells.
func (l CallList) WriteCSV(w io.Writer) error { return l.grid().writeCSV(w) }

// WriteJSON writes the page for programs, instants in UTC.
func (l CallList) WriteJSON(w io.Writer) error {
	calls := l.Page.Calls
	if calls == nil {
		calls = []store.Call{}
	}
	return writeJSON(w, struct {
		Zone  string       `json:"zone"`
		Calls []store.Call `json:"calls"`
		Next  string       `json:"next,omitempty"`
	}{zoneName(l.Zone), calls, l.Page.Next})
}

// Timeline is one call's story for people. The zero Zone is UTC.
type Timeline struct {
	Story store.CallStory
	Zone  *time.Location
}

func (t Timeline) grid() grid {
	g := grid{head: []string{"time", "offset", "event", "who", "what"}}
	for _, e := range t.Story.Events {
		at := e.At.In(time.UTC)
		if t.Zone != nil {
			at = e.At.In(t.Zone)
		}
		offset := "+" + duration(e.At.Sub(t.Story.Call.Start))
		g.rows = append(g.rows, []string{at.Format("15:04:05.000"), offset, string(e.Kind), who(e), what(e)})
	}
	return g
}

// who is the subject of an event: the nearest thing to a person.
func who(e store.Event) string {
	for _, s := range []string{e.Agent, e.Queue, e.Leg, e.Call} {
		if s != "" {
			return s
		}
	}
	return ""
}

func what(e store.Event) string {
	text := e.State
	add := func(label, s string) {
		if s != "" {
			if text != "" {
				text += ", "
			}
			text += label + s
		}
	}
	add("", e.Reason)
	if e.Agent != "" {
		add("queue ", e.Queue)
	}
	add("offer ", e.Offer)
	return text
}

// WriteTable writes the call's head, its legs with their quality, and its events.
func (t Timeline) WriteTable(w io.Writer) error {
	c := t.Story.Call
	head := grid{above: []string{
		"call      " + c.ID + " (" + string(c.Kind) + "), time zone " + zoneName(t.Zone),
		"from      " + c.CallerNumber + " " + c.CallerName + ", language " + orDash(c.Language) + ", region " + orDash(c.Region),
		"to        " + c.Dialled + " in " + c.Context + ", configuration " + c.PlanVersion,
		"start     " + stamp(c.Start, t.Zone) + ", length " + callLength(c),
		"end       " + orDash(string(c.Disposition)) + ", cause " + orDash(c.Cause) + ", SIP status " + strconv.Itoa(c.Status) + ", by " + orDash(c.EndedBy),
	}}
	if c.Parent != "" {
		head.above = append(head.above, "consult of call "+c.Parent)
	}
	for _, k := range t.Story.Consults {
		head.above = append(head.above, "consult   "+k.ID+", start "+stamp(k.Start, t.Zone)+", to "+k.Dialled+", length "+callLength(k)+", "+orDash(string(k.Disposition)))
	}
	if c.FailedStep != "" {
		head.above = append(head.above, "failed at "+c.FailedStep)
	}
	head.above = append(head.above, "")
	head.head = []string{"leg", "direction", "party", "remote", "codec", "packets", "lost", "late", "jitter", "end"}
	for _, l := range t.Story.Legs {
		q := l.Quality
		head.rows = append(head.rows, []string{l.ID, string(l.Direction), party(l), l.Remote, l.Codec, strconv.FormatUint(q.Packets, 10),
			strconv.FormatUint(q.Lost, 10), strconv.FormatUint(q.Late, 10), strconv.FormatFloat(q.JitterMS, 'f', 1, 64) + " ms", l.Cause})
	}
	head.below = []string{""}
	if err := head.writeTable(w); err != nil {
		return err
	}
	return t.grid().writeTable(w)
}

func party(l store.Leg) string {
	for _, s := range []string{l.Agent, l.Account, l.Trunk} {
		if s != "" {
			return s
		}
	}
	return "caller"
}

// WriteCSV writes the events.
func (t Timeline) WriteCSV(w io.Writer) error { return t.grid().writeCSV(w) }

// WriteJSON writes all that is on record about the call.
func (t Timeline) WriteJSON(w io.Writer) error {
	return writeJSON(w, struct {
		Zone string `json:"zone"`
		store.CallStory
	}{zoneName(t.Zone), t.Story})
}
