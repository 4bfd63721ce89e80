package expr

import (
	"reflect"
	"slices"

	"github.com/expr-lang/expr/types"
)

// Kind is what an expression yields.
type Kind string

// Kinds. KindAny asks for any of the others.
const (
	KindAny     Kind = "anything"
	KindBool    Kind = "true or false"
	KindInt     Kind = "a whole number"
	KindFloat   Kind = "a number"
	KindString  Kind = "text"
	KindStrings Kind = "a list of texts"
	KindOther   Kind = "an object"
)

// Type is the type of a variable or of a field.
type Type struct {
	kind Kind
	lib  types.Type
	flds map[string]Type
}

// The plain types, and the levels of languages and skills (name → 1–5; a missing name is 0).
var (
	Bool    = Type{kind: KindBool, lib: types.Bool}
	Int     = Type{kind: KindInt, lib: types.Int}
	Float   = Type{kind: KindFloat, lib: types.Float64}
	String  = Type{kind: KindString, lib: types.String}
	Strings = Type{kind: KindStrings, lib: types.Array(types.String)}
	Levels  = Type{kind: KindOther, lib: types.TypeOf(map[string]int{})}
)

// Object is a group of fields, such as caller.number; its value is a map[string]any with all of them.
func Object(fields map[string]Type) Type {
	m := types.Map{}
	for name, t := range fields {
		m[name] = t.lib
	}
	return Type{kind: KindOther, lib: m, flds: fields}
}

// Struct is a group of fields held by a Go struct or a pointer to one, named by `expr:"name"` tags: quicker to read
// than an Object, for expressions that run for each agent.
func Struct[T any]() Type {
	t := Type{kind: KindOther, lib: types.TypeOf(*new(T)), flds: map[string]Type{}}
	typ := reflect.TypeFor[T]()
	if typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	for i := range typ.NumField() {
		f := typ.Field(i)
		name := f.Name
		if tag := f.Tag.Get("expr"); tag != "" {
			name = tag
		}
		if f.IsExported() && name != "-" {
			t.flds[name] = Type{kind: kindOf(f.Type)}
		}
	}
	return t
}

// Kind tells what values of the type are.
func (t Type) Kind() Kind { return t.kind }

// TypeOf is the plain type of a kind; false for kinds that have none.
func TypeOf(k Kind) (Type, bool) {
	i := slices.IndexFunc([]Type{Bool, Int, Float, String, Strings}, func(t Type) bool { return t.kind == k })
	if i < 0 {
		return Type{}, false
	}
	return []Type{Bool, Int, Float, String, Strings}[i], true
}

// Zero is the value of an unset variable: "", 0, false.
func (t Type) Zero() Value {
	switch t.kind {
	case KindBool:
		return ValueOf(false)
	case KindInt:
		return ValueOf(0)
	case KindFloat:
		return ValueOf(0.0)
	case KindStrings:
		return ValueOf([]string{})
	default:
		return ValueOf("")
	}
}

func kindOf(t reflect.Type) Kind {
	if t == nil {
		return KindAny
	}
	switch t.Kind() {
	case reflect.Bool:
		return KindBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return KindInt
	case reflect.Float32, reflect.Float64:
		return KindFloat
	case reflect.String:
		return KindString
	case reflect.Slice:
		if k := t.Elem().Kind(); k == reflect.String || k == reflect.Interface {
			return KindStrings
		}
		return KindOther
	case reflect.Interface:
		return KindAny
	default:
		return KindOther
	}
}
