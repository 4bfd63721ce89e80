package diag

import (
	"slices"

	"go.yaml.in/yaml/v4"
)

// Mapping is a YAML mapping in the order in which it is written. It remembers which fields were asked for, so that Done
// can report the others. The mapping of an absent node has no fields.
type Mapping struct {
	node    Node
	entries []Entry
	index   map[string]int
	known   []string
	all     bool // Entries was called: any key is a name
}

// Entry is one field: its key with its place, and its value.
type Entry struct {
	Key   Text
	Value Node
}

// Name is the key as a plain string.
func (e Entry) Name() string { return e.Key.Value }

// Pos is where the key stands.
func (e Entry) Pos() Pos { return e.Key.Pos() }

func (m *Mapping) read(y *yaml.Node) {
	d := m.node.doc
	for i := 0; i+1 < len(y.Content); i += 2 {
		key := Node{y: y.Content[i], doc: d}
		if key.Kind() != KindScalar {
			key.wrong("a name")
			continue
		}
		text := key.Text()
		if text.Value == "<<" && key.value().Style == 0 {
			key.Errorf(CodeUnknown, "write the fields out", "merge keys are not supported")
			continue
		}
		if first, twice := m.index[text.Value]; twice {
			f := Wrong(key.Pos(), CodeDuplicate, "", "key '%s' stands twice", text.Value)
			f.Related = []Related{{m.entries[first].Pos(), "first here"}}
			d.list.Add(f)
			continue
		}
		m.index[text.Value] = len(m.entries)
		m.entries = append(m.entries, Entry{Key: text, Value: Node{y: y.Content[i+1], doc: d}})
	}
}

// Pos is where the mapping begins.
func (m *Mapping) Pos() Pos { return m.node.Pos() }

// Node is the value that this mapping was read from.
func (m *Mapping) Node() Node { return m.node }

// Len counts the fields.
func (m *Mapping) Len() int { return len(m.entries) }

// Has tells whether the key is written, even with the value null, without marking it as known.
func (m *Mapping) Has(key string) bool {
	_, ok := m.index[key]
	return ok
}

// Field returns the value of a key, absent when it is not written.
func (m *Mapping) Field(key string) Node {
	e, _ := m.Entry(key)
	return e.Value
}

// Entry is Field together with the place of the key; false when it is not written.
func (m *Mapping) Entry(key string) (Entry, bool) {
	if !slices.Contains(m.known, key) {
		m.known = append(m.known, key)
	}
	if i, ok := m.index[key]; ok {
		return m.entries[i], true
	}
	return Entry{Value: Node{doc: m.node.doc, pos: m.node.Pos()}}, false
}

// Require is Field, and a finding when the key is absent.
func (m *Mapping) Require(key string) Node {
	n := m.Field(key)
	if !n.Present() && m.node.Kind() == KindMapping {
		n.Errorf(CodeMissing, "", "'%s' is missing", key)
	}
	return n
}

// Entries returns all fields, for mappings whose keys are names; Done then reports nothing.
func (m *Mapping) Entries() []Entry {
	m.all = true
	return m.entries
}

// Rest returns the fields that were not asked for so far, and takes them as known.
func (m *Mapping) Rest() []Entry {
	var out []Entry
	for _, e := range m.entries {
		if !slices.Contains(m.known, e.Name()) {
			out = append(out, e)
		}
	}
	m.all = true
	return out
}

// Done reports the keys that nobody asked for, each with the known key nearest to it.
func (m *Mapping) Done() {
	if m.all {
		return
	}
	for _, e := range m.Rest() {
		unknownKey(m.node.doc.list, e, m.known)
	}
}

func unknownKey(l *List, e Entry, known []string) {
	hint := Suggest(e.Name(), known)
	if hint == "" && len(known) > 0 && len(known) <= 12 {
		hint = "known: " + join(known)
	}
	l.Errorf(e.Pos(), CodeUnknown, hint, "unknown key '%s'", e.Name())
}

func join(words []string) string {
	sorted := slices.Sorted(slices.Values(words))
	out := ""
	for i, w := range sorted {
		if i > 0 {
			out += ", "
		}
		out += w
	}
	return out
}
