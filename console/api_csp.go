package console

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// cspReports takes what browsers stopped on our pages: a fault of ours, or somebody's script. It counts all and logs a few.
// Browsers send it without log-in and in a media type of their own, so it is no operation of the API.
type cspReports struct {
	api   *API
	count atomic.Uint64
	next  atomic.Int64 // unix time of the next line in the log
}

// between is how often one is logged.
const between = time.Minute

// ServeHTTP implements http.Handler.
func (c *cspReports) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var report struct {
		Body struct {
			Document  string `json:"document-uri"`
			Blocked   string `json:"blocked-uri"`
			Directive string `json:"violated-directive"`
			Source    string `json:"source-file"`
			Line      int    `json:"line-number"`
		} `json:"csp-report"`
	}
	text, err := io.ReadAll(io.LimitReader(r.Body, 16<<10))
	c.count.Add(1)
	now := c.api.now().Unix()
	if due := c.next.Load(); err == nil && json.Unmarshal(text, &report) == nil && now >= due && c.next.CompareAndSwap(due, now+int64(between/time.Second)) {
		b := report.Body
		c.api.log.Warn("a browser stopped something on our page", "page", line(b.Document), "blocked", line(b.Blocked), "rule", line(b.Directive),
			"pos", line(b.Source), "line", b.Line, "reports", c.count.Load())
	}
	w.WriteHeader(http.StatusNoContent)
}

// line makes a text that somebody else wrote fit for a log.
func line(s string) string {
	return cut(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s), 200)
}
