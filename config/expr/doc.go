// Package expr is the one expression compiler of Ringway: conditions of the dialplan, ${…} in texts, and the wants and
// ranks of queues. It is a fence around github.com/expr-lang/expr:
//
//   - typed: variables and functions are declared by an Env, so that a mistyped name or a text where a number belongs is a
//     finding at its place inside the YAML scalar, never a surprise of a running call;
//   - bounded: no closures, no ranges, no user-made patterns, at most 400 nodes of syntax, results of at most 4 KB;
//   - inert: what an expression yields is data. Nothing is compiled at run time, so no caller's text is ever evaluated.
//
// Programs are immutable and safe for use by many goroutines at once.
//
//	env := expr.NewEnv(map[string]expr.Type{"exten": expr.String, "caller": expr.Object(map[string]expr.Type{"region": expr.String})})
//	p, ok := expr.Compile(node.Text(), env, expr.KindBool, &list)
//	v, err := p.Run(expr.Vars{"exten": "700", "caller": map[string]any{"region": "TW"}})
package expr
