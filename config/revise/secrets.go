package revise

import (
	"reflect"
	"strings"

	"ringway/config"
	"ringway/config/diag"
)

// secretNodes finds the scalars of a file that are secrets, by the type that the settings give them: what config.Settings
// calls a Secret is one, wherever it stands.
func secretNodes(file string, text string, l *diag.List) ([]diag.Node, bool) {
	root, ok := diag.ParseYAML(file, []byte(text), l)
	if !ok {
		return nil, false
	}
	var out []diag.Node
	switch file {
	case "ringway.yaml":
		walk(root, reflect.TypeFor[config.Settings](), &out)
	case "people.yaml":
		for _, p := range items(root, "people") {
			if p.Kind() == diag.KindMapping {
				out = append(out, scalars(p.Mapping().Field("pin"))...)
			}
		}
	}
	return out, true
}

func items(root diag.Node, key string) []diag.Node {
	if root.Kind() != diag.KindMapping {
		return nil
	}
	return root.Mapping().Field(key).Items()
}

// walk follows the YAML and the Go type beside each other.
func walk(n diag.Node, t reflect.Type, out *[]diag.Node) {
	switch {
	case !n.Present():
	case t == reflect.TypeFor[config.Secret]():
		*out = append(*out, scalars(n)...)
	case t.Kind() == reflect.Slice:
		for _, item := range n.Items() {
			walk(item, t.Elem(), out)
		}
	case n.Kind() != diag.KindMapping:
	case t.Kind() == reflect.Map:
		for _, e := range n.Mapping().Entries() {
			walk(e.Value, t.Elem(), out)
		}
	case t.Kind() == reflect.Struct:
		m := n.Mapping()
		for i := range t.NumField() {
			if key := t.Field(i).Tag.Get("yaml"); key != "" {
				walk(m.Field(key), t.Field(i).Type, out)
			}
		}
	}
}

// scalars are what is written where one secret belongs, even where it is wrongly a list or a mapping.
func scalars(n diag.Node) []diag.Node {
	switch n.Kind() {
	case diag.KindScalar:
		return []diag.Node{n}
	case diag.KindList:
		var out []diag.Node
		for _, i := range n.Items() {
			out = append(out, scalars(i)...)
		}
		return out
	case diag.KindMapping:
		var out []diag.Node
		for _, e := range n.Mapping().Entries() {
			out = append(out, scalars(e.Value)...)
		}
		return out
	}
	return nil
}

// plain tells whether a value gives a secret away: one that says where the secret lies does not.
func plain(value string) bool {
	return value != "" && !strings.HasPrefix(value, "env:") && !strings.HasPrefix(value, "file:")
}
