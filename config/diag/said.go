package diag

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Said is a sentence before its values are put in: by its text it can be looked up and told in another language.
//
//	Errorf(pos, code, "", "'%s' needs '%s'", "playback", "files")   →   "'{1}' needs '{2}'" of playback and files
//
// The zero Said is a sentence that only has its English.
type Said struct {
	Text   string
	Params []Param
}

// Param is one value of a sentence.
type Param struct {
	Value string
	Said  *Said // where it is itself a sentence or a word of ours; else it stays as it is
}

// Words are a value of a sentence that is itself ours and not an administrator's.
type Words string

// verb matches one directive of a format.
var verb = regexp.MustCompile(`%[+#]?(?:\.\d)?[a-zA-Z%]`)

// Sentence is the text of a format: its values are numbered from 1.
func Sentence(format string) string {
	n := 0
	return verb.ReplaceAllStringFunc(format, func(v string) string {
		if v == "%%" {
			return "%"
		}
		n++
		return "{" + strconv.Itoa(n) + "}"
	})
}

// said takes a format apart.
func said(format string, args []any) Said {
	s := Said{Text: Sentence(format)}
	for _, v := range verb.FindAllString(format, -1) {
		if v == "%%" || len(s.Params) == len(args) {
			continue
		}
		p := Param{Value: fmt.Sprintf(v, args[len(s.Params)])}
		switch v := args[len(s.Params)].(type) {
		case Words:
			p.Said = &Said{Text: string(v)}
		case error:
			if cause, ok := Causes.Of(v.Error()); ok {
				p.Said = &cause
			}
		}
		s.Params = append(s.Params, p)
	}
	return s
}

// String puts the values in.
func (s Said) String() string {
	values := make([]string, 0, 2*len(s.Params))
	for i, p := range s.Params {
		values = append(values, "{"+strconv.Itoa(i+1)+"}", p.Value)
	}
	return strings.NewReplacer(values...).Replace(s.Text) // in one go: a value may look like a place
}

// Sentences recognise what was said by somebody else, or put together.
type Sentences []known

type known struct {
	text string
	like *regexp.Regexp
}

var place = regexp.MustCompile(`\\\{\d\\\}`)

// NewSentences are sentences by their texts; the first that fits counts.
func NewSentences(texts ...string) Sentences {
	out := make(Sentences, 0, len(texts))
	for _, t := range texts {
		out = append(out, known{t, regexp.MustCompile("^" + place.ReplaceAllString(regexp.QuoteMeta(t), "(.+)") + "$")})
	}
	return out
}

// Of finds the sentence that says a text; false where it is none of them.
func (s Sentences) Of(text string) (Said, bool) {
	for _, k := range s {
		if found := k.like.FindStringSubmatch(text); found != nil {
			out := Said{Text: k.text}
			for _, v := range found[1:] {
				out.Params = append(out.Params, Param{Value: v})
			}
			return out, true
		}
	}
	return Said{}, false
}

// Texts are the sentences themselves.
func (s Sentences) Texts() []string {
	out := make([]string, len(s))
	for i, k := range s {
		out[i] = k.text
	}
	return out
}

// Computed are the hints that are put together of values; all others are written out where they are given.
var Computed = NewSentences(
	"did you mean '{1}'?",
	"allowed: {1}",
	"known: {1}; or a list of {2}",
	"known: {1}",
	"write the unit: {1}",
	"to go to the extension write {exten: {1}}",
	"use up to 32 of a–z, 0–9, _ and -, and not '{1}'",
)

// Causes are errors of other packages that stand in findings, as far as they are ours.
var Causes = NewSentences(
	"environment variable {1} is not set",
	"no secret is set",
	"a ha1 secret has no plain text",
	"open {1}: no such file or directory",
	"open {1}: permission denied",
	"trunk {1} is defined twice",
	"trunks {1} and {2} both match {3}",
	"no address for look-ups: a { is not closed",
	"no address for look-ups: there is no {{1}}; {2}",
	"no address for look-ups: {{1}} stands before the path; a caller must not choose whom the switch asks",
	"no address for look-ups: {1}",
	"it is no URL",
	"it begins neither with https:// nor http://",
	"it names no host",
	"a user and password don't belong into it",
	"what follows # never reaches a server",
	"the address is private: {1}",
	"a webhook's secret is whsec_ and then 24 to 64 bytes in base64",
)

// Advice is the hint before its values are put in.
func (f Finding) Advice() Said {
	if s, ok := Computed.Of(f.Hint); ok {
		return s
	}
	return Said{Text: f.Hint}
}

// Wrong is an error for Add, where a second place belongs to it.
func Wrong(pos Pos, code, hint, format string, args ...any) Finding {
	return Finding{Pos: pos, Severity: Error, Code: code, Hint: hint, Message: fmt.Sprintf(format, args...), Said: said(format, args)}
}

// Doubtful is Wrong for a warning.
func Doubtful(pos Pos, code, hint, format string, args ...any) Finding {
	f := Wrong(pos, code, hint, format, args...)
	f.Severity = Warning
	return f
}
