package revise

import (
	"fmt"
	"strings"

	"ringway/config/diag"
)

// Change is one thing that differs between two versions, in words.
type Change struct {
	Kind    Kind
	Noun    string // context, extension, queue, person, account, …
	Name    string
	Text    string
	Details []Difference // what changed, at most maxTold
	More    int          // differences beyond them
}

// maxValue is how much of a value is told.
const maxValue = 60

// maxTold is how many differences of one thing are told.
const maxTold = 5

// Words compares two versions by what they mean to an administrator: comments, order of keys and layout do not count.
func Words(old, next map[string]string) []Change {
	left, right := read(old), read(next)
	whole := map[string]bool{} // what can't be taken apart on one side isn't on the other: nothing in it was added or removed
	for _, side := range []map[string]content{left, right} {
		for path, c := range side {
			whole[path] = whole[path] || c.broken
		}
	}
	a, b := things(left, whole), things(right, whole)
	var out []Change
	for _, id := range names(a, b) {
		was, before := a[id]
		is, now := b[id]
		c := Change{Noun: was.noun, Name: was.name}
		switch {
		case !before:
			c = Change{Kind: Added, Noun: is.noun, Name: is.name, Text: fmt.Sprintf("%s %s added", is.noun, is.name)}
		case !now:
			c.Kind, c.Text = Removed, fmt.Sprintf("%s %s removed", was.noun, was.name)
		case is.noun == file:
			if was.value == is.value {
				continue
			}
			c.Kind, c.Text = Changed, fmt.Sprintf("file %s changed: one of the two is no valid YAML", is.name)
		default:
			c.Kind, c.Details = Changed, differences("", was.value, is.value)
			if len(c.Details) == 0 {
				continue
			}
			c.More = max(len(c.Details)-maxTold, 0)
			c.Details = c.Details[:len(c.Details)-c.More]
			c.Text = fmt.Sprintf("%s %s: %s", was.noun, was.name, told(c))
		}
		out = append(out, c)
	}
	return out
}

// told are the differences of a thing on one line.
func told(c Change) string {
	var out []string
	for _, d := range c.Details {
		out = append(out, d.String())
	}
	if c.More > 0 {
		out = append(out, fmt.Sprintf("%d more", c.More))
	}
	return strings.Join(out, "; ")
}

// thing is something that administrators have a word for.
type thing struct {
	noun, name string
	value      any // text, []any or map[string]any
}

// nouns are the words for the entries of mappings, by file and key.
var nouns = map[string]string{
	"ringway.yaml accounts": "account", "ringway.yaml trunks": "trunk", "ringway.yaml app_domains": "app domain",
	"queues.yaml queues": "queue", "people.yaml teams": "team", "people.yaml region_groups": "region group",
	"dialplan globals": "global",
}

// lists are the words for the items of lists, and the key that tells them apart.
var lists = map[string]struct{ noun, id string }{
	"people.yaml people": {"person", "id"}, "ringway.yaml webhooks": {"webhook", "name"},
}

// file is the word for what can't be taken apart.
const file = "file"

// content is a file as it was read.
type content struct {
	text   string
	top    map[string]any
	broken bool // no YAML, or none of ours
}

func read(files map[string]string) map[string]content {
	out := map[string]content{}
	for path, text := range files {
		var ignored diag.List
		root, ok := diag.ParseYAML(path, []byte(text), &ignored)
		top, isMap := value(root, 0).(map[string]any)
		out[path] = content{text, top, !ok || !isMap && root.Present()}
	}
	return out
}

// things takes the files apart, all but those that stay whole.
func things(files map[string]content, whole map[string]bool) map[string]thing {
	out := map[string]thing{}
	put := func(noun, name string, value any) { out[noun+" "+name] = thing{noun, name, value} }
	for _, path := range names(files, nil) {
		if whole[path] {
			put(file, path, files[path].text)
			continue
		}
		for key, v := range files[path].top {
			section := path + " " + key
			if strings.HasPrefix(path, "dialplan/") {
				section = "dialplan " + key
			}
			take(section, key, v, put)
		}
	}
	return out
}

// take takes one section of a file apart.
func take(section, key string, v any, put func(noun, name string, value any)) {
	entries, isMap := v.(map[string]any)
	items, isList := v.([]any)
	switch list := lists[section]; {
	case section == "dialplan contexts" && isMap:
		for name, c := range entries {
			context(name, c, put)
		}
	case nouns[section] != "" && isMap:
		for name, e := range entries {
			put(nouns[section], name, e)
		}
	case list.noun != "" && isList:
		for i, item := range items {
			m, _ := item.(map[string]any)
			name, ok := m[list.id].(string)
			if !ok {
				name = fmt.Sprintf("number %d", i+1)
			}
			put(list.noun, name, item)
		}
	default:
		put("setting", key, v)
	}
}

// context is itself what it includes; its extensions are things of their own.
func context(name string, v any, put func(noun, name string, value any)) {
	m, _ := v.(map[string]any)
	rest := map[string]any{}
	for key, part := range m {
		extensions, ok := part.(map[string]any)
		if key != "extensions" || !ok {
			rest[key] = part
			continue
		}
		for exten, steps := range extensions {
			put("extension", name+","+exten, map[string]any{"steps": steps})
		}
	}
	put("context", name, rest)
}

// value is a node without its places.
func value(n diag.Node, depth int) any {
	switch n.Kind() {
	case diag.KindMapping:
		out := map[string]any{}
		for _, e := range n.Mapping().Entries() {
			out[e.Name()] = value(e.Value, depth+1)
		}
		return out
	case diag.KindList:
		out := []any{}
		for _, i := range n.Items() {
			out = append(out, value(i, depth+1))
		}
		return out
	case diag.KindScalar:
		return n.String("")
	}
	return nil
}

func short(v any) string { return cut(text(v)) }

// cut keeps the beginning of a value.
func cut(s string) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) > maxValue {
		return string(r[:maxValue]) + "…"
	}
	return string(r)
}

// text writes a value on one line, the keys of a mapping in order.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []any:
		parts := make([]string, len(v))
		for i, item := range v {
			parts[i] = text(item)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case map[string]any:
		var parts []string
		for _, k := range names(v, nil) {
			parts = append(parts, k+": "+text(v[k]))
		}
		if len(parts) == 1 {
			return parts[0]
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return ""
}
