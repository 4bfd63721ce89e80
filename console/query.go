package console

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// exact refuses a request with parameters that its operation does not take, or takes once: left out, they would get an answer to
// another question, as all calls for ?quene=help.
func exact(ctx huma.Context, next func(huma.Context)) {
	if wrong := wrongParameters(ctx.URL().RawQuery, ctx.Operation().Parameters); len(wrong) > 0 {
		_, w := humago.Unwrap(ctx)
		problemTo(w, wrongFields(wrong...))
		return
	}
	next(ctx)
}

// wrongParameters is what is wrong with the names in a query, all at once.
func wrongParameters(query string, takes []*huma.Param) (wrong []*flaw) {
	given, err := url.ParseQuery(query)
	if err != nil {
		wrong = append(wrong, wrongField("query", "query_unread"))
	}
	lists := map[string]bool{} // by name, whether it may be given more than once
	for _, p := range takes {
		if p.In == "query" {
			lists[p.Name] = p.Schema != nil && p.Schema.Type == huma.TypeArray
		}
	}
	all := strings.Join(slices.Sorted(maps.Keys(lists)), ", ")
	for _, name := range slices.Sorted(maps.Keys(given)) {
		at := "query." + cut(line(name), 64)
		list, known := lists[name]
		switch {
		case !known && all == "":
			wrong = append(wrong, wrongField(at, "no_parameters"))
		case !known:
			wrong = append(wrong, wrongField(at, "unknown_parameter", "all", all))
		case !list && len(given[name]) > 1:
			wrong = append(wrong, wrongField(at, "parameter_twice"))
		}
	}
	return wrong
}
