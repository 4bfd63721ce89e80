package lookup

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// Record is what the company's system says of a customer: text, and nothing else.
type Record struct {
	Name     string            `json:"name,omitempty"`
	Language string            `json:"language,omitempty"`
	Region   string            `json:"region,omitempty"`
	Zone     string            `json:"zone,omitempty"`
	Booking  string            `json:"booking,omitempty"`
	Fields   map[string]string `json:"fields,omitempty"`
	Notes    []string          `json:"notes,omitempty"`
}

// Bounds of a record: what is longer is cut, what is more is left out.
const (
	maxAnswer = 64 << 10 // bytes
	maxWord   = 200      // characters
	maxText   = 2000
	maxFields = 40
	maxNotes  = 20
)

// errAnswer means that an answer is not what is asked for.
var errAnswer = errors.New("the answer is no JSON object")

// read takes a record out of an answer. Keys that it does not know, and values deeper than their place, are left out.
func read(answer []byte) (*Record, error) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(answer, &raw); err != nil || raw == nil {
		return nil, errAnswer
	}
	r := &Record{Name: word(raw["name"]), Language: word(raw["language"]), Region: word(raw["region"]), Zone: word(raw["zone"]),
		Booking: word(raw["booking"])}
	var err error
	if r.Fields, err = readFields(raw["fields"]); err != nil {
		return nil, err
	}
	var notes []json.RawMessage
	if given(raw["notes"]) {
		if err := json.Unmarshal(raw["notes"], &notes); err != nil {
			return nil, fmt.Errorf("'notes' is no list: %w", errAnswer)
		}
	}
	for _, n := range notes {
		if t := scalar(n, maxText); t != "" && len(r.Notes) < maxNotes {
			r.Notes = append(r.Notes, t)
		}
	}
	return r, nil
}

// readFields reads an object token by token: which fields are left out when there are too many is its order's choice, not a
// map's.
func readFields(raw json.RawMessage) (map[string]string, error) {
	if !given(raw) {
		return nil, nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, fmt.Errorf("'fields' is no object: %w", errAnswer)
	}
	out := map[string]string{}
	for d.More() && len(out) < maxFields {
		key, err := d.Token()
		var value json.RawMessage
		if err == nil {
			err = d.Decode(&value)
		}
		name, ok := key.(string)
		if err != nil || !ok {
			return nil, errAnswer
		}
		if name = clean(name, maxWord); name != "" {
			if t := scalar(value, maxText); t != "" {
				out[name] = t
			}
		}
	}
	return out, nil
}

func given(raw json.RawMessage) bool { return len(raw) > 0 && string(raw) != "null" }

func word(raw json.RawMessage) string { return scalar(raw, maxWord) }

// scalar is text, a number or true and false as text; an object, a list and null are nothing.
func scalar(raw json.RawMessage, most int) string {
	if !given(raw) || raw[0] == '{' || raw[0] == '[' {
		return ""
	}
	var s string
	if raw[0] == '"' {
		if json.Unmarshal(raw, &s) != nil {
			return ""
		}
	} else {
		s = string(raw)
	}
	return clean(s, most)
}

// clean leaves what can be shown: no control characters but line ends, nothing that turns the direction of writing around.
func clean(s string, most int) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n == most {
			break
		}
		if r != '\n' && (unicode.IsControl(r) || r == unicode.ReplacementChar || unicode.Is(unicode.Bidi_Control, r)) {
			continue
		}
		b.WriteRune(r)
		n++
	}
	return strings.TrimSpace(b.String())
}

// size is about how much memory a record takes.
func (r *Record) size() int {
	n := 300 + len(r.Name) + len(r.Language) + len(r.Region) + len(r.Zone) + len(r.Booking)
	for k, v := range r.Fields {
		n += 64 + len(k) + len(v)
	}
	for _, t := range r.Notes {
		n += 32 + len(t)
	}
	return n
}
