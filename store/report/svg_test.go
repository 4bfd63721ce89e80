package report_test

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"ringway/store/report"
)

var svg = regexp.MustCompile(`(?s)<svg .*?</svg>`)

// paper draws a table with rows of so many series.
func paper(t *testing.T, c report.Chart, label string, values ...[]any) string {
	t.Helper()
	table := &report.Table{Kind: "queues", Title: "T", Zone: "UTC", Section: report.Section{}, Charts: []report.Chart{c}}
	for i, s := range c.Series {
		unit := report.CountUnit
		if s.Column == "rate" {
			unit = report.PercentUnit
		}
		table.Columns = append(table.Columns, report.Column{ID: s.Column, Label: s.Name, Unit: unit})
		for row, v := range values[i] {
			if row == len(table.Rows) {
				table.Rows = append(table.Rows, report.Row{Key: fmt.Sprint(row), Label: label, Cells: map[string]any{}})
			}
			table.Rows[row].Cells[s.Column] = v
		}
	}
	found := svg.FindAllString(string(written(t, table.WritePage)), -1)
	if len(found) > 1 {
		t.Fatalf("%d charts", len(found))
	}
	if len(found) == 0 {
		return ""
	}
	for d := xml.NewDecoder(strings.NewReader(found[0])); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return found[0]
		} else if err != nil {
			t.Fatalf("no XML: %v\n%s", err, found[0])
		}
	}
}

func TestBarsOnPaperDifferWithoutColour(t *testing.T) {
	got := paper(t, report.Chart{Kind: "bar", Title: "A", Series: []report.Series{{"Answered", "answered"}, {"Abandoned", "abandoned"}, {"Flow-out", "flow_out"}}},
		"help", []any{3.0, 5.0}, []any{2.0, 0.0}, []any{0.0, 0.0})
	if n := strings.Count(got, "<pattern"); n != 1 {
		t.Errorf("%d hatchings for two parts that are somewhere", n)
	}
	for _, text := range []string{">Answered<", ">Abandoned<", ">help<", ">5<"} {
		if !strings.Contains(got, text) {
			t.Errorf("the chart does not say %s", text)
		}
	}
	if strings.Contains(got, "Flow-out") {
		t.Error("a part that is nowhere is in the legend")
	}
}

func TestLinesOnPaperBreakWhereThereIsNoValue(t *testing.T) {
	got := paper(t, report.Chart{Kind: "line", Title: "A", Series: []report.Series{{"Rate", "rate"}}}, "09:00", []any{50.0, nil, 80.0, 100.0})
	if n := strings.Count(regexp.MustCompile(`<path d="M[^"]*" fill="none"`).FindString(got), "M"); n != 2 {
		t.Errorf("%d strokes: %s", n, got)
	}
	if !strings.Contains(got, ">100 %<") {
		t.Error("the axis does not reach 100 %")
	}
}

func TestChartsOnPaperRunNothing(t *testing.T) {
	evil := `</text><script>alert(1)</script>` + "\x1b"
	for _, kind := range []string{"bar", "line", "heatmap"} {
		got := paper(t, report.Chart{Kind: kind, Title: evil, Series: []report.Series{{evil, "answered"}}}, evil, []any{1.0, 2.0})
		if got == "" || strings.Contains(got, "<script") || strings.ContainsAny(got, "\x1b") || strings.Contains(got, "style=") {
			t.Errorf("%s: %s", kind, got)
		}
		if empty := paper(t, report.Chart{Kind: kind, Title: "A", Series: []report.Series{{"A", "answered"}}}, "", nil); empty != "" {
			t.Errorf("%s: a chart of nothing: %s", kind, empty)
		}
	}
}

func TestAnAgentsDayIsABandOnPaper(t *testing.T) {
	m := maker(fixed(t, busyDay()), after)
	table, err := m.Make(context.Background(), report.Query{Kind: "agent-day", Agent: "agent0", From: "2026-03-02", Lang: "ja"}, report.Viewer{})
	if err != nil {
		t.Fatal(err)
	}
	all := svg.FindAllString(string(written(t, table.WritePage)), -1)
	if len(all) != len(table.Charts) || strings.Count(all[0], "<rect") < len(table.Timeline) || !strings.Contains(all[0], ">受付可<") {
		t.Errorf("%d of %d charts, %d states: %s", len(all), len(table.Charts), len(table.Timeline), all)
	}
}
