// Package diag is how Ringway talks to administrators: findings with a position, a stable code, a message and a hint,
// all of them at once and sorted, and the walk over YAML that produces them.
//
// A reader of a configuration file never decodes into structs: it walks nodes that know their place, so that each
// complaint points at file:line:col.
//
//	var l diag.List
//	root, ok := diag.ParseYAML("queues.yaml", src, &l)
//	top := root.Mapping()                            // a finding if it is not a mapping; the zero Mapping is safe to use
//	for _, e := range top.Field("queues").Mapping().Entries() {
//	    q := e.Value.Mapping()
//	    number := q.Field("number").String("")       // "" when absent; a finding when it is no scalar
//	    ring := q.Field("ring_time").Duration(20 * time.Second)
//	    how := q.Field("ring").OneOf("one", "one", "all")
//	    want := q.Require("want").Text()             // text that maps each rune back to its line and column
//	    q.Done()                                     // unknown keys become findings with suggestions
//	}
//	top.Done()
//	if l.HasErrors() { diag.Render(os.Stderr, &l, sources) }
package diag
