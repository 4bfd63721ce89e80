package expr

import (
	"fmt"
	"testing"

	"ringway/config/diag"
)

func TestReadsNameVariablesAndFields(t *testing.T) {
	env := NewEnv(map[string]Type{
		"caller": Object(map[string]Type{"name": String, "number": String}), "exten": String, "n": Int,
		"agent": Struct[*agent](),
	}, Func1("twice", func(s string) string { return s + s }))
	for src, want := range map[string]string{
		"plain":                                 "[]",
		"${caller.name} and ${exten}":           "[{caller.name :1:3} {exten :1:22}]",
		"${caller['number'][1:3]}":              "[{caller.number :1:3}]",
		"${caller[exten] ?? ''}":                "[{caller :1:3} {exten :1:10}]",
		"${twice(exten)}":                       "[{exten :1:9}]",
		"${caller?.name}":                       "[{caller.name :1:3}]",
		"${let c = caller; c.name}":             "[{caller :1:11} {c.name :1:19}]",
		"${len(caller.name) > n ? 'a' : exten}": "[{caller.name :1:7} {n :1:22} {exten :1:32}]",
		"${agent.levels.fr}":                    "[{agent.levels :1:3}]",
	} {
		var l diag.List
		p, ok := CompileTemplate(diag.TextAt(diag.Pos{Line: 1, Col: 1}, src), env, &l)
		if !ok {
			t.Errorf("%s: %v", src, l.Err())
		} else if got := fmt.Sprint(p.Reads()); got != want {
			t.Errorf("%s reads %s, want %s", src, got, want)
		}
	}
}
