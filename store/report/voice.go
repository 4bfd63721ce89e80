package report

import (
	"slices"
	"strings"
	"time"

	"ringway/store"
	"ringway/store/ledger"
	"ringway/store/report/words"
)

// voice is how figures are written down: in which language, of which sheet, on which clock, with which window of repeats.
type voice struct {
	words.Lang
	sheet  words.Sheet
	zone   *time.Location
	window time.Duration
}

// of is the report's voice about the figures of a sheet.
func (j *job) of(s words.Sheet) voice {
	window := j.settings.Repeat
	if window <= 0 {
		window = ledger.RepeatWindow
	}
	return voice{j.Lang, s, j.zone, window}
}

// say is a phrase in the report's language.
func (j *job) say(english string, args ...any) string { return j.Lang.Say(english, args...) }

func (t *Table) say(english string, args ...any) string { return t.Lang.Say(english, args...) }

// units of figures in the words of columns.
var units = map[ledger.Unit]Unit{ledger.Count: CountUnit, ledger.Seconds: DurationUnit, ledger.Percent: PercentUnit,
	ledger.Clock: TimeUnit, ledger.Number: NumberUnit}

// Beginnings of figures that have one column for each reason, or each disposition.
const (
	pausePrefix   = "not_ready: "
	outcomePrefix = "disposition: "
)

// column is a figure's heading.
func (v voice) column(f ledger.Figure) Column {
	c := Column{ID: f.Name, Label: label(f.Name), Unit: units[f.Unit], Formula: f.Formula}
	if name, formula, ok := v.Figure(v.sheet, f.Name, v.window); ok {
		c.Label, c.Formula = name, formula
	}
	if reason, ok := strings.CutPrefix(f.Name, pausePrefix); ok {
		c.Label, c.Formula = v.Say("Not ready: %s", v.Reason(reason)), v.Say("time in state not_ready with this reason")
	}
	return c
}

// made is a figure's heading with what it is made of; the figures are those beside it.
func (v voice) made(f ledger.Figure, figures []ledger.Figure) Column {
	c := v.column(f)
	c.Over, c.Under, c.Timed = v.parts(f.Over, figures), v.parts(f.Under, figures), v.sheet == words.Agent && timed(f)
	return c
}

func (v voice) parts(terms []ledger.Term, figures []ledger.Figure) (out []Part) {
	for _, t := range terms {
		c := v.column(figureNamed(figures, t.Name))
		out = append(out, Part{ID: c.ID, Label: c.Label, Unit: c.Unit, Formula: c.Formula, Minus: t.Minus, Cell: c.ID})
	}
	return out
}

// timed says whether a figure of an agent is of her states alone: no calls are behind it.
func timed(f ledger.Figure) bool {
	switch {
	case f.Unit == ledger.Clock, f.Name == "logged_in", strings.HasPrefix(f.Name, pausePrefix):
		return true
	}
	return slices.Contains(ledger.AgentBuckets, store.AgentBucket(f.Name))
}

// label is a figure's heading alone.
func (v voice) label(id string) string { return v.column(ledger.Figure{Name: id}).Label }

// state is what a state of an agent is called.
func (t *Table) state(bucket string) string {
	return voice{Lang: t.Lang, sheet: words.Agent}.label(bucket)
}

// named is a column's label with the name of its formula.
func (c Column) named() string { return c.Label + " (" + c.ID + ")" }

// series draws figures under their headings.
func (v voice) series(columns ...string) []Series {
	var out []Series
	for _, id := range columns {
		out = append(out, Series{v.label(id), id})
	}
	return out
}

// labels are headings that are more than the formula's name with spaces.
var labels = map[string]string{
	"asa": "ASA", "aht": "AHT", "rona": "RONA", "service_level": "Service level", "service_level_answered": "Service level (answered)",
	"service_level_positive": "Service level (positive)", "service_level_ignore": "Service level (ignore)",
	"service_level_negative": "Service level (negative)", "service_level_left": "Service level (left)",
	"first_call_resolution": "First-call resolution", "wrap_up": "Wrap-up", "wrap_up_time": "Wrap-up time",
	"wait_answered": "Wait of answered", "wait_abandoned": "Wait of abandoned", "talk_handled": "Talk, all of it", "hold_handled": "Hold, all of it",
	"wrap_up_handled": "Wrap-up, all of it", "handling": "Talk, hold and wrap-up", "handled_identified": "Handled, customer known",
	"reached_identified": "Reached, customer known", "reached_repeats": "Reached, called again", "flow_out_within": "Flow out within",
	"average_wrap_up": "Average wrap-up", "longest_wrap_up": "Longest wrap-up", "call_time_ivr": "Call time IVR",
}

// label is a figure's heading in English.
func label(id string) string {
	if l, ok := labels[id]; ok {
		return l
	}
	text := strings.ReplaceAll(id, "_", " ")
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
