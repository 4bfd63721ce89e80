package expr

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Value is what an expression yielded: one of bool, int, float64, string, []string, or another library value.
type Value struct{ v any }

// Vars are the values of an Env's variables by name. The library takes any value of the declared type.
type Vars map[string]any

// ValueOf wraps a Go value; numbers of any width become int or float64.
func ValueOf[T any](v T) Value { return normal(v) }

// normal brings library results to the few types of a Value.
func normal(v any) Value {
	switch n := v.(type) {
	case Value:
		return n
	case int64:
		return Value{int(n)}
	case int32:
		return Value{int(n)}
	case uint8:
		return Value{int(n)}
	case float32:
		return Value{float64(n)}
	case []any:
		out := make([]string, len(n))
		for i, e := range n {
			out[i] = normal(e).String()
		}
		return Value{out}
	}
	return Value{v}
}

// Any is the value as the library takes it in Vars.
func (v Value) Any() any { return v.v }

// Bool is the value as a condition: anything but true is false.
func (v Value) Bool() bool { b, _ := v.v.(bool); return b }

// Int is the value as a whole number, cut towards zero; 0 where it is no number.
func (v Value) Int() int {
	switch n := v.v.(type) {
	case int:
		return n
	case float64:
		if math.IsNaN(n) || math.Abs(n) >= 1<<62 {
			return 0
		}
		return int(n)
	}
	return 0
}

// Float is the value as a number; 0 where it is none.
func (v Value) Float() float64 {
	switch n := v.v.(type) {
	case int:
		return float64(n)
	case float64:
		return n
	}
	return 0
}

// String is the value as text: numbers without exponent, lists joined by commas, nothing for what is not set.
func (v Value) String() string {
	switch s := v.v.(type) {
	case nil:
		return ""
	case string:
		return s
	case bool:
		return strconv.FormatBool(s)
	case int:
		return strconv.Itoa(s)
	case float64:
		return strconv.FormatFloat(s, 'f', -1, 64)
	case []string:
		return strings.Join(s, ",")
	default:
		return fmt.Sprint(s)
	}
}

// Strings is the value as a list; a text is a list of one.
func (v Value) Strings() []string {
	switch s := v.v.(type) {
	case []string:
		return s
	case string:
		if s != "" {
			return []string{s}
		}
	}
	return nil
}
