package expr

import (
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"

	"ringway/config/diag"
)

// guard looks at the syntax tree before it is compiled and refuses what could run or grow without bound.
type guard struct {
	text     diag.Text
	findings []diag.Finding
}

// Visit is called by the library for each node.
func (g *guard) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.BinaryNode:
		if n.Operator == ".." {
			g.refuse(n, "a range of numbers is not allowed", "compare with >= and <=")
		}
		if n.Operator == "matches" {
			if _, ok := n.Right.(*ast.StringNode); !ok {
				g.refuse(n, "the pattern of 'matches' must be written out", "a computed pattern could come from a caller")
			}
		}
	case *ast.IdentifierNode:
		if n.Value == "$env" {
			g.refuse(n, "$env is not allowed", "name the variable itself")
		}
	case *ast.PredicateNode:
		g.refuse(n, "a closure is not allowed", "")
	}
}

func (g *guard) refuse(n ast.Node, message, hint string) {
	g.findings = append(g.findings, diag.Finding{Pos: g.text.At(n.Location().From), Severity: diag.Error, Code: CodeBounded, Message: message,
		Said: diag.Said{Text: message}, Hint: hint})
}

func (g *guard) report(l *diag.List) bool {
	for i, f := range g.findings {
		if i == 0 || f.Pos != g.findings[i-1].Pos {
			l.Add(f)
		}
	}
	return len(g.findings) > 0
}

// disabled tells whether the library has a built-in function of that name that is switched off here.
func disabled(name string) bool {
	_, ok := builtin.Index[name]
	return ok
}
