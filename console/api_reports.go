package console

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"ringway/console/staff"
	"ringway/store/report"
	"ringway/store/report/words"
)

// Reports makes reports; store/report's Maker is one.
type Reports interface {
	Make(ctx context.Context, q report.Query, v report.Viewer) (*report.Table, error)
}

type reportInput struct {
	Kind    string `path:"kind" doc:"daily, queues, agents, agent-day, teams, languages, regions, intervals, heatmap, abandoned or dispositions"`
	From    string `query:"from" maxLength:"40" doc:"first day, as in 2026-03-02, today or yesterday, or an instant; today when absent"`
	To      string `query:"to" maxLength:"40" doc:"last day, included, or an instant, not included; the first day when absent"`
	Zone    string `query:"zone" maxLength:"64" doc:"IANA time zone in which days begin and end; the company's when absent"`
	Queue   string `query:"queue" maxLength:"64" doc:"this queue alone"`
	Agent   string `query:"agent" maxLength:"64" doc:"this agent alone"`
	Team    string `query:"team" maxLength:"64" doc:"the people of this team alone"`
	Step    string `query:"step" maxLength:"4" doc:"intervals: 15, 30 or 60 minutes"`
	Measure string `query:"measure" maxLength:"64" doc:"heatmap: a figure of queues, as offered or abandon_rate"`
	Lang    string `query:"lang" maxLength:"8" doc:"language of all that people read: en, zh-TW or ja; the first that Accept-Language asks for when absent, else en. Identifiers never change"`
	Accept  string `header:"Accept-Language" maxLength:"400"`
	Format  string `query:"format" maxLength:"8" doc:"json, csv, xlsx or print"`
}

// reportOutput is a table, or the bytes of a file.
type reportOutput struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Policy      string `header:"Content-Security-Policy"`
	Body        any
}

func routeReports(a *API) {
	register(a, Op{Method: http.MethodGet, Path: "/reports/{kind}", ID: "report", Summary: "A report over any days in any zone: JSON, CSV, a workbook or a page to print",
		Tag: "reports", Allow: Allow(staff.Agent, staff.ReadReports)}, a.report)
	a.describeReport()
}

// describeReport says in the description what a report is: the operation answers files too.
func (a *API) describeReport() {
	oapi := a.huma.OpenAPI()
	path := oapi.Paths[base+"/reports/{kind}"]
	if path == nil || path.Get == nil || path.Get.Responses["200"] == nil {
		return
	}
	content := map[string]*huma.MediaType{}
	for _, f := range report.Formats() {
		content[report.MediaType(f)] = &huma.MediaType{}
	}
	content[report.MediaType("json")].Schema = oapi.Components.Schemas.Schema(reflect.TypeFor[report.Table](), true, "Report")
	path.Get.Responses["200"].Content = content
}

func (a *API) report(ctx context.Context, in *reportInput) (*reportOutput, error) {
	if in.Format == "" {
		in.Format = "json"
	}
	if !report.Known(in.Format) {
		return nil, badField("query.format", "format")
	}
	q := report.Query{Kind: in.Kind, From: in.From, To: in.To, Zone: in.Zone, Queue: in.Queue, Agent: in.Agent, Team: in.Team, Step: in.Step, Measure: in.Measure, Lang: in.language()}
	who := staff.From(ctx)
	if !who.Machine() && !who.Role.AtLeast(staff.Manager) { // agents see their own sheet
		if q.Kind != "agent-day" || q.Agent != "" && q.Agent != who.Person {
			return nil, refused(http.StatusForbidden, "own_sheet")
		}
		q.Agent = who.Person
	}
	t, err := a.Reports.Make(ctx, q, a.viewer(who))
	if err != nil {
		return nil, wrongQuery(err)
	}
	out := &reportOutput{ContentType: report.MediaType(in.Format), Body: t}
	if in.Format == "json" {
		return out, nil
	}
	var file bytes.Buffer
	if err := t.Write(&file, in.Format); err != nil {
		return nil, err
	}
	out.Body, out.Disposition = file.Bytes(), `attachment; filename="`+t.FileName(in.Format)+`"`
	if in.Format == "print" {
		out.Disposition, out.Policy = "inline", report.PagePolicy()
	}
	return out, nil
}

// language is that of the query, or else the one that the browser prefers; empty where neither says anything.
func (in *reportInput) language() words.Lang {
	if in.Lang != "" {
		return words.Lang(in.Lang)
	}
	if l, ok := words.Accepted(in.Accept); ok {
		return l
	}
	return ""
}

// viewer limits a report to the people whom somebody may see.
func (a *API) viewer(who staff.Identity) report.Viewer {
	if who.SeesAll() {
		return report.Viewer{}
	}
	return report.Viewer{Sees: func(id string) bool {
		p, _ := a.Roster.Person(id)
		return who.Sees(id, p.Team)
	}}
}

// wrongQuery tells which parameters of a report's query are wrong, all at once.
func wrongQuery(err error) error {
	var details []*flaw
	var collect func(error)
	collect = func(err error) {
		var f report.FieldError
		if joined, ok := err.(interface{ Unwrap() []error }); ok {
			for _, e := range joined.Unwrap() {
				collect(e)
			}
		} else if errors.As(err, &f) {
			location := "query." + f.Field
			if f.Field == "kind" {
				location = "path.kind"
			}
			details = append(details, flawOf(&huma.ErrorDetail{Message: f.Message, Location: location}))
		}
	}
	collect(err)
	if len(details) == 0 {
		return err
	}
	return wrongFields(details...)
}
