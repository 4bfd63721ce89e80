// Package words says what reports say in the languages of the console. English is written where a report is made; here stands
// the same in the others: each figure of the ledger with its label and its formula (figures_*.go), and all other phrases
// (phrases.go), each translation beside its sisters, so that an entry with one missing does not compile. A test holds that no
// word of any report is missing and none is left over.
//
// Identifiers of figures, rows and cells are no words: they are the same in every language.
package words

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Lang is a language of reports; the zero value is English.
type Lang string

// The languages.
const (
	English  Lang = "en"
	Taiwan   Lang = "zh-TW" // Chinese as written in Taiwan
	Japanese Lang = "ja"
)

// Langs lists them by the names that settings and queries use.
func Langs() []string { return []string{string(English), string(Taiwan), string(Japanese)} }

// phrase is one English phrase in the other languages; verbs of fmt are in the same order.
type phrase struct{ taiwan, japanese string }

func (l Lang) of(p phrase) string {
	switch l {
	case Taiwan:
		return p.taiwan
	case Japanese:
		return p.japanese
	}
	return ""
}

// Say gives a phrase in the language, filled in as by fmt.Sprintf; one that has no translation in English.
func (l Lang) Say(english string, args ...any) string {
	text := english
	if p, ok := phrases[english]; ok && l.foreign() {
		text = l.of(p)
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// Has says whether a phrase is known.
func Has(english string) bool {
	_, ok := phrases[english]
	return ok
}

// Phrases lists the English phrases.
func Phrases() []string {
	var out []string
	for p := range phrases {
		out = append(out, p)
	}
	return out
}

// foreign says whether it is another language than English.
func (l Lang) foreign() bool { return l == Taiwan || l == Japanese }

// Sheet says whose figures are spoken of: figures of one name have other formulas on another sheet.
type Sheet string

// The sheets of the ledger.
const (
	Queue Sheet = "queue"
	Agent Sheet = "agent"
	Calls Sheet = "calls"
)

// figure is what a figure is called, and how it is computed.
type figure struct{ label, formula phrase }

var figures = map[Sheet]map[string]figure{Queue: queueFigures, Agent: agentFigures, Calls: callFigures}

// Figure gives a figure's label and formula; ok is false in English, and for figures of which nothing is known here.
func (l Lang) Figure(s Sheet, name string, window time.Duration) (label, formula string, ok bool) {
	f, ok := figures[s][name]
	if !ok || !l.foreign() {
		return "", "", false
	}
	return l.of(f.label), strings.ReplaceAll(l.of(f.formula), "{window}", l.window(window)), true
}

// Figures lists the names of a sheet's figures.
func Figures(s Sheet) []string {
	var out []string
	for name := range figures[s] {
		out = append(out, name)
	}
	return out
}

// window is how soon a repeat is one.
func (l Lang) window(d time.Duration) string {
	const day = 24 * time.Hour
	unit, n := "%d days", int(d/day)
	if d%day != 0 {
		unit, n = "%d hours", int(d/time.Hour)
	}
	if d%time.Hour != 0 {
		return Clock(d)
	}
	return l.Say(unit, n)
}

// Clock writes a length as 0:07, 12:05 or 1:02:09, which is read in every language.
func Clock(d time.Duration) string {
	s := max(int(d/time.Second), 0)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return strconv.Itoa(s/60) + fmt.Sprintf(":%02d", s%60)
}

// tags in the words of the library.
var tags = map[Lang]language.Tag{English: language.English, Taiwan: language.TraditionalChinese, Japanese: language.Japanese}

func (l Lang) tag() language.Tag {
	if t, ok := tags[l]; ok {
		return t
	}
	return language.English
}

// Language names a language given by its BCP 47 tag; what is none stays as it is.
func (l Lang) Language(code string) string {
	t, err := language.Parse(code)
	if err != nil || code == "" {
		return code
	}
	base, _ := t.Base()
	name := display.Languages(l.tag()).Name(language.Make(base.String()))
	if name == "" {
		return code
	}
	if region, confidence := t.Region(); confidence == language.Exact {
		return name + l.Say(" (%s)", l.Region(region.String()))
	}
	return name
}

// shorter are names that the library writes longer than anybody says them.
var shorter = map[string]phrase{"HK": {"香港", "香港"}, "MO": {"澳門", "マカオ"}}

// Region names a region given by its two letters of ISO 3166; what is none stays as it is.
func (l Lang) Region(code string) string {
	if len(code) != 2 {
		return code
	}
	if p, ok := shorter[strings.ToUpper(code)]; ok && l.foreign() {
		return l.of(p)
	}
	r, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	if name := display.Regions(l.tag()).Name(r); name != "" {
		return name
	}
	return code
}

// Reason names why an agent is not ready; what a company made up itself stays as it is.
func (l Lang) Reason(code string) string {
	if p, ok := reasons[code]; ok {
		if l.foreign() {
			return l.of(p)
		}
	}
	return strings.ReplaceAll(code, "_", " ")
}
