package node

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"ringway/config"
	"ringway/store"
	"ringway/store/sqlite"
)

func TestAKilledRunsLastSegmentsAreWritten(t *testing.T) {
	defer goleak.VerifyNone(t)
	data, dir := t.TempDir(), filepath.Join(t.TempDir(), "company")
	path := filepath.Join(data, "ringway.db")
	if err := config.Init(dir); err != nil {
		t.Fatal(err)
	}
	c, _, _ := config.Load(dir)
	began := time.Now().Add(-9 * time.Hour).Truncate(time.Microsecond)
	killed := began.Add(5*time.Hour - time.Minute)
	leaveRun(t, path, c.Settings.Node, []store.Event{
		{At: began, Kind: store.NodeStart},
		{At: began, Kind: store.AgentState, Agent: "mei", State: string(store.Available)},
		{At: began.Add(time.Hour), Kind: store.AgentState, Agent: "ken", State: string(store.NotReady)},
		{At: killed, Kind: store.PlanApply},
	}, began.Add(4*time.Hour))
	n := start(t, dir, data)
	stop(t, n)
	for agent, from := range map[string]time.Time{"mei": began, "ken": began.Add(time.Hour)} {
		rows := spans(t, path, agent)
		if len(rows) != 2 || !rows[0].from.Equal(from) || !rows[0].to.Equal(killed) || !rows[1].from.Equal(killed) || rows[1].bucket != "offline" {
			t.Errorf("%s: %+v", agent, rows)
		}
		if last := rows[len(rows)-1].to; time.Since(last) > time.Minute {
			t.Errorf("%s is accounted until %s", agent, last)
		}
	}
}

// leaveRun makes the database of a run that was killed; its segments are written up to accounted.
func leaveRun(t *testing.T, path, node string, events []store.Event, accounted time.Time) {
	t.Helper()
	ctx := context.Background()
	db, err := sqlite.Open(ctx, path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var records []store.Record
	for i := range events {
		events[i].Node, events[i].Boot, events[i].Seq = node, "b0", uint64(i+1)
		records = append(records, store.Record{Event: &events[i]})
	}
	if err := db.Save(ctx, records); err != nil {
		t.Fatal(err)
	}
	if err := db.Account(ctx, events[0].At, accounted); err != nil {
		t.Fatal(err)
	}
}

// span is a row of agent_segments.
type span struct {
	bucket   string
	from, to time.Time
}

func spans(t *testing.T, path, agent string) []span {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query("SELECT bucket, started, ended FROM agent_segments WHERE agent = ? ORDER BY started", agent)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []span
	for rows.Next() {
		var s span
		var from, to int64
		if err := rows.Scan(&s.bucket, &from, &to); err != nil {
			t.Fatal(err)
		}
		s.from, s.to = time.UnixMicro(from), time.UnixMicro(to)
		out = append(out, s)
	}
	return out
}
