package report

import (
	"maps"
	"time"

	"ringway/store/ledger"
	"ringway/store/report/words"
)

// Table is a report in the shape that browsers, files and mails share: rows of figures under named formulas.
type Table struct {
	Kind      string     `json:"kind"`
	Lang      words.Lang `json:"lang" doc:"of the title, headings, labels, formulas and words of cells; identifiers are the same in each"`
	Title     string     `json:"title"`
	From      time.Time  `json:"from"`
	To        time.Time  `json:"to"`
	Zone      string     `json:"zone"`
	Generated time.Time  `json:"generated"`
	Section
	// Sections are further tables of the same report; the one above is the main one.
	Sections []Section `json:"sections,omitempty"`
	// Provisional names the columns that days to come may still change.
	Provisional []string         `json:"provisional"`
	Open        bool             `json:"open"`             // the span is not over and closed yet
	Closed      *time.Time       `json:"closed,omitempty"` // when the figures of this day were kept
	Corrections []CorrectionLine `json:"corrections"`
	Charts      []Chart          `json:"charts"`
	Timeline    []Stretch        `json:"timeline,omitempty"`

	MadeUp   []Range  `json:"made_up,omitempty"`  // when a made-up history was in force instead of people
	Measure  string   `json:"measure,omitempty"`  // what a heat map shows
	Measures []Column `json:"measures,omitempty"` // what it could show

	asked bool // for its language: then CSV is for people, too
}

// Section is rows under columns.
type Section struct {
	ID      string         `json:"id,omitempty"`
	Heading string         `json:"heading,omitempty"`
	Columns []Column       `json:"columns"`
	Rows    []Row          `json:"rows"`
	Totals  map[string]any `json:"totals,omitempty"`
	// Drill lists the calls behind a total, by column.
	Drills map[string]string `json:"total_drills,omitempty"`
	// Leads are the drills of rows that are many: in each stand {from} and {to} for the row's edges.
	Leads map[string]string `json:"leads,omitempty" doc:"drills of all rows that have 'from' and 'to', which stand for {from} and {to}"`
	// Timeline is the query of a report of agents' days behind the times of the totals.
	Timeline string `json:"total_timeline,omitempty"`
}

// Unit says what the cells of a column are.
type Unit string

// Units of columns. A duration is seconds, a percentage 0 … 100, a time RFC 3339 text.
const (
	CountUnit    Unit = "count"
	PercentUnit  Unit = "percent"
	DurationUnit Unit = "duration"
	TimeUnit     Unit = "time"
	TextUnit     Unit = "text"
	NumberUnit   Unit = "number"
)

// Column is one figure: its identifier is the formula's name.
type Column struct {
	ID      string `json:"id"`
	Label   string `json:"label"`
	Unit    Unit   `json:"unit"`
	Formula string `json:"formula,omitempty"`
	// Words says what the codes in the cells are called; what is not there is no code.
	Words map[string]string `json:"words,omitempty"`
	// Over and Under are the named parts of a rate or a mean; their values and drills stand in the row like a column's.
	Over  []Part `json:"over,omitempty" doc:"a rate or a mean is the sum of these over the sum of those under it"`
	Under []Part `json:"under,omitempty"`
	// Timed is time that an agent spent in states: behind it is her timeline and no list of calls.
	Timed bool `json:"timed,omitempty" doc:"time in an agent's states: the row's timeline is behind it"`
}

// Part is a named part of a formula.
type Part struct {
	ID      string `json:"id"`
	Label   string `json:"label"`
	Unit    Unit   `json:"unit"`
	Formula string `json:"formula,omitempty"`
	Minus   bool   `json:"minus,omitempty" doc:"it is subtracted"`
	Cell    string `json:"cell" doc:"where its value and its drill stand in the row"`
}

// Row is one subject. A cell is a number, a text, or nil where its formula has no value.
type Row struct {
	Key   string         `json:"key"`
	Label string         `json:"label"`
	Cells map[string]any `json:"cells"`
	// Drill is the query of GET /calls that lists the calls behind the row; Drills those behind single cells.
	Drill  string            `json:"drill,omitempty"`
	Drills map[string]string `json:"drills,omitempty"`
	From   string            `json:"from,omitempty" doc:"its edges where the section has leads"`
	To     string            `json:"to,omitempty"`
	// Timeline is the query of the report agent-day, or agents, that tells of the row's times in states.
	Timeline string `json:"timeline,omitempty"`
}

// CorrectionLine is a later fact about a closed day.
type CorrectionLine struct {
	At     time.Time `json:"at"`
	Row    string    `json:"row"`
	Column string    `json:"column"`
	Closed any       `json:"closed"`
	Value  any       `json:"value"`
	Text   string    `json:"text"`
}

// Chart names columns to draw over the rows, in their order.
type Chart struct {
	Kind   string   `json:"kind"` // line | bar | heatmap | timeline
	Title  string   `json:"title"`
	X      string   `json:"x"` // what the rows are
	Series []Series `json:"series"`
}

// Series is one line or one set of bars.
type Series struct {
	Name   string `json:"name"`
	Column string `json:"column"`
}

// Stretch is a piece of an agent's timeline.
type Stretch struct {
	Start  time.Time `json:"start"`
	End    time.Time `json:"end"`
	Bucket string    `json:"bucket"`
	Reason string    `json:"reason,omitempty"`
	Queue  string    `json:"queue,omitempty"`
	Call   string    `json:"call,omitempty"`
}

// cell is a figure's value.
func cell(f ledger.Figure, zone *time.Location) any {
	switch {
	case !f.Known:
		return nil
	case f.Unit == ledger.Clock:
		return instantText(time.UnixMicro(int64(f.Value*1e6)), zone)
	}
	return f.Value
}

// instantText is a time in the report's zone, with its offset: programs and people read the same.
func instantText(t time.Time, zone *time.Location) string { return t.In(zone).Format(time.RFC3339) }

// put sets the row's cells, and widens the section by columns that it lacks.
func (s *Section) put(r Row, figures []ledger.Figure, v voice) {
	r.Cells = s.cells(figures, v)
	longestOnes(r.Drills, figures)
	if r.Drills = counted(r.Drills, r.Cells); len(r.Drills) == 0 {
		r.Drills = nil
	}
	s.Rows = append(s.Rows, r)
}

func (s *Section) cells(figures []ledger.Figure, v voice) map[string]any {
	out := make(map[string]any, len(figures))
	for _, f := range figures {
		if !f.Inner && !s.has(f.Name) {
			s.Columns = append(s.Columns, v.made(f, figures))
		}
		out[f.Name] = cell(f, v.zone)
	}
	return out
}

// sum sets the totals.
func (s *Section) sum(figures []ledger.Figure, drills map[string]string, v voice) {
	s.Totals = s.cells(figures, v)
	longestOnes(drills, figures)
	s.Drills = counted(drills, s.Totals)
}

// counted drops the drills behind which there is nothing.
func counted(drills map[string]string, cells map[string]any) map[string]string {
	maps.DeleteFunc(drills, func(column, query string) bool {
		n, _ := number(cells[column])
		return n == 0 || query == ""
	})
	return drills
}

func (s *Section) has(id string) bool {
	for _, c := range s.Columns {
		if c.ID == id {
			return true
		}
	}
	return false
}

// provisional notes which of the figures days to come may change.
func (t *Table) provisional(figures []ledger.Figure) {
	for _, f := range figures {
		if f.Provisional && !containsText(t.Provisional, f.Name) {
			t.Provisional = append(t.Provisional, f.Name)
		}
	}
}

func containsText(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
