package expr

import (
	"fmt"
	"maps"
	"slices"

	lib "github.com/expr-lang/expr"
	"github.com/expr-lang/expr/types"
)

// builtins of the library that expressions may use: total, linear in their input, and without growth. All others,
// among them every closure, are off; `a .. b` and computed patterns are refused by the guard.
var builtins = []string{"len", "lower", "upper", "trim", "trimPrefix", "trimSuffix", "int", "float", "string",
	"abs", "min", "max", "round", "floor", "ceil", "indexOf", "lastIndexOf", "type"}

// Builtins lists the functions that every expression may use, sorted.
func Builtins() []string { return slices.Sorted(slices.Values(builtins)) }

// Func is a function that an Env offers, made by Func0 to Func3.
type Func struct {
	name string
	call func(params ...any) (any, error)
	sig  any
}

// Name is what expressions call it.
func (f Func) Name() string { return f.name }

// Func0 makes a function without parameters.
func Func0[R any](name string, f func() R) Func {
	return Func{name, func(...any) (any, error) { return f(), nil }, f}
}

// Func1 makes a function of one parameter.
func Func1[A, R any](name string, f func(A) R) Func {
	return Func{name, func(p ...any) (any, error) {
		a, err := param[A](name, p, 0)
		if err != nil {
			return nil, err
		}
		return f(a), nil
	}, f}
}

// Func2 makes a function of two parameters.
func Func2[A, B, R any](name string, f func(A, B) R) Func {
	return Func{name, func(p ...any) (any, error) {
		a, err := param[A](name, p, 0)
		if err != nil {
			return nil, err
		}
		b, err := param[B](name, p, 1)
		if err != nil {
			return nil, err
		}
		return f(a, b), nil
	}, f}
}

// Func3 makes a function of three parameters.
func Func3[A, B, C, R any](name string, f func(A, B, C) R) Func {
	return Func{name, func(p ...any) (any, error) {
		a, err := param[A](name, p, 0)
		if err != nil {
			return nil, err
		}
		b, err := param[B](name, p, 1)
		if err != nil {
			return nil, err
		}
		c, err := param[C](name, p, 2)
		if err != nil {
			return nil, err
		}
		return f(a, b, c), nil
	}, f}
}

func param[T any](name string, p []any, i int) (T, error) {
	var zero T
	if i < len(p) {
		if v, ok := p[i].(T); ok {
			return v, nil
		}
	}
	return zero, fmt.Errorf("%s: parameter %d is not a %T", name, i+1, zero)
}

// Env is what expressions of one place may name: immutable, shared.
type Env struct {
	vars  map[string]Type
	funcs []Func
	lib   types.Map
	words []string
	opts  []lib.Option
}

// NewEnv declares variables and functions.
func NewEnv(vars map[string]Type, funcs ...Func) *Env {
	e := &Env{vars: maps.Clone(vars), funcs: funcs, lib: types.Map{}}
	for name, t := range vars {
		e.lib[name] = t.lib
		e.words = append(e.words, name)
		for f := range t.flds {
			e.words = append(e.words, name+"."+f, f)
		}
	}
	e.opts = append(e.opts, lib.Env(e.lib), lib.DisableAllBuiltins(), lib.MaxNodes(maxNodes))
	for _, b := range builtins {
		e.opts = append(e.opts, lib.EnableBuiltin(b))
		e.words = append(e.words, b)
	}
	for _, f := range funcs {
		e.opts = append(e.opts, lib.Function(f.name, f.call, f.sig))
		e.words = append(e.words, f.name)
	}
	slices.Sort(e.words)
	e.words = slices.Compact(e.words)
	return e
}

// With is the Env and more variables; those of the same name are replaced.
func (e *Env) With(vars map[string]Type) *Env {
	all := maps.Clone(e.vars)
	maps.Copy(all, vars)
	return NewEnv(all, e.funcs...)
}

// Var tells the type of a variable.
func (e *Env) Var(name string) (Type, bool) {
	t, ok := e.vars[name]
	return t, ok
}
