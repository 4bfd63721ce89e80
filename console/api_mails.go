package console

import (
	"context"
	"net/http"
	"time"

	"ringway/console/staff"
	"ringway/store"
)

// Mails are the reports by mail.
type Mails interface {
	// ReportMails tells what became of them, those that were tried last first.
	ReportMails(ctx context.Context, limit int) ([]store.ReportMail, error)
}

// maxMails bounds what is read: there is one for each report and recipient that ever was.
const maxMails = 10_000

// MailView is what became of a report by mail for one who should have it.
type MailView struct {
	To      string    `json:"to"`
	Report  string    `json:"report" doc:"its kind"`
	Due     time.Time `json:"due"`
	Tried   time.Time `json:"tried" doc:"when the mail server said last what it does with it"`
	State   string    `json:"state" enum:"left,refused,waiting" doc:"refused: for ever, this one is not tried again; waiting: refused for now"`
	Refused string    `json:"refused,omitempty" doc:"why, in the mail server's words"`
}

func routeMails(a *API) {
	register(a, Op{Method: http.MethodGet, Path: "/report-mails", ID: "report-mails", Tag: "reports", Allow: Allow(staff.Admin, staff.ReadStatus),
		Summary: "Reports by mail: for each report and recipient what became of the last one, or why the mail server refuses it"},
		a.reportMails)
}

func (a *API) reportMails(ctx context.Context, in *Paged) (*body[Page[MailView]], error) {
	found, err := a.Mails.ReportMails(ctx, maxMails)
	if err != nil {
		return nil, err
	}
	page, err := pageOf(found, *in, func(m store.ReportMail) place { return place{name: m.Letter} })
	if err != nil {
		return nil, err
	}
	return shownAs(page.Body, mailView), nil
}

func mailView(m store.ReportMail) MailView {
	v := MailView{To: m.To, Report: m.Report, Due: m.Due, Tried: m.Tried, State: "left", Refused: m.Refused}
	switch {
	case m.Refused != "" && m.Done:
		v.State = "refused"
	case m.Refused != "":
		v.State = "waiting"
	}
	return v
}
