package console

import (
	"context"
	"net/netip"
	"strings"
	"testing"

	"ringway/console/hooks"
	"ringway/console/staff"
	"ringway/store"
)

type gauge struct{}

func (gauge) Measure(context.Context) Measures {
	return Measures{Calls: 3, Agents: map[string]int{"available": 2}, Waiting: map[string]int{"help": 4}, Offers: map[string]uint64{"answered": 5}, RTPDropped: 6,
		Webhooks: []hooks.Status{{Endpoint: hooks.Endpoint{Name: "crm"}, HookCounts: store.HookCounts{Dead: 7}, Down: true}}, Lookups: map[string]uint64{"ok": 8}}
}

// Metrics are for this machine, and for who has a key from elsewhere.
func TestMetrics(t *testing.T) {
	o := opened(t, func(opts *Options) {
		opts.Meter = gauge{}
		opts.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	status, text := o.anonymous().send("GET", "/metrics", nil)
	for _, want := range []string{"ringway_calls 3\n", `ringway_agents{state="available"} 2`, `ringway_waiting{queue="help"} 4`, `ringway_offers_total{outcome="answered"} 5`,
		`ringway_datagrams_dropped_total{protocol="rtp"} 6`, "go_goroutines ",
		`ringway_webhook_deliveries{state="dead",webhook="crm"} 7`, `ringway_webhook_down{webhook="crm"} 1`, `ringway_lookups_total{outcome="ok"} 8`} {
		if status != 200 || !strings.Contains(text, want) {
			t.Errorf("%d, without %q", status, want)
		}
	}
	outside := o.anonymous().with("X-Forwarded-For", "198.51.100.7")
	outside.want("GET", "/metrics", nil, 401)
	key := o.machine(staff.ReadStatus)
	if status, _ := key.with("X-Forwarded-For", "198.51.100.7").send("GET", "/metrics", nil); status != 200 {
		t.Errorf("with a key: %d", status)
	}
}
