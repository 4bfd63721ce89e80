package console

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"ringway/console/post"
	"ringway/console/staff"
	"ringway/store"
)

// Mails are the reports by mail.
type Mails interface {
	// ReportMails tells what became of them, those that were tried last first.
	ReportMails(ctx context.Context, limit int) ([]store.ReportMail, error)
}

// Letters are the reports by mail as they are configured.
type Letters interface {
	// List tells how they are doing, in the order of the configuration.
	List(ctx context.Context) ([]post.Standing, error)
	// Send has the last one sent now, without waiting for it. post.ErrUnknown where there is no such one.
	Send(id string) (post.Letter, error)
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

// LetterView is one report by mail of the configuration.
type LetterView struct {
	ID       string          `json:"id" doc:"of these settings: others have another"`
	Report   string          `json:"report" doc:"its kind"`
	Queue    string          `json:"queue,omitempty"`
	Team     string          `json:"team,omitempty"`
	TeamName string          `json:"team_name,omitempty"`
	Language string          `json:"language,omitempty"`
	Format   string          `json:"format"`
	At       string          `json:"at" doc:"on the clock of its zone"`
	On       string          `json:"on" doc:"mon … sun, or every day"`
	Span     string          `json:"span" enum:"day,week,month" doc:"the last whole one"`
	Zone     string          `json:"zone"`
	Last     *time.Time      `json:"last,omitempty" doc:"when it was due last"`
	Next     *time.Time      `json:"next,omitempty" doc:"when it is due next"`
	Asked    bool            `json:"asked,omitempty" doc:"somebody wants it now, and it is on its way"`
	Error    string          `json:"error,omitempty" doc:"why it left for nobody at the last try since the switch started"`
	Again    *time.Time      `json:"again,omitempty" doc:"when that is tried again"`
	To       []RecipientView `json:"to"`
}

// RecipientView is what became of a letter for one who should have it.
type RecipientView struct {
	To      string     `json:"to"`
	State   string     `json:"state" enum:"never,left,refused,waiting" doc:"never: it was not tried yet"`
	Due     *time.Time `json:"due,omitempty"`
	Tried   *time.Time `json:"tried,omitempty"`
	Refused string     `json:"refused,omitempty" doc:"why, in the mail server's words"`
}

type letterInput struct {
	ID string `path:"id" maxLength:"32"`
}

func routeMails(a *API) {
	register(a, Op{Method: http.MethodGet, Path: "/report-mails", ID: "report-mails", Tag: "reports", Allow: Allow(staff.Admin, staff.ReadStatus),
		Summary: "Reports by mail: for each report and recipient what became of the last one, or why the mail server refuses it"},
		a.reportMails)
	register(a, Op{Method: http.MethodGet, Path: "/report-letters", ID: "report-letters", Tag: "reports", Allow: Allow(staff.Admin, staff.ReadStatus),
		Summary: "Reports by mail as they are configured: to whom, when next, and what became of the last"},
		a.reportLetters)
	register(a, Op{Method: http.MethodPost, Path: "/report-letters/{id}/send", ID: "send-report", Tag: "reports", Allow: Allow(staff.Admin), Audit: true,
		Status:  http.StatusAccepted,
		Summary: "Send the last one of a report by mail now, to all who should have it; report-letters tells what comes of it"},
		func(ctx context.Context, in *letterInput) (*struct{}, error) {
			l, err := a.Letters.Send(in.ID)
			if errors.Is(err, post.ErrUnknown) {
				return nil, refused(http.StatusNotFound, "no_letter")
			}
			tell(ctx, fmt.Sprintf("report %s to %d", l.Report.Kind, len(l.To)))
			return nil, err
		})
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
	return MailView{To: m.To, Report: m.Report, Due: m.Due, Tried: m.Tried, State: mailState(m), Refused: m.Refused}
}

func (a *API) reportLetters(ctx context.Context, in *Paged) (*body[Page[LetterView]], error) {
	found, err := a.Letters.List(ctx)
	if err != nil {
		return nil, err
	}
	page, err := pageOf(found, *in, func(s post.Standing) place { return place{name: s.Report.Kind + " " + s.ID} })
	if err != nil {
		return nil, err
	}
	return shownAs(page.Body, a.letter), nil
}

func (a *API) letter(s post.Standing) LetterView {
	v := LetterView{ID: s.ID, Report: s.Report.Kind, Queue: s.Report.Queue, Team: s.Report.Team, Language: string(s.Report.Lang), Format: s.Format,
		At: s.At, On: s.On, Span: s.Span, Zone: s.Zone.String(), Last: maybe(s.Last), Next: maybe(s.Next), Asked: s.Asked, Error: s.Error,
		Again: maybe(s.Again), To: []RecipientView{}}
	for _, p := range a.Roster.People() {
		if v.Team != "" && p.Team == v.Team && p.TeamName != "" {
			v.TeamName = p.TeamName
		}
	}
	for _, m := range s.Each {
		v.To = append(v.To, RecipientView{To: m.To, State: mailState(m), Due: maybe(m.Due), Tried: maybe(m.Tried), Refused: m.Refused})
	}
	return v
}

// mailState is what became of a mail for one who should have it.
func mailState(m store.ReportMail) string {
	switch {
	case m.Tried.IsZero():
		return "never"
	case m.Refused == "":
		return "left"
	case m.Done:
		return "refused"
	}
	return "waiting"
}
