package console

import (
	"context"
	"net/http"
	"testing"
	"time"

	"ringway/console/post"
	"ringway/store"
	"ringway/store/report"
)

// outbox is a report by mail to four, and one to nobody yet.
type outbox struct{ asked []string }

func (*outbox) List(context.Context) ([]post.Standing, error) {
	due := time.Date(2026, 3, 2, 7, 0, 0, 0, time.UTC)
	return []post.Standing{{ID: "a1", Letter: post.Letter{Report: report.Query{Kind: "daily", Team: "taipei"}, Format: "xlsx", At: "07:00", On: "every day", Span: "day", Zone: time.UTC},
		Last: due, Next: due.AddDate(0, 0, 1), Error: "connection refused",
		Each: []store.ReportMail{{To: "new@x.example"}, {To: "lin@x.example", Due: due, Tried: due, Done: true}, {To: "gone@x.example", Due: due, Tried: due, Done: true, Refused: "550 no"},
			{To: "full@x.example", Due: due, Tried: due, Refused: "452 later"}}},
		{ID: "b1", Letter: post.Letter{Report: report.Query{Kind: "agents"}, Format: "csv", At: "08:00", On: "mon", Span: "week"}}}, nil
}

func (b *outbox) Send(id string) (post.Letter, error) {
	if id != "a1" {
		return post.Letter{}, post.ErrUnknown
	}
	b.asked = append(b.asked, id)
	return post.Letter{To: []string{"lin@x.example", "gone@x.example"}, Report: report.Query{Kind: "daily"}}, nil
}

func TestReportLetters(t *testing.T) {
	box := &outbox{}
	o := opened(t, func(o *Options) { o.Letters = box })
	ada := o.as("ada")
	ada.want("GET", "/api/v1/report-letters", nil, 200, `"id":"a1"`, `"team_name":"Taipei desk"`, `"next":"2026-03-03T07:00:00Z"`, `"error":"connection refused"`,
		`{"to":"new@x.example","state":"never"}`, `"to":"lin@x.example","state":"left"`, `"to":"gone@x.example","state":"refused"`, `"to":"full@x.example","state":"waiting"`)
	ada.want("POST", "/api/v1/report-letters/b2/send", `{}`, 404, `"code":"no_letter"`)
	ada.want("POST", "/api/v1/report-letters/a1/send", `{}`, http.StatusAccepted)
	o.as("lin").want("POST", "/api/v1/report-letters/a1/send", `{}`, http.StatusForbidden)
	if len(box.asked) != 1 {
		t.Errorf("asked for %v", box.asked)
	}
	ada.want("GET", "/api/v1/audit?action=send-report", nil, 200, "report daily to 2", `"code":"did_report"`)
}
