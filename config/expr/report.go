package expr

import (
	"errors"
	"regexp"
	"strings"

	"github.com/expr-lang/expr/file"

	"ringway/config/diag"
)

// unknown matches what the library says of a name that is not declared.
var unknown = regexp.MustCompile(`unknown (?:name|field|method) (\S+)|has no field (\S+)|undefined: (\S+)`)

// report adds a finding for a library error, at its place inside the scalar and in an administrator's words.
func report(text diag.Text, env *Env, err error, l *diag.List) {
	pos, code, hint := text.Pos(), CodeSyntax, ""
	var fe *file.Error
	if errors.As(err, &fe) {
		pos = text.At(fe.From)
	}
	msg := message(err)
	switch m := unknown.FindStringSubmatch(msg); {
	case m != nil:
		name := m[1] + m[2] + m[3]
		code, hint = CodeName, diag.Suggest(name, env.words)
		if disabled(name) {
			code, hint = CodeBounded, "it is switched off because it could run or grow without bound"
		}
	case strings.Contains(msg, "mismatched types"), strings.Contains(msg, "invalid operation"), strings.Contains(msg, "cannot use"),
		strings.Contains(msg, "invalid argument"), strings.Contains(msg, "arguments"), strings.Contains(msg, "non-bool"):
		code = CodeType
	case strings.Contains(msg, "exceeds maximum allowed nodes"):
		code = CodeBounded
	}
	l.Errorf(pos, code, hint, "%s", msg)
}

// message is a library error without its snippet of source.
func message(err error) string {
	var fe *file.Error
	if errors.As(err, &fe) {
		return fe.Message
	}
	first, _, _ := strings.Cut(err.Error(), "\n")
	return first
}
