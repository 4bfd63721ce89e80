package diag

import (
	"fmt"

	"go.yaml.in/yaml/v4"
)

// Node is one YAML value with its place. The zero Node, and the Node of an absent field, is safe: every getter returns
// its default without a finding. Getters report a value of the wrong kind themselves.
type Node struct {
	y   *yaml.Node
	doc *document
	pos Pos // of an absent value: the mapping that lacks it
}

// Kind says what a node holds.
type Kind string

// Kinds of node.
const (
	KindAbsent  Kind = "nothing" // no such field, or null
	KindScalar  Kind = "text"
	KindList    Kind = "list"
	KindMapping Kind = "mapping"
)

// value follows an alias.
func (n Node) value() *yaml.Node {
	if n.y != nil && n.y.Kind == yaml.AliasNode {
		return n.y.Alias
	}
	return n.y
}

// Kind tells what the node holds.
func (n Node) Kind() Kind {
	y := n.value()
	switch {
	case y == nil || y.Kind == yaml.ScalarNode && y.ShortTag() == "!!null":
		return KindAbsent
	case y.Kind == yaml.MappingNode:
		return KindMapping
	case y.Kind == yaml.SequenceNode:
		return KindList
	default:
		return KindScalar
	}
}

// Present tells whether there is a value that is not null.
func (n Node) Present() bool { return n.Kind() != KindAbsent }

// Pos is where the value begins; of an absent field, where its mapping begins.
func (n Node) Pos() Pos {
	if n.y == nil {
		return n.pos
	}
	return n.doc.pos(n.y)
}

// List is the collector that findings about this node go to; nil for the zero Node.
func (n Node) List() *List {
	if n.doc == nil {
		return nil
	}
	return n.doc.list
}

// Errorf adds an error at the node's place.
func (n Node) Errorf(code, hint, format string, args ...any) {
	if n.doc != nil {
		n.doc.list.Errorf(n.Pos(), code, hint, format, args...)
	}
}

// Warnf adds a warning at the node's place.
func (n Node) Warnf(code, hint, format string, args ...any) {
	if n.doc != nil {
		n.doc.list.Warnf(n.Pos(), code, hint, format, args...)
	}
}

// wrong reports that another kind of value was wanted.
func (n Node) wrong(want string) {
	n.Errorf(CodeType, "", "%s where %s is wanted", Words(n.Kind().article()), Words(want))
}

func (k Kind) article() string {
	if k == KindAbsent || k == KindScalar {
		return string(k)
	}
	return "a " + string(k)
}

// Items returns the elements of a list. A single value that is no list is a list of one; nothing is an empty list.
func (n Node) Items() []Node {
	switch n.Kind() {
	case KindAbsent:
		return nil
	case KindList:
		y := n.value()
		out := make([]Node, len(y.Content))
		for i, c := range y.Content {
			out[i] = Node{y: c, doc: n.doc}
		}
		return out
	default:
		return []Node{n}
	}
}

// Sequence returns the elements of a list; a value that is no list is a finding.
func (n Node) Sequence() []Node {
	if k := n.Kind(); k != KindList {
		if k != KindAbsent {
			n.wrong("a list")
		}
		return nil
	}
	return n.Items()
}

// Mapping returns the fields. A value that is no mapping is a finding; nothing is an empty mapping. Keys that stand twice
// are findings.
func (n Node) Mapping() *Mapping {
	m := &Mapping{node: n, index: map[string]int{}}
	switch n.Kind() {
	case KindAbsent:
	case KindMapping:
		m.read(n.value())
	default:
		n.wrong("a mapping")
	}
	return m
}

// GoString helps in test failures.
func (n Node) GoString() string { return fmt.Sprintf("%s at %s", n.Kind(), n.Pos()) }
