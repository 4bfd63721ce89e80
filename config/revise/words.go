package revise

import (
	"fmt"
	"slices"
	"strings"

	"ringway/config/diag"
)

// Change is one thing that differs between two versions, in words.
type Change struct {
	Kind Kind
	Noun string // context, extension, queue, person, account, …
	Name string
	Text string
}

// maxValue is how much of a value is told.
const maxValue = 60

// maxTold is how many differences of one thing are told.
const maxTold = 5

// Words compares two versions by what they mean to an administrator: comments, order of keys and layout do not count.
func Words(old, next map[string]string) []Change {
	a, b := things(old), things(next)
	var out []Change
	for _, id := range names(a, b) {
		was, before := a[id]
		is, now := b[id]
		c := Change{Noun: was.noun, Name: was.name}
		switch {
		case !before:
			c = Change{Added, is.noun, is.name, fmt.Sprintf("%s %s added", is.noun, is.name)}
		case !now:
			c.Kind, c.Text = Removed, fmt.Sprintf("%s %s removed", was.noun, was.name)
		default:
			told := differences("", was.value, is.value)
			if len(told) == 0 {
				continue
			}
			if more := len(told) - maxTold; more > 0 {
				told = append(told[:maxTold], fmt.Sprintf("%d more", more))
			}
			c.Kind, c.Text = Changed, fmt.Sprintf("%s %s: %s", was.noun, was.name, strings.Join(told, "; "))
		}
		out = append(out, c)
	}
	return out
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

// things takes the files apart. A file that is no YAML is one thing.
func things(files map[string]string) map[string]thing {
	out := map[string]thing{}
	put := func(noun, name string, value any) { out[noun+" "+name] = thing{noun, name, value} }
	for _, path := range names(files, nil) {
		var ignored diag.List
		root, ok := diag.ParseYAML(path, []byte(files[path]), &ignored)
		top, isMap := value(root, 0).(map[string]any)
		if !ok || !isMap && root.Present() {
			put("file", path, files[path])
			continue
		}
		for key, v := range top {
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

// differences tells what differs between two values, each as "key: old → new".
func differences(key string, a, b any) []string {
	ma, okA := a.(map[string]any)
	mb, okB := b.(map[string]any)
	if okA && okB {
		var out []string
		for _, k := range names(ma, mb) {
			path := k
			if key != "" {
				path = key + "." + k
			}
			x, was := ma[k]
			y, is := mb[k]
			switch {
			case !was:
				out = append(out, fmt.Sprintf("%s: %s added", path, short(y)))
			case !is:
				out = append(out, fmt.Sprintf("%s: %s removed", path, short(x)))
			default:
				out = append(out, differences(path, x, y)...)
			}
		}
		return out
	}
	la, okA := a.([]any)
	lb, okB := b.([]any)
	if okA && okB {
		return listDifferences(key, la, lb)
	}
	if told, next := text(a), text(b); told != next {
		if key == "" {
			return []string{fmt.Sprintf("%s → %s", short(a), short(b))}
		}
		return []string{fmt.Sprintf("%s: %s → %s", key, short(a), short(b))}
	}
	return nil
}

// listDifferences tells what came and went; steps by their number.
func listDifferences(key string, a, b []any) []string {
	left, right := make([]string, len(a)), make([]string, len(b))
	for i, v := range a {
		left[i] = text(v)
	}
	for i, v := range b {
		right[i] = text(v)
	}
	if slices.Equal(left, right) {
		return nil
	}
	word := strings.TrimSuffix(key, "s")
	if word == "" {
		word = "item"
	}
	var out []string
	rows := compare(left, right)
	for i := 0; i < len(rows); i++ {
		r := rows[i]
		switch {
		case r.sign == '-' && i+1 < len(rows) && rows[i+1].sign == '+':
			out = append(out, fmt.Sprintf("%s %d: %s → %s", word, r.a+1, cut(r.text), cut(rows[i+1].text)))
			i++
		case r.sign == '-':
			out = append(out, fmt.Sprintf("%s %d removed: %s", word, r.a+1, cut(r.text)))
		case r.sign == '+':
			out = append(out, fmt.Sprintf("%s %d added: %s", word, r.b+1, cut(r.text)))
		}
	}
	return out
}

func short(v any) string { return cut(text(v)) }

// cut keeps the beginning of a value.
func cut(s string) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) > maxValue {
		return string(r[:maxValue]) + "…"
	}
	if len(r) == 0 {
		return "nothing"
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
