package ledger_test

import (
	"testing"
	"time"

	"ringway/store/ledger"
)

func TestWhoIsLoggedInHasNoLogout(t *testing.T) {
	events := parse(t, `
0 agent.state agent=mei state=available
0 agent.state agent=ken state=available
60 agent.state agent=ken state=offline
`)
	day := ledger.Span{From: at(-3600), To: at(7200)}
	for until, want := range map[time.Time]map[string]time.Time{
		at(30):   {"mei": {}, "ken": {}},
		at(90):   {"mei": {}, "ken": at(60)},
		at(9000): {"mei": {}, "ken": at(60)}, // she works past the day's end
	} {
		for _, a := range ledger.Build(events, until).AgentTallies(day) {
			if !a.Logout.Equal(want[a.Agent]) {
				t.Errorf("as of %s, the last logout of %s is %s, want %s", until, a.Agent, a.Logout, want[a.Agent])
			}
		}
	}
}
