package node

import (
	"path/filepath"
	"testing"
	"time"

	"ringway/config"
	"ringway/store"
	"ringway/store/sqlite"
)

func TestDaysThatClosedAreKept(t *testing.T) {
	data, dir := t.TempDir(), filepath.Join(t.TempDir(), "company")
	path := filepath.Join(data, "ringway.db")
	if err := config.Init(dir); err != nil {
		t.Fatal(err)
	}
	c, _, _ := config.Load(dir)
	zone := Notes{Zone: c.Settings.Zone}.Location()
	y, m, d := time.Now().In(zone).Date()
	worked := time.Date(y, m, d-3, 9, 0, 0, 0, zone)
	leaveRun(t, path, c.Settings.Node, []store.Event{
		{At: worked, Kind: store.NodeStart},
		{At: worked, Kind: store.AgentState, Agent: "mei", State: string(store.Available)},
		{At: worked.Add(time.Hour), Kind: store.NodeStop},
	}, worked.Add(time.Hour))
	n := start(t, dir, data)
	defer stop(t, n)
	db, err := sqlite.Open(t.Context(), path, sqlite.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var kept store.ClosedDay
	eventually(t, patience, "a day three days ago is closed", func() bool {
		kept, err = db.ClosedDay(t.Context(), worked.Format(time.DateOnly), zone.String())
		return err == nil
	})
	if closes := time.Date(y, m, d-2, 6, 0, 0, 0, zone); !kept.Closed.Equal(closes) {
		t.Errorf("closed at %s, want %s", kept.Closed, closes)
	}
	for _, f := range kept.Figures {
		if f.Kind == "agent" && f.Name == "mei" && f.Figure == "available" && *f.Value == 3600 {
			return
		}
	}
	t.Errorf("kept: %+v", kept.Figures)
}
