package console

import (
	"context"
	"net/http"
	"strings"
	"time"

	"ringway/console/staff"
	"ringway/store"
)

// Journal keeps who did what, and the answers to requests that may come again.
type Journal interface {
	PutAudit(ctx context.Context, e store.AuditEntry) error
	Audit(ctx context.Context, q store.AuditQuery) ([]store.AuditEntry, error)
	ClaimIdempotent(ctx context.Context, i store.Idempotent) (before store.Idempotent, claimed bool, err error)
	PutIdempotent(ctx context.Context, i store.Idempotent) error
	DropIdempotent(ctx context.Context, who, key string) error
}

// journalTime is how long writing to the journal may take.
const journalTime = 5 * time.Second

// Bounds of what an entry holds.
const (
	maxTarget = 300
	maxDetail = 500
)

// note is what an operation adds to its entry; it belongs to the request's goroutine.
type note struct {
	who    string // where the request itself tells it, as a log-in does
	detail string
}

type noteKey struct{}

// noted is a context in which tell finds its place.
func noted(ctx context.Context) context.Context { return context.WithValue(ctx, noteKey{}, &note{}) }

// tell adds a detail to the entry of what is being done. Never a secret, and of customers only ids.
func tell(ctx context.Context, detail string) {
	if n, ok := ctx.Value(noteKey{}).(*note); ok {
		n.detail = detail
	}
}

// tellWho says who somebody is that logs in.
func tellWho(ctx context.Context, person string) {
	if n, ok := ctx.Value(noteKey{}).(*note); ok {
		n.who = person
	}
}

// audit keeps on record what somebody did or was refused, or what failed. What was asked wrongly did nothing and is not kept.
func (a *API) audit(r *http.Request, op Op, who staff.Identity, status int) {
	if !op.Audit || a.Journal == nil || !onRecord(status) {
		return
	}
	e := store.AuditEntry{At: a.now(), Who: who.Who(), Source: source(r.Context()), Action: op.ID,
		Target: cut(strings.TrimPrefix(r.URL.Path, base), maxTarget), Status: status}
	if n, ok := r.Context().Value(noteKey{}).(*note); ok {
		if n.who != "" {
			e.Who = n.who
		}
		e.Detail = cut(n.detail, maxDetail)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), journalTime) // what was done is done, though the browser left
	defer cancel()
	if status < 400 {
		a.putAudit(ctx, e)
		return
	}
	a.putAudit(ctx, a.refused.take(e, who.Known())...)
}

// onRecord tells whether an answer of a status is kept: what was done, who was refused, who came too often, and what failed here.
func onRecord(status int) bool {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests:
		return true
	}
	return status < 400 || status >= 500
}

func (a *API) putAudit(ctx context.Context, entries ...store.AuditEntry) {
	for _, e := range entries {
		if err := a.Journal.PutAudit(ctx, e); err != nil {
			a.log.Error("not on record who did what", "who", e.Who, "action", e.Action, "target", e.Target, "err", err)
		}
	}
}

// cut keeps the beginning of a text.
func cut(s string, n int) string {
	if len(s) > n {
		return strings.ToValidUTF8(s[:n], "") + "…"
	}
	return s
}
