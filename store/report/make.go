package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"ringway/store"
	"ringway/store/ledger"
	"ringway/store/report/words"
)

// Sources are what reports are made of. Ledger is required.
type Sources struct {
	Ledger Ledger
	Calls  Rows   // for the abandoned; nil: without numbers
	Wraps  Wraps  // dispositions; nil: none
	Reach  Reach  // how customers can be reached now; nil: unknown
	People People // names and teams; nil: identifiers
}

// Rows finds a call's row.
type Rows interface {
	Call(ctx context.Context, id string) (store.Call, error)
	// CalledBack lists the calls since then by which agents answered customers', in the order of time.
	CalledBack(ctx context.Context, since time.Time) ([]store.CalledBack, error)
}

// Wraps lists what agents entered about the calls that they ended in a span, each call once per agent.
type Wraps interface {
	Disposed(ctx context.Context, from, to time.Time) ([]Disposed, error)
}

// Disposed is what an agent said that a call came to.
type Disposed struct {
	Call, Queue, Agent string
	Code, Sub          string
	Label              string    // of both, as the agent saw it; empty: the codes
	At                 time.Time // when the call ended, or when it was entered
}

// Ways to reach a customer.
const (
	ReachApp    = "app"    // registered now
	ReachNumber = "number" // by a trunk
	ReachNone   = "none"
)

// Reach says how a customer can be reached now: ReachApp, ReachNumber or ReachNone.
type Reach interface {
	Reach(ctx context.Context, customer, number string) string
}

// People knows the roster.
type People interface {
	// Describe gives somebody's name and team; empty for one who left.
	Describe(id string) (name, team string)
}

// Maker makes reports. Its fields are set before the first one.
type Maker struct {
	Sources
	Zone     func() *time.Location // the company's; nil: UTC
	Now      func() time.Time      // nil: time.Now
	Settings func() Settings       // nil: the defaults
	Slots    chan struct{}         // its capacity bounds how many are made at once; nil: no bound
}

// Settings are the choices of the company.
type Settings struct {
	ServiceLevels []string      `json:"service_levels,omitempty"` // formulas shown side by side; empty: service_level
	Default       string        `json:"default,omitempty"`        // the one that charts and boards show; empty: the first
	Repeat        time.Duration `json:"repeat,omitempty"`         // zero: ledger.RepeatWindow
}

func (m *Maker) companyZone() *time.Location {
	if m.Zone == nil {
		return time.UTC
	}
	return m.Zone()
}

func (m *Maker) clock() time.Time {
	if m.Now == nil {
		return time.Now()
	}
	return m.Now()
}

func (m *Maker) choices() Settings {
	s := Settings{}
	if m.Settings != nil {
		s = m.Settings()
	}
	if len(s.ServiceLevels) == 0 {
		s.ServiceLevels = []string{"service_level"}
	}
	if s.Default == "" {
		s.Default = s.ServiceLevels[0]
	}
	if !slices.Contains(s.ServiceLevels, s.Default) {
		s.ServiceLevels = append([]string{s.Default}, s.ServiceLevels...)
	}
	return s
}

// Viewer limits whose figures are shown; the zero value shows all.
type Viewer struct {
	// Sees says whether a person's own figures may be shown; nil: everybody's.
	Sees func(id string) bool
}

func (v Viewer) sees(id string) bool { return v.Sees == nil || v.Sees(id) }

// job is one report in the making.
type job struct {
	*Maker
	plan
	viewer   Viewer
	settings Settings
	table    *Table
}

// Make makes a report. An error about the query is made of FieldErrors.
func (m *Maker) Make(ctx context.Context, q Query, v Viewer) (*Table, error) {
	p, err := m.plan(q)
	if err != nil {
		return nil, err
	}
	if m.Slots != nil {
		select {
		case m.Slots <- struct{}{}:
			defer func() { <-m.Slots }()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	j := &job{Maker: m, plan: p, viewer: v, settings: m.choices()}
	j.table = &Table{Kind: q.Kind, Title: q.Lang.Say(p.kind.title), Lang: cmp.Or(q.Lang, words.English), asked: q.Lang != "", From: p.span.From.UTC(), To: p.span.To.UTC(), Zone: p.zone.String(), Generated: p.now.UTC(),
		Open:    p.now.Before(p.span.To.Add(closing)),
		Section: Section{Columns: []Column{}, Rows: []Row{}}, Provisional: []string{}, Corrections: []CorrectionLine{}, Charts: []Chart{}}
	if err := p.kind.make(ctx, j); err != nil {
		return nil, fmt.Errorf("report %s: %w", q.Kind, err)
	}
	return j.table, j.mark(ctx)
}

// Check says what is wrong with a query, without making anything.
func (m *Maker) Check(q Query) (days int, err error) {
	p, err := m.plan(q)
	return len(p.days), err
}

// each opens the books of one day after the other, so that no more than a day's are in memory.
func (j *job) each(ctx context.Context, do func(day ledger.Span, b *ledger.Books)) error {
	for _, day := range j.days {
		if !day.From.Before(j.now) {
			break // nothing is known of the future
		}
		b, err := j.Ledger.Books(ctx, ledger.Request{From: day.From, To: day.To, Until: j.now, Repeat: j.settings.Repeat})
		if err != nil {
			return err
		}
		do(day, b)
	}
	return nil
}

// name is a person's name, or the identifier.
func (j *job) name(id string) string {
	if j.People != nil {
		if name, _ := j.People.Describe(id); name != "" {
			return name
		}
	}
	return id
}

func (j *job) team(id string) string {
	if j.People == nil {
		return ""
	}
	_, team := j.People.Describe(id)
	return team
}

// chosen drops the service levels that the company does not show, and puts its default first.
func (j *job) chosen(figures []ledger.Figure) []ledger.Figure {
	levels := map[string]ledger.Figure{}
	var out []ledger.Figure
	for _, f := range figures {
		if isServiceLevel(f.Name) {
			levels[f.Name] = f
		} else {
			out = append(out, f)
		}
	}
	if len(levels) == 0 {
		return out
	}
	for _, name := range j.settings.ServiceLevels {
		if f, ok := levels[name]; ok {
			out = append(out, f)
		}
	}
	return out
}

func isServiceLevel(name string) bool { return slices.Contains(ServiceLevels(), name) }

// ServiceLevels lists the formulas of the service level.
func ServiceLevels() []string {
	var out []string
	for _, f := range ledger.ServiceLevels(ledger.Visits{}) {
		out = append(out, f.Name)
	}
	return out
}

// measures are the figures of a queue.
func measures() []string {
	var out []string
	for _, f := range (&ledger.QueueTally{}).Figures() {
		out = append(out, f.Name)
	}
	return out
}
