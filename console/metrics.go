package console

import (
	"context"
	"net/http"
	"net/netip"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"ringway/console/hooks"
	"ringway/console/staff"
)

// Meter is what the switch counts, for /metrics.
type Meter interface {
	Measure(ctx context.Context) Measures
}

// Measures are the switch's figures at one instant. No label names a person, a number or a call.
type Measures struct {
	Calls, Legs, Bindings int
	CallsTotal, Refused   uint64            // since the start
	Agents                map[string]int    // by state
	Waiting               map[string]int    // by queue
	Offers                map[string]uint64 // by outcome, since the start
	RecordsWaiting        uint64
	RecordsLost           uint64
	SIPDropped, SIPShed   uint64
	RTPDropped            uint64
	RouterDropped, Faults uint64 // of the queue router

	Recordings          int    // that run
	Unrecorded, Unheard uint64 // recordings that failed, packets that the recorder was too slow for

	EventReaders int               // of the stream of events
	Webhooks     []hooks.Status    //
	Lookups      map[string]uint64 // of customers, by outcome, since the start
}

// measureTime is how long one collection may take.
const measureTime = 5 * time.Second

// meter turns Measures into Prometheus's metrics when they are asked for.
type meter struct{ from Meter }

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("ringway_"+name, help, labels, nil)
}

var (
	descCalls    = desc("calls", "Calls that are up.")
	descLegs     = desc("legs", "Dialogs that are up.")
	descBindings = desc("registrations", "Registered contacts.")
	descTotal    = desc("calls_total", "Calls since the start.")
	descRefused  = desc("calls_refused_total", "Calls refused at the limits since the start.")
	descAgents   = desc("agents", "Agents by state.", "state")
	descWaiting  = desc("waiting", "Callers who wait, by queue.", "queue")
	descOffers   = desc("offers_total", "Offers to agents by outcome, since the start.", "outcome")
	descRecords  = desc("records_waiting", "Records that are not yet in the database.")
	descLost     = desc("records_lost_total", "Records dropped beyond the bound.")
	descDropped  = desc("datagrams_dropped_total", "Datagrams that the kernel dropped because a receive buffer was full.", "protocol")
	descShed     = desc("sip_shed_total", "SIP messages shed at overload.")
	descRouter   = desc("router_dropped_total", "Inputs that the queue router lost because its mailbox was full.")
	descFaults   = desc("router_faults_total", "Inputs of the queue router that ended in a fault of ours.")
	descTapes    = desc("recordings", "Recordings that run.")
	descBroken   = desc("recordings_failed_total", "Recordings that could not be written to their end, since the start.")
	descUnheard  = desc("recordings_lost_packets_total", "Packets that the recorder was too slow for: silence.")
	descReaders  = desc("event_readers", "Readers of the stream of events, those inside the switch included.")
	descHooks    = desc("webhook_deliveries", "Deliveries of webhooks by state; of those that are over, the last ones.", "webhook", "state")
	descHookDown = desc("webhook_down", "1 while a webhook takes nothing.", "webhook")
	descLookups  = desc("lookups_total", "Look-ups of customers by outcome, since the start.", "outcome")
	everyDesc    = []*prometheus.Desc{descTapes, descBroken, descUnheard, descReaders, descHooks, descHookDown, descLookups, descCalls, descLegs, descBindings, descTotal, descRefused, descAgents, descWaiting, descOffers, descRecords, descLost, descDropped, descShed, descRouter, descFaults}
)

// Describe implements prometheus.Collector.
func (m meter) Describe(out chan<- *prometheus.Desc) {
	for _, d := range everyDesc {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (m meter) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), measureTime)
	defer cancel()
	s := m.from.Measure(ctx)
	now := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	total := func(d *prometheus.Desc, v uint64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(v), labels...)
	}
	now(descCalls, float64(s.Calls))
	now(descLegs, float64(s.Legs))
	now(descBindings, float64(s.Bindings))
	now(descRecords, float64(s.RecordsWaiting))
	total(descTotal, s.CallsTotal)
	total(descRefused, s.Refused)
	total(descLost, s.RecordsLost)
	total(descDropped, s.SIPDropped, "sip")
	total(descDropped, s.RTPDropped, "rtp")
	total(descShed, s.SIPShed)
	total(descRouter, s.RouterDropped)
	total(descFaults, s.Faults)
	for state, n := range s.Agents {
		now(descAgents, float64(n), state)
	}
	for queue, n := range s.Waiting {
		now(descWaiting, float64(n), queue)
	}
	for outcome, n := range s.Offers {
		total(descOffers, n, outcome)
	}
	now(descTapes, float64(s.Recordings))
	total(descBroken, s.Unrecorded)
	total(descUnheard, s.Unheard)
	now(descReaders, float64(s.EventReaders))
	for _, w := range s.Webhooks {
		now(descHooks, float64(w.Pending), w.Name, "pending")
		now(descHooks, float64(w.Delivered), w.Name, "delivered")
		now(descHooks, float64(w.Dead), w.Name, "dead")
		down := 0.0
		if w.Down {
			down = 1
		}
		now(descHookDown, down, w.Name)
	}
	for outcome, n := range s.Lookups {
		total(descLookups, n, outcome)
	}
}

// metrics serves /metrics: to this machine, and to whoever sends a key with the scope status:read.
func (a *API) metrics() http.Handler {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if a.Meter != nil {
		r.MustRegister(meter{a.Meter})
	}
	show := promhttp.HandlerFor(r, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 2 * measureTime})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if at, err := netip.ParseAddr(source(r.Context())); err != nil || !at.IsLoopback() {
			who, err := a.identify(r)
			if err != nil || !Allow(staff.Admin, staff.ReadStatus).admits(who) {
				w.Header().Set("WWW-Authenticate", `Bearer realm="ringway"`)
				problemTo(w, refused(http.StatusUnauthorized, "metrics_key"))
				return
			}
		}
		show.ServeHTTP(w, r)
	})
}
