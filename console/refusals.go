package console

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"ringway/console/staff"
	"ringway/store"
)

// How much of what is refused is kept: anybody can be refused as often as he likes, and must not fill the record of who did what,
// nor hide in it who else was.
const (
	refusedSpan   = time.Minute
	refusedKnown  = 200 // kinds in one span of people and machines that are known
	refusedOthers = 50  // of strangers
)

// refusals puts on record what was refused: the first of each kind at once, the rest of a minute as one entry that counts them. That
// one is written with the next refusal after the minute, when somebody reads the record, and at the end.
type refusals struct {
	mu    sync.Mutex // guards what follows; a leaf
	until time.Time  // end of the span
	kinds map[refusedKind]*refusedMore
	count [2]int // kinds of strangers, and of those who are known
}

// refusedKind is what counts as the same.
type refusedKind struct {
	who, source, action string
	status              int
}

// refusedMore are those of a kind that came after the first.
type refusedMore struct {
	last store.AuditEntry
	from time.Time
	n    int
}

// take decides what is written now for something that was refused.
func (f *refusals) take(e store.AuditEntry, known bool) []store.AuditEntry {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []store.AuditEntry
	if f.kinds == nil || !e.At.Before(f.until) {
		out = f.countedLocked()
		f.kinds, f.until, f.count = map[refusedKind]*refusedMore{}, e.At.Add(refusedSpan), [2]int{}
	}
	k := refusedKind{e.Who, staff.Network(e.Source), e.Action, e.Status}
	side, most := 0, refusedOthers
	if known {
		side, most = 1, refusedKnown
	}
	if f.kinds[k] == nil && f.count[side] >= most { // so many kinds are a flood: they are one
		k = refusedKind{status: e.Status}
		e = store.AuditEntry{At: e.At, Action: "refused", Status: e.Status, Detail: "of many kinds"}
	}
	if more := f.kinds[k]; more != nil {
		if more.n++; more.n == 1 {
			more.from = e.At
		}
		more.last = e
		return out
	}
	f.kinds[k] = &refusedMore{}
	f.count[side]++
	return append(out, e)
}

// counted are the entries that count what was not written by itself until now.
func (f *refusals) counted() []store.AuditEntry {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.countedLocked()
}

// countedLocked is for the holder of mu.
func (f *refusals) countedLocked() (out []store.AuditEntry) {
	for _, more := range f.kinds {
		if more.n == 0 {
			continue
		}
		e := more.last
		e.Detail = cut(fmt.Sprintf("%d more since %s; %s", more.n, more.from.UTC().Format(time.TimeOnly), e.Detail), maxDetail)
		out = append(out, e)
		more.n = 0
	}
	return out
}

// keepRefused puts on record what was refused and is only counted yet.
func (a *API) keepRefused(ctx context.Context) {
	if a.Journal != nil {
		a.putAudit(ctx, a.refused.counted()...)
	}
}

// crossSite refuses a request that another site's page sent, and keeps that on record.
func (a *API) crossSite(w http.ResponseWriter, r *http.Request) {
	r = r.WithContext(noted(r.Context()))
	tell(r.Context(), line(r.Method+" from "+r.Header.Get("Origin")))
	a.audit(r, Op{ID: "cross-site", Audit: true}, staff.Identity{}, http.StatusForbidden)
	problemTo(w, refused(http.StatusForbidden, "other_site"))
}
