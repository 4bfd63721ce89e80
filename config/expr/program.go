package expr

import (
	"errors"
	"fmt"
	"unicode/utf8"

	lib "github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"

	"ringway/config/diag"
)

// Bounds of an expression.
const (
	maxSource = 2000 // runes
	maxNodes  = 400  // of syntax
	maxResult = 4096 // bytes of text, and elements of a list
)

// Codes of findings.
const (
	CodeSyntax  = "EX001" // not an expression
	CodeName    = "EX002" // unknown variable, field or function
	CodeType    = "EX003" // operands or result of the wrong type
	CodeBounded = "EX004" // a construct that could run or grow without bound
	CodeTmpl    = "EX005" // ${ without }
)

// ErrTooLarge is returned when a result exceeds the bounds.
var ErrTooLarge = errors.New("the result is too large")

// Program is one compiled expression.
type Program struct {
	source string
	pos    diag.Pos
	kind   Kind
	reads  []Read
	vm     *vm.Program
}

// Compile checks and compiles one expression. Every finding stands at its place inside the scalar; false means that there
// was one, and the Program is nil.
func Compile(src diag.Text, env *Env, want Kind, l *diag.List) (*Program, bool) {
	text := src.TrimSpace()
	switch {
	case text.Value == "":
		l.Errorf(text.Pos(), CodeSyntax, "", "an expression is missing")
		return nil, false
	case utf8.RuneCountInString(text.Value) > maxSource:
		l.Errorf(text.Pos(), CodeBounded, "", "an expression of more than %d characters", maxSource)
		return nil, false
	case !utf8.ValidString(text.Value):
		l.Errorf(text.Pos(), CodeSyntax, "", "an expression that is not UTF-8")
		return nil, false
	}
	g := &guard{text: text}
	opts := append(append(make([]lib.Option, 0, len(env.opts)+1), env.opts...), lib.Patch(g))
	prog, err := compile(text.Value, opts)
	if g.report(l) {
		return nil, false
	}
	if err != nil {
		report(text, env, err, l)
		return nil, false
	}
	p := &Program{source: text.Value, pos: text.Pos(), kind: kindOf(prog.Node().Type()), reads: readsOf(text, prog.Node()), vm: prog}
	if !fits(p.kind, want) {
		l.Errorf(text.Pos(), CodeType, typeHint(p.kind, want), "this yields %s, %s is wanted", diag.Words(p.kind), diag.Words(want))
		return nil, false
	}
	return p, true
}

// compile turns a panic of the library into an error: no text of an administrator may stop the switch.
func compile(src string, opts []lib.Option) (p *vm.Program, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("not an expression: %v", r)
		}
	}()
	return lib.Compile(src, opts...)
}

func fits(have, want Kind) bool {
	return want == KindAny || have == want || want == KindFloat && have == KindInt
}

func typeHint(have, want Kind) string {
	switch {
	case want == KindBool && have != KindOther:
		return "compare it with something, as in … == …"
	case want == KindString && (have == KindInt || have == KindFloat):
		return "write string(…)"
	case want == KindInt && have == KindString:
		return "write int(…)"
	case want == KindInt && have == KindFloat:
		return "write int(…); a division yields a fraction"
	}
	return ""
}

// Source is the expression as it was written.
func (p *Program) Source() string { return p.source }

// Pos is where it stands.
func (p *Program) Pos() diag.Pos { return p.pos }

// Kind is what it yields.
func (p *Program) Kind() Kind { return p.kind }

// Run evaluates the expression. An error says what could not be done (index out of range, no number); it is the
// expression's fault or the data's, never a panic.
func (p *Program) Run(vars Vars) (v Value, err error) {
	defer func() {
		if r := recover(); r != nil {
			v, err = Value{}, fmt.Errorf("%s: %v", p.source, r)
		}
	}()
	out, err := lib.Run(p.vm, map[string]any(vars))
	if err != nil {
		return Value{}, fmt.Errorf("%s: %s", p.source, message(err))
	}
	v = normal(out)
	if s, ok := v.v.(string); ok && len(s) > maxResult {
		return Value{}, fmt.Errorf("%s: %w", p.source, ErrTooLarge)
	}
	if s, ok := v.v.([]string); ok && len(s) > maxResult {
		return Value{}, fmt.Errorf("%s: %w", p.source, ErrTooLarge)
	}
	return v, nil
}
