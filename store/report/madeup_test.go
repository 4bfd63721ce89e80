package report_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"ringway/store/ledger"
	"ringway/store/report"
	"ringway/store/report/words"
	"ringway/store/storetest"
)

// sample is a ledger of which the first hours never were.
type sample struct {
	report.Ledger
	until time.Time
}

func (s sample) MadeUp(context.Context, time.Time) ([]ledger.Span, error) {
	return []ledger.Span{{From: s.until.AddDate(0, 0, -30), To: s.until}}, nil
}

func TestFilesSayWhichOfTheirFiguresAreMadeUp(t *testing.T) {
	db := fixed(t, busyDay())
	real, m := maker(db, after), maker(db, after)
	m.Ledger = sample{db, storetest.T0.Add(time.Hour)}
	for _, kind := range []string{"daily", "queues", "abandoned", "intervals"} {
		for _, c := range []struct {
			lang       words.Lang
			head, says string
		}{
			{"", "made_up", "2026-03-02T00:00:00+08:00/2026-03-02T18:00:00+08:00"},
			{words.English, "made_up", "Partly a made-up sample history"},
			{words.Japanese, "架空", "2026-03-02 18:00"},
		} {
			q := report.Query{Kind: kind, From: "2026-03-02", Lang: c.lang}
			table, err := m.Make(context.Background(), q, report.Viewer{})
			if err != nil {
				t.Fatal(err)
			}
			lines, err := csv.NewReader(bytes.NewReader(written(t, table.WriteCSV))).ReadAll()
			if err != nil || len(lines) < 2 {
				t.Fatal(err, len(lines))
			}
			for i, line := range lines {
				if last := line[len(line)-1]; i == 0 && last != c.head || i > 0 && !strings.Contains(last, c.says) {
					t.Errorf("%s in %q: line %d of the CSV ends with %q", kind, c.lang, i, last)
				}
			}
			f, err := excelize.OpenReader(bytes.NewReader(written(t, table.WriteXLSX)))
			if err != nil {
				t.Fatal(err)
			}
			for i := range 1 + len(table.Sections) {
				if text, err := f.GetCellValue(f.GetSheetName(i), "A4"); err != nil || !strings.Contains(text, "18:00") {
					t.Errorf("%s in %q: sheet %q says %q, %v", kind, c.lang, f.GetSheetName(i), text, err)
				}
			}
			f.Close()
		}
		table, err := real.Make(context.Background(), report.Query{Kind: kind, From: "2026-03-02"}, report.Viewer{})
		if text := string(written(t, table.WriteCSV)); err != nil || strings.Contains(text, "made_up") {
			t.Errorf("%s: what is real is marked, %v", kind, err)
		}
	}
}
