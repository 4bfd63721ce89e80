package console

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
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

// whole reads what a request brings before the operation begins: what is cut off on its way is a fault of the way, not of ours.
func whole(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	if r.ContentLength == 0 {
		next(ctx)
		return
	}
	if coding := r.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		problemTo(w, refused(http.StatusUnsupportedMediaType, "coding"))
		return
	}
	brought, wrong := readWhole(r)
	if wrong != nil {
		problemTo(w, wrong)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(brought))
	r.Header.Set("Content-Type", strings.ToLower(r.Header.Get("Content-Type"))) // whose case means nothing: RFC 9110 §8.3.1
	next(ctx)
}

// readWhole reads the body of a request, or tells why it can't be had.
func readWhole(r *http.Request) ([]byte, *refusal) {
	brought, err := io.ReadAll(r.Body)
	var large *http.MaxBytesError
	var slow net.Error
	switch {
	case errors.As(err, &large):
		return nil, refused(http.StatusRequestEntityTooLarge, "too_large")
	case errors.As(err, &slow) && slow.Timeout():
		return nil, refused(http.StatusRequestTimeout, "cut_off")
	case err != nil:
		return nil, refused(http.StatusBadRequest, "cut_off")
	}
	return brought, nil
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
