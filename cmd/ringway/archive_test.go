package main

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"ringway/store"
	"ringway/store/sqlite"
)

// The first report of a day that is closed keeps its figures; what comes to light later is a correction.
func TestTheReportOfAClosedDayKeepsItsFigures(t *testing.T) {
	data := recordsFolder(t)
	add := func(call string, seq uint64) {
		db, err := sqlite.Open(t.Context(), filepath.Join(data, "ringway.db"), sqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		start := store.Event{Node: "n1", Boot: "b1", Seq: seq, At: noon, Kind: store.CallStart, Call: call, State: string(store.Customer)}
		if err := errors.Join(db.Save(t.Context(), []store.Record{{Event: &start}}), db.Close()); err != nil {
			t.Fatal(err)
		}
	}
	report := func(args ...string) string {
		code, out, errOut := ringway(t, data, append([]string{"report", "daily", "--date", "2026-03-02"}, args...)...)
		if code != exitDone || errOut != "" {
			t.Fatalf("%d: %s", code, errOut)
		}
		return out
	}
	add("a", 1)
	if out := report("--zone", "UTC"); strings.Contains(out, ", closed\n") {
		t.Error("a day of another zone was kept")
	}
	if out := report(); !strings.Contains(out, "as of 2026-03-03 06:00:00 CST, closed") || strings.Contains(out, "correction") {
		t.Errorf("the first report:\n%s", out)
	}
	add("b", 2)
	out := report()
	if i := strings.Index(out, "corrections since the day closed on 2026-03-03 06:00:00 CST"); i < 0 || !strings.Contains(out[i:], "calls customers  calls ") {
		t.Errorf("the second report:\n%s", out)
	}
	if out := report("--format", "csv"); !strings.Contains(out, "calls,customers,calls,2,count,correction of a closed day,,1\n") {
		t.Errorf("as CSV:\n%s", out)
	}
}
