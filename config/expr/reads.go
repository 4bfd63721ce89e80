package expr

import (
	"cmp"
	"slices"

	"github.com/expr-lang/expr/ast"

	"ringway/config/diag"
)

// Read is one variable that an expression looks at, or a field of one: "language", "caller.name". A variable of which
// more than one known field is read, as in caller[exten], is named alone.
type Read struct {
	Path string
	Pos  diag.Pos
}

// reader collects the reads of a syntax tree. The library visits what a node is made of before the node itself.
type reader struct {
	text  diag.Text
	names map[*ast.IdentifierNode]bool // of which no field was picked
	found []Read
}

// Visit is called by the library for each node.
func (r *reader) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		r.names[n] = true
	case *ast.MemberNode:
		base, ok := n.Node.(*ast.IdentifierNode)
		field, known := n.Property.(*ast.StringNode)
		if ok && known {
			delete(r.names, base)
			r.found = append(r.found, Read{base.Value + "." + field.Value, r.text.At(base.Location().From)})
		}
	case *ast.CallNode:
		if f, ok := n.Callee.(*ast.IdentifierNode); ok {
			delete(r.names, f)
		}
	}
}

// readsOf lists what a compiled tree reads.
func readsOf(text diag.Text, root ast.Node) []Read {
	r := &reader{text: text, names: map[*ast.IdentifierNode]bool{}}
	ast.Walk(&root, r)
	for n := range r.names {
		r.found = append(r.found, Read{n.Value, text.At(n.Location().From)})
	}
	slices.SortFunc(r.found, func(a, b Read) int {
		return cmp.Or(cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Col, b.Pos.Col), cmp.Compare(a.Path, b.Path))
	})
	return r.found
}

// Reads lists what the expression looks at, in the order in which it is written.
func (p *Program) Reads() []Read { return p.reads }

// Reads lists what the expressions of the text look at, in the order in which it is written.
func (t *Template) Reads() []Read {
	var out []Read
	for _, p := range t.parts {
		if p.prog != nil {
			out = append(out, p.prog.reads...)
		}
	}
	return out
}
