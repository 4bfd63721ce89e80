package sqlite

import "ringway/store"

// Each noun has its table and a function that gives the places of its columns in a record, in the same order.

var calls = table{name: "calls", keys: 1, guard: completed, columns: columns(`id parent returns node kind sip_id caller_name
	caller_number customer booking language region zone account trunk agent context dialled plan_version started answered ended
	disposition cause status q850 ended_by failed_step last_step codec`)}

func callPlaces(c *store.Call) []any {
	return []any{&c.ID, &c.Parent, &c.Returns, &c.Node, &c.Kind, &c.SIPID, &c.CallerName,
		&c.CallerNumber, &c.Customer, &c.Booking, &c.Language, &c.Region, &c.Zone, &c.Account, &c.Trunk, &c.Agent, &c.Context, &c.Dialled,
		&c.PlanVersion, instant{&c.Start}, instant{&c.Answer}, instant{&c.End},
		&c.Disposition, &c.Cause, &c.Status, &c.Q850, &c.EndedBy, &c.FailedStep, &c.LastStep, &c.Codec}
}

var legs = table{name: "legs", keys: 1, guard: completed, columns: columns(`id call direction account trunk agent offer
	sip_id remote user_agent started ringing answered ended status cause codec packets lost late jitter_ms rtt_ms`)}

func legPlaces(l *store.Leg) []any {
	return []any{&l.ID, &l.Call, &l.Direction, &l.Account, &l.Trunk, &l.Agent, &l.Offer,
		&l.SIPID, &l.Remote, &l.UserAgent, instant{&l.Start}, instant{&l.Ringing}, instant{&l.Answer}, instant{&l.End},
		&l.Status, &l.Cause, &l.Codec, &l.Quality.Packets, &l.Quality.Lost, &l.Quality.Late, &l.Quality.JitterMS, &l.Quality.RTTMS}
}

var visits = table{name: "visits", keys: 1, guard: completed + " AND (excluded.left IS NOT NULL OR visits.left IS NULL)",
	columns: columns(`id call queue by_transfer language region zone priority entered connected left ended
	result agent offer steps offers end_reason service_level short_abandon`)}

func visitPlaces(v *store.Visit) []any {
	return []any{&v.ID, &v.Call, &v.Queue, &v.ByTransfer, &v.Language, &v.Region, &v.Zone, &v.Priority,
		instant{&v.Enter}, instant{&v.Connect}, instant{&v.Leave}, instant{&v.End},
		&v.Result, &v.Agent, &v.Offer, &v.Steps, &v.Offers, &v.EndReason, &v.ServiceLevel, &v.ShortAbandon}
}

var offers = table{name: "offers", keys: 1, guard: completed, columns: columns(`id visit call queue agent started ringing
	ended outcome status`)}

func offerPlaces(o *store.Offer) []any {
	return []any{&o.ID, &o.Visit, &o.Call, &o.Queue, &o.Agent, instant{&o.Start}, instant{&o.Ringing},
		instant{&o.End}, &o.Outcome, &o.Status}
}

var decisions = table{name: "decisions", keys: 1, columns: columns("id at call visit queue step body")}

func decisionPlaces(d *store.Decision) []any {
	return []any{&d.ID, instant{&d.At}, &d.Call, &d.Visit, &d.Queue, &d.Step, document[store.Decision]{d}}
}

var bindings = table{name: "bindings", keys: 2, guard: "excluded.updated >= bindings.updated", columns: columns(`aor contact
	instance reg_id q call_id cseq path user_agent transport received local expires updated credential session`)}

func bindingPlaces(b *store.Binding) []any {
	return []any{&b.AOR, &b.Contact, &b.InstanceID, &b.RegID, &b.Q, &b.CallID, &b.CSeq, document[[]string]{&b.Path},
		&b.UserAgent, &b.Transport, &b.Received, &b.Local, instant{&b.Expires}, instant{&b.Updated}, instant{&b.Credential}, &b.Session}
}

var agents = table{name: "agents", keys: 1, columns: columns("agent state reason since idle_since queues account at_desk work")}

func agentPlaces(a *store.AgentSaved) []any {
	return []any{&a.Agent, &a.State, &a.Reason, instant{&a.Since}, instant{&a.IdleSince}, document[[]string]{&a.Queues}, &a.Account, &a.AtDesk,
		document[store.AgentWork]{&a.Work}}
}

var sessions = table{name: "sessions", keys: 3, columns: columns("session subject domain key expires claims")}

func sessionPlaces(s *store.AppSession) []any {
	return []any{&s.Session, &s.Subject, &s.Domain, &s.Key, instant{&s.Expires}, document[store.Claims]{&s.Claims}}
}
