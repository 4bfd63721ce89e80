package console

import (
	"context"
	"net/http"
	"strings"
	"time"

	"ringway/console/staff"
	"ringway/store"
)

// AuditView is one thing that somebody did.
type AuditView struct {
	At     time.Time `json:"at"`
	Who    string    `json:"who" doc:"a person's id, or key:ID"`
	Source string    `json:"source" doc:"address"`
	Action string    `json:"action" doc:"the operation"`
	Target string    `json:"target"`
	Status int       `json:"status" doc:"HTTP status: 401, 403 and 429 were refused, 500 and above failed; of many alike in a minute the first has an entry, and one tells how many more there were"`
	Detail string    `json:"detail,omitempty"`
	Told   []Told    `json:"told,omitempty" doc:"the detail in codes and parameters"`
}

// Told is a piece of a detail: what is told, and in English.
type Told struct {
	Code   string            `json:"code"`
	Params map[string]string `json:"params,omitempty"`
	Text   string            `json:"text"`
}

// details are what operations tell of what they did, in the words of those that write them. The first that fits counts.
var details = compile([]template{
	{code: "did_more", text: "{n} more since {time}; {rest}"},
	{code: "did_more", text: "{n} more since {time}; "},
	{code: "did_many", text: "of many kinds"},
	{code: "did_again", text: "told again, not done again"},
	{code: "did_token", text: "without the page's token"},
	{code: "did_site", text: "{method} from {origin}"},
	{code: "did_capture", text: "capture {capture} of {kind} {value} for {n} s"},
	{code: "did_report", text: "report {report} to {n}"},
	{code: "did_key", text: "key {key} with {scopes}"},
	{code: "did_callback", text: "agent {agent}, customer {customer}"},
	{code: "did_apply", text: "{from} → {to}: {comment}"},
	{code: "did_apply_bare", text: "{from} → {to}: "},
	{code: "did_rollback", text: "back to {to}: {comment}"},
	{code: "did_rollback_bare", text: "back to {to}: "},
	{code: "did_cut", text: "not complete"},
	{code: "did_call", text: "call {call}"},
	{code: "did_queue", text: "queue {queue}"},
	{code: "did_reason", text: "reason {reason}"},
	{code: "did_priority", text: "{n} s"},
})

// told takes a detail apart; nil where it is of no kind, as the id of a customer.
func told(detail string) []Told {
	s := codeAmong(details, detail)
	if s.Code == "" {
		return nil
	}
	rest := s.Params["rest"]
	delete(s.Params, "rest")
	out := []Told{{s.Code, s.Params, strings.TrimRight(strings.TrimSuffix(detail, rest), "; ")}}
	if rest == "" {
		return out
	}
	if more := told(rest); more != nil {
		return append(out, more...)
	}
	return append(out, Told{Text: rest})
}

type auditInput struct {
	Who    string    `query:"who" maxLength:"100"`
	Action string    `query:"action" maxLength:"100"`
	From   time.Time `query:"from"`
	To     time.Time `query:"to"`
	Paged
}

func routeAudit(a *API) {
	register(a, Op{Method: http.MethodGet, Path: "/audit", ID: "audit", Summary: "Who did what, newest first", Tag: "staff",
		Allow: Allow(staff.Admin)}, a.auditList)
}

func (a *API) auditList(ctx context.Context, in *auditInput) (*body[Page[AuditView]], error) {
	before, err := in.before()
	if err != nil {
		return nil, err
	}
	a.keepRefused(ctx)
	found, err := a.Journal.Audit(ctx, store.AuditQuery{Who: in.Who, Action: in.Action, From: in.From, To: in.To, Before: before, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	return readPage(found, in.Limit, func(e store.AuditEntry) string { return numbered(e.ID) }, func(e store.AuditEntry) AuditView {
		return AuditView{e.At, e.Who, e.Source, e.Action, e.Target, e.Status, e.Detail, told(e.Detail)}
	}), nil
}
