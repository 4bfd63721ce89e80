package expr

import (
	"fmt"
	"strings"

	"ringway/config/diag"
)

// Template is a text with ${…} in it, compiled into parts:
//
//	"Hello ${caller.name}, you are ${position}"  →  "Hello " · caller.name · ", you are " · position
//
// What an expression yields is joined as it is: it is never looked at for further ${. "$${" is a plain "${".
type Template struct {
	source string
	pos    diag.Pos
	parts  []part
	kind   Kind
	static bool
	whole  string // the text of a static template
}

// part is fixed text, or a program.
type part struct {
	text string
	prog *Program
}

// CompileTemplate compiles a text. A text that is exactly one ${…} keeps the kind of its value; any other is text.
func CompileTemplate(src diag.Text, env *Env, l *diag.List) (*Template, bool) {
	t := &Template{source: src.Value, pos: src.Pos(), kind: KindString}
	ok := t.parse(src, env, l)
	if !ok {
		return nil, false
	}
	t.static = len(t.parts) == 0 || len(t.parts) == 1 && t.parts[0].prog == nil
	switch {
	case len(t.parts) == 1 && t.static:
		t.whole = t.parts[0].text
	case len(t.parts) == 1:
		t.kind = t.parts[0].prog.kind
	}
	return t, true
}

func (t *Template) parse(src diag.Text, env *Env, l *diag.List) bool {
	ok, s := true, src.Value
	var fixed strings.Builder
	flush := func() {
		if fixed.Len() > 0 {
			t.parts = append(t.parts, part{text: fixed.String()})
			fixed.Reset()
		}
	}
	for i := 0; i < len(s); {
		switch {
		case strings.HasPrefix(s[i:], "$${"):
			fixed.WriteString("${")
			i += 3
		case strings.HasPrefix(s[i:], "${"):
			end := closing(s[i+2:])
			if end < 0 {
				l.Errorf(src.Slice(i, i+2).Pos(), CodeTmpl, "write $${ for a plain ${", "${ without a closing }")
				return false
			}
			flush()
			prog, sound := Compile(src.Slice(i+2, i+2+end), env, KindAny, l)
			if ok = ok && sound; sound {
				t.parts = append(t.parts, part{prog: prog})
			}
			i += 2 + end + 1
		default:
			fixed.WriteByte(s[i])
			i++
		}
	}
	flush()
	return ok
}

// closing finds the } that ends an expression, past quoted text and nested braces; -1 when there is none.
func closing(s string) int {
	depth, quote := 0, byte(0)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0 && c == '\\' && quote != '`':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'' || c == '`':
			quote = c
		case c == '{':
			depth++
		case c == '}':
			if depth == 0 {
				return i
			}
			depth--
		}
	}
	return -1
}

// Static returns a text without any ${…}; false when there is one.
func (t *Template) Static() (string, bool) { return t.whole, t.static }

// Source is the text as it was written.
func (t *Template) Source() string { return t.source }

// Pos is where it stands.
func (t *Template) Pos() diag.Pos { return t.pos }

// Kind is what Value yields.
func (t *Template) Kind() Kind { return t.kind }

// Value evaluates the template: the value itself where it is one ${…}, else text.
func (t *Template) Value(vars Vars) (Value, error) {
	if !t.static && len(t.parts) == 1 {
		return t.parts[0].prog.Run(vars)
	}
	s, err := t.Text(vars)
	return Value{s}, err
}

// Text evaluates the template to text of at most 4 KB.
func (t *Template) Text(vars Vars) (string, error) {
	if t.static {
		return t.whole, nil
	}
	var b strings.Builder
	for _, p := range t.parts {
		if p.prog == nil {
			b.WriteString(p.text)
			continue
		}
		v, err := p.prog.Run(vars)
		if err != nil {
			return "", err
		}
		b.WriteString(v.String())
		if b.Len() > maxResult {
			return "", fmt.Errorf("%s: %w", t.source, ErrTooLarge)
		}
	}
	return b.String(), nil
}
