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

// Library is what the library says of an expression, as far as administrators meet it.
var Library = diag.NewSentences(
	"unknown name {1}",
	"unknown field {1}",
	"type {1} has no field {2}",
	"type {1} has no method {2}",
	"invalid operation: {1} (mismatched types {2} and {3})",
	"cannot use {1} as argument (type {2}) to call {3}",
	"cannot use {1} to get an element from {2}",
	"invalid argument for {1} (type {2})",
	"not enough arguments to call {1}",
	"too many arguments to call {1}",
	"invalid number of arguments (expected {1}, got {2})",
	"non-bool expression (type {1}) used as condition",
	"{1} is not callable",
	"type {1} does not support indexing",
	"array elements can only be selected using an integer (got {1})",
	"unexpected token EOF",
	"unexpected token {1}",
	"unexpected end of expression",
	"literal not terminated",
	"unrecognized character: {1}",
	"bad number syntax: {1}",
	"compilation failed: expression exceeds maximum allowed nodes",
	"unknown operator ({1})",
	"expected name",
)

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
	f := diag.Finding{Pos: pos, Severity: diag.Error, Code: code, Hint: hint, Message: msg}
	f.Said, _ = Library.Of(msg)
	l.Add(f)
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
