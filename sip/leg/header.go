package leg

import (
	"iter"
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"
)

// Message is what we ask of requests and responses alike.
type Message interface{ Headers() []sipmsg.Header }

// Headers are the headers of a name, in order. The library's own GetHeaders makes a lower-case copy of each name that it
// passes.
func Headers(m Message, name string) iter.Seq[sipmsg.Header] {
	return func(yield func(sipmsg.Header) bool) {
		for _, h := range m.Headers() {
			if strings.EqualFold(h.Name(), name) && !yield(h) {
				return
			}
		}
	}
}

// HeaderValue is the value of the first header of a name, "" where there is none.
func HeaderValue(m Message, name string) string {
	for h := range Headers(m, name) {
		return h.Value()
	}
	return ""
}
