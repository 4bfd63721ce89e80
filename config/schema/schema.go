package schema

import (
	"encoding/json"
	"sort"
)

// Schema is one JSON Schema. The fields are those that editors use.
type Schema struct {
	Dialect     string             `json:"$schema,omitempty"`
	Title       string             `json:"title,omitempty"`
	Description string             `json:"description,omitempty"`
	Ref         string             `json:"$ref,omitempty"`
	Defs        map[string]*Schema `json:"$defs,omitempty"`
	Type        any                `json:"type,omitempty"` // a word, or a list of words
	Enum        []any              `json:"enum,omitempty"`
	Default     any                `json:"default,omitempty"`
	Examples    []any              `json:"examples,omitempty"`
	Pattern     string             `json:"pattern,omitempty"`
	Minimum     *int               `json:"minimum,omitempty"`
	Maximum     *int               `json:"maximum,omitempty"`
	Items       *Schema            `json:"items,omitempty"`
	Properties  map[string]*Schema `json:"properties,omitempty"`
	Required    []string           `json:"required,omitempty"`
	Additional  any                `json:"additionalProperties,omitempty"` // false, or a schema
	AnyOf       []*Schema          `json:"anyOf,omitempty"`
}

// Names are what the running configuration defines: an editor offers them.
type Names struct{ Contexts, Accounts, Queues, Trunks, Prompts, Music []string }

// For is the schema of a kind of file: ringway, queues, people or dialplan.
func For(file string, n Names) (*Schema, bool) {
	var s *Schema
	switch file {
	case "ringway":
		s = settings(n)
	case "queues":
		s = queues(n)
	case "people":
		s = people(n)
	case "dialplan":
		s = dialplanFile(n)
	default:
		return nil, false
	}
	s.Dialect, s.Title = "https://json-schema.org/draft/2020-12/schema", file+".yaml"
	if file == "dialplan" {
		s.Title = "dialplan/*.yaml"
	}
	return s, true
}

// JSON is the schema as text.
func (s *Schema) JSON() ([]byte, error) { return json.Marshal(s) }

// doc gives a schema a description.
func (s *Schema) doc(text string) *Schema {
	s.Description = text
	return s
}

// offer gives a schema values that an editor suggests.
func (s *Schema) offer(names []string) *Schema {
	s.Examples = anys(names)
	return s
}

func anys(list []string) []any {
	var out []any
	for _, s := range list {
		out = append(out, s)
	}
	return out
}

// A key without a value is as good as one that is not written, so every kind of value may be null.

// text is any scalar: 700, yes and +41 are text where text is wanted.
func text() *Schema { return &Schema{Type: []string{"string", "number", "boolean", "null"}} }

func boolean() *Schema {
	return &Schema{AnyOf: []*Schema{{Type: []string{"boolean", "null"}}, {Enum: anys([]string{"yes", "no", "on", "off", "true", "false"})}}}
}

func whole(low, high int) *Schema {
	return &Schema{Type: []string{"integer", "null"}, Minimum: &low, Maximum: &high}
}

func percent() *Schema {
	low, high := 0, 100
	return &Schema{Type: []string{"number", "null"}, Minimum: &low, Maximum: &high}
}

// duration is written like 20s, 1m30s or 500ms; 0 needs no unit.
func duration(def string) *Schema {
	s := &Schema{Type: []string{"string", "integer", "null"}, Pattern: `^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h|d))+$|^0$`}
	low, high := 0, 0
	s.Minimum, s.Maximum = &low, &high
	if def != "" {
		s.Default = def
	}
	return s
}

func oneOf(def string, words ...string) *Schema {
	s := &Schema{Enum: append(anys(words), nil)}
	if def != "" {
		s.Default = def
	}
	return s
}

// list is a list; one item alone is a list of one.
func list(item *Schema) *Schema {
	return &Schema{AnyOf: []*Schema{item, {Type: []string{"array", "null"}, Items: item}}}
}

// sequence is a list that must be written as one.
func sequence(item *Schema) *Schema { return &Schema{Type: []string{"array", "null"}, Items: item} }

// names is a mapping of names to things.
func named(item *Schema) *Schema { return &Schema{Type: []string{"object", "null"}, Additional: item} }

// object is a mapping with known keys.
func object(fields map[string]*Schema, required ...string) *Schema {
	sort.Strings(required)
	return &Schema{Type: []string{"object", "null"}, Properties: fields, Required: required, Additional: false}
}
