package console

import (
	"time"

	"ringway/console/desk"
	"ringway/store"
	"ringway/store/ledger"
)

// CallRow is one call of a list.
type CallRow struct {
	ID           string     `json:"id"`
	Parent       string     `json:"parent,omitempty" doc:"the call that this consult belongs to"`
	Returns      string     `json:"returns,omitempty" doc:"the customer's call that this one calls back"`
	Kind         string     `json:"kind"`
	Start        time.Time  `json:"start"`
	Answer       *time.Time `json:"answer,omitempty"`
	End          *time.Time `json:"end,omitempty" doc:"absent while it is up"`
	CallerName   string     `json:"caller_name,omitempty"`
	CallerNumber string     `json:"caller_number,omitempty"`
	Customer     string     `json:"customer,omitempty"`
	Booking      string     `json:"booking,omitempty"`
	Language     string     `json:"language,omitempty"`
	Region       string     `json:"region,omitempty"`
	Zone         string     `json:"zone,omitempty"`
	Account      string     `json:"account,omitempty"`
	Trunk        string     `json:"trunk,omitempty"`
	Context      string     `json:"context,omitempty"`
	Dialled      string     `json:"dialled,omitempty"`
	Queue        string     `json:"queue,omitempty" doc:"the last one it asked"`
	Agent        string     `json:"agent,omitempty" doc:"whom the last queue found"`
	AgentName    string     `json:"agent_name,omitempty"`
	Reached      bool       `json:"reached,omitempty" doc:"an agent of one of the queues was reached"`
	Label        string     `json:"label,omitempty" doc:"what the agent who said so last said that it was about, in the queue's words"`
	Wait         *float64   `json:"wait_seconds,omitempty" doc:"in queues, ringing included"`
	Duration     *float64   `json:"duration_seconds,omitempty" doc:"from the first message to the end"`
	Disposition  string     `json:"disposition,omitempty"`
	Cause        string     `json:"cause,omitempty"`
	Status       int        `json:"status,omitempty" doc:"SIP status that the caller saw"`
	Q850         int        `json:"q850,omitempty"`
	EndedBy      string     `json:"ended_by,omitempty"`
	FailedStep   string     `json:"failed_step,omitempty" doc:"file:line:col of a dialplan step that failed"`
	LastStep     string     `json:"last_step,omitempty"`
	Codec        string     `json:"codec,omitempty"`
	SIPID        string     `json:"sip_id,omitempty" doc:"Call-ID of the first dialog"`
	Node         string     `json:"node,omitempty"`
	Plan         string     `json:"plan_version,omitempty" doc:"configuration that it was pinned to"`
	Share        *float64   `json:"share,omitempty" doc:"what it has in the sum that the list is behind, in seconds"`
	Stays        []StayRow  `json:"stays,omitempty" doc:"its stays in queues that the list counts, where it asks when they were: a report's figure is as many"`
	Offers       []OfferRow `json:"offers,omitempty" doc:"its offers to agents that the list counts, where it asks when they were"`
	Outcomes     []SaidRow  `json:"outcomes,omitempty" doc:"what agents said that it came to, where the list counts that"`
}

// SaidRow is what an agent said that a call came to, where a list counts it.
type SaidRow struct {
	Agent     string    `json:"agent"`
	AgentName string    `json:"agent_name,omitempty"`
	Queue     string    `json:"queue"`
	At        time.Time `json:"at"`
	Label     string    `json:"label" doc:"in the queue's words"`
}

// StayRow is a stay in a queue that a list counts.
type StayRow struct {
	ID         string    `json:"id"`
	Queue      string    `json:"queue"`
	Enter      time.Time `json:"enter"`
	ByTransfer bool      `json:"by_transfer,omitempty"`
	Result     string    `json:"result,omitempty" doc:"absent while the caller waits"`
	Agent      string    `json:"agent,omitempty"`
	AgentName  string    `json:"agent_name,omitempty"`
	Wait       *float64  `json:"wait_seconds,omitempty" doc:"ringing included"`
	Talk       *float64  `json:"conversation_seconds,omitempty" doc:"with the agent, hold included"`
	Share      *float64  `json:"share,omitempty" doc:"what it has in the sum that the list is behind, in seconds, or the rating"`
}

// OfferRow is an offer that a list counts.
type OfferRow struct {
	ID        string    `json:"id"`
	Queue     string    `json:"queue"`
	Agent     string    `json:"agent"`
	AgentName string    `json:"agent_name,omitempty"`
	Start     time.Time `json:"start"`
	Outcome   string    `json:"outcome,omitempty" doc:"absent while it is open"`
}

func stayRow(v store.Visit, name string) StayRow {
	r := StayRow{ID: v.ID, Queue: v.Queue, Enter: v.Enter, ByTransfer: v.ByTransfer, Result: string(v.Result), Agent: v.Agent, AgentName: name}
	if !v.Leave.IsZero() {
		r.Wait = seconds(v.Leave.Sub(v.Enter))
	}
	if !v.Connect.IsZero() && !v.End.IsZero() {
		r.Talk = seconds(v.End.Sub(v.Connect))
	}
	return r
}

func callRow(c store.Call, visits []store.Visit) CallRow {
	r := CallRow{ID: c.ID, Parent: c.Parent, Returns: c.Returns, Kind: string(c.Kind), Start: c.Start, Answer: maybe(c.Answer), End: maybe(c.End), CallerName: c.CallerName,
		CallerNumber: c.CallerNumber, Customer: c.Customer, Booking: c.Booking, Language: c.Language, Region: c.Region, Zone: c.Zone, Account: c.Account,
		Trunk: c.Trunk, Context: c.Context, Dialled: c.Dialled, Disposition: string(c.Disposition), Cause: c.Cause, Status: c.Status, Q850: c.Q850,
		EndedBy: c.EndedBy, FailedStep: c.FailedStep, LastStep: c.LastStep, Codec: c.Codec, SIPID: c.SIPID, Node: c.Node, Plan: c.PlanVersion}
	if !c.End.IsZero() {
		r.Duration = seconds(c.End.Sub(c.Start))
	}
	var wait time.Duration
	for _, v := range visits {
		r.Queue, r.Agent, r.Reached = v.Queue, v.Agent, r.Reached || !v.Connect.IsZero()
		if !v.Leave.IsZero() {
			wait += v.Leave.Sub(v.Enter)
			r.Wait = seconds(wait)
		}
	}
	return r
}

func seconds(d time.Duration) *float64 {
	s := d.Seconds()
	return &s
}

// StoryView is all that is on record about one call, each list in the order of time.
type StoryView struct {
	Call      CallRow       `json:"call"`
	Legs      []LegView     `json:"legs" doc:"those without an end are up"`
	Visits    []VisitView   `json:"visits"`
	Offers    []OfferView   `json:"offers"`
	Events    []EventView   `json:"events"`
	Decisions []Decision    `json:"decisions"`
	Segments  []SegmentView `json:"segments" doc:"what the caller went through: they touch and never overlap"`

	Consults []Consult         `json:"consults" doc:"the calls that its agents placed while they had it"`
	Names    map[string]string `json:"names" doc:"what the agents are called of whom it speaks, by id"`

	Reach string `json:"reach,omitempty" enum:"app,number,none" doc:"how the customer who called can be called now"`

	Said        []SaidView   `json:"said" doc:"what agents said and wrote of it"`
	Disposition *desk.Choice `json:"disposition,omitempty" doc:"of the agent who said one last"`
	Note        string       `json:"note,omitempty" doc:"of the agent who wrote one last"`
}

// Consult is a call that an agent placed while she had another one.
type Consult struct {
	ID          string     `json:"id"`
	Kind        string     `json:"kind"`
	Start       time.Time  `json:"start"`
	End         *time.Time `json:"end,omitempty" doc:"absent while it is up"`
	Dialled     string     `json:"dialled,omitempty"`
	Agent       string     `json:"agent,omitempty" doc:"who placed it"`
	Disposition string     `json:"disposition,omitempty"`
}

// LegView is one dialog.
type LegView struct {
	ID        string     `json:"id"`
	Direction string     `json:"direction" enum:"in,out"`
	Account   string     `json:"account,omitempty"`
	Trunk     string     `json:"trunk,omitempty"`
	Agent     string     `json:"agent,omitempty"`
	Offer     string     `json:"offer,omitempty"`
	SIPID     string     `json:"sip_id,omitempty"`
	Remote    string     `json:"remote,omitempty"`
	UserAgent string     `json:"user_agent,omitempty"`
	Start     time.Time  `json:"start"`
	Ringing   *time.Time `json:"ringing,omitempty"`
	Answer    *time.Time `json:"answer,omitempty"`
	End       *time.Time `json:"end,omitempty"`
	Status    int        `json:"status,omitempty"`
	Cause     string     `json:"cause,omitempty"`
	Codec     string     `json:"codec,omitempty"`
	Quality   Quality    `json:"quality"`
}

// Quality is what the switch received of a leg.
type Quality struct {
	Packets uint64  `json:"packets"`
	Lost    uint64  `json:"lost"`
	Late    uint64  `json:"late"`
	Jitter  float64 `json:"jitter_ms"`
	RTT     float64 `json:"rtt_ms"`
}

// VisitView is one stay in one queue.
type VisitView struct {
	ID         string     `json:"id"`
	Queue      string     `json:"queue"`
	ByTransfer bool       `json:"by_transfer,omitempty"`
	Priority   float64    `json:"priority_seconds,omitempty"`
	Enter      time.Time  `json:"enter"`
	Connect    *time.Time `json:"connect,omitempty"`
	Leave      *time.Time `json:"leave,omitempty"`
	End        *time.Time `json:"end,omitempty"`
	Result     string     `json:"result,omitempty"`
	Agent      string     `json:"agent,omitempty"`
	Offer      string     `json:"offer,omitempty"`
	Steps      int        `json:"steps"`
	Offers     int        `json:"offers"`
}

// OfferView is one reservation of one agent.
type OfferView struct {
	ID      string     `json:"id"`
	Visit   string     `json:"visit"`
	Queue   string     `json:"queue"`
	Agent   string     `json:"agent"`
	Start   time.Time  `json:"start"`
	Ringing *time.Time `json:"ringing,omitempty"`
	End     *time.Time `json:"end,omitempty"`
	Outcome string     `json:"outcome,omitempty"`
	Status  int        `json:"status,omitempty"`
}

// EventView is one thing that happened.
type EventView struct {
	Node   string            `json:"node,omitempty"`
	Seq    uint64            `json:"seq"`
	At     time.Time         `json:"at"`
	Kind   string            `json:"kind"`
	Leg    string            `json:"leg,omitempty"`
	Visit  string            `json:"visit,omitempty"`
	Offer  string            `json:"offer,omitempty"`
	Queue  string            `json:"queue,omitempty"`
	Agent  string            `json:"agent,omitempty"`
	State  string            `json:"state,omitempty"`
	Reason string            `json:"reason,omitempty"`
	Data   map[string]string `json:"data,omitempty"`
}

// Decision is why one offer was made, or why none could be.
type Decision struct {
	ID        string    `json:"id"`
	At        time.Time `json:"at"`
	Visit     string    `json:"visit"`
	Queue     string    `json:"queue"`
	Step      int       `json:"step"`
	Waited    float64   `json:"waited_seconds"`
	Chosen    []string  `json:"chosen"`
	Removed   []Removal `json:"removed" doc:"rules in their order, each with those whom it took out"`
	Ranks     []Rank    `json:"ranks" doc:"best first, at most 20"`
	RankNames []string  `json:"rank_names"`
	Eligible  int       `json:"eligible"`
}

// Removal is one rule and whom it took out.
type Removal struct {
	Rule   string   `json:"rule"`
	Detail string   `json:"detail,omitempty"`
	Agents []string `json:"agents"`
	Count  int      `json:"count"`
}

// Rank is one candidate with the value of each comparison.
type Rank struct {
	Agent  string   `json:"agent"`
	Step   int      `json:"step"`
	Robot  bool     `json:"robot,omitempty"`
	Values []string `json:"values"`
}

// SegmentView is a stretch of a call in one bucket.
type SegmentView struct {
	Start  time.Time `json:"start"`
	End    time.Time `json:"end"`
	Bucket string    `json:"bucket"`
	Queue  string    `json:"queue,omitempty"`
	Agent  string    `json:"agent,omitempty"`
}

// storyView is a call's story; what is still going on is accounted up to now.
func storyView(s store.CallStory, now time.Time) StoryView {
	v := StoryView{Call: callRow(s.Call, s.Visits), Legs: []LegView{}, Visits: []VisitView{}, Offers: []OfferView{}, Events: []EventView{},
		Decisions: []Decision{}, Segments: []SegmentView{}, Consults: []Consult{}}
	for _, l := range s.Legs {
		q := l.Quality
		v.Legs = append(v.Legs, LegView{l.ID, string(l.Direction), l.Account, l.Trunk, l.Agent, l.Offer, l.SIPID, l.Remote, l.UserAgent, l.Start,
			maybe(l.Ringing), maybe(l.Answer), maybe(l.End), l.Status, l.Cause, l.Codec, Quality{q.Packets, q.Lost, q.Late, q.JitterMS, q.RTTMS}})
	}
	for _, x := range s.Visits {
		v.Visits = append(v.Visits, VisitView{x.ID, x.Queue, x.ByTransfer, x.Priority.Seconds(), x.Enter, maybe(x.Connect), maybe(x.Leave), maybe(x.End),
			string(x.Result), x.Agent, x.Offer, x.Steps, x.Offers})
	}
	for _, o := range s.Offers {
		v.Offers = append(v.Offers, OfferView{o.ID, o.Visit, o.Queue, o.Agent, o.Start, maybe(o.Ringing), maybe(o.End), string(o.Outcome), o.Status})
	}
	for _, e := range s.Events {
		v.Events = append(v.Events, EventView{e.Node, e.Seq, e.At, string(e.Kind), e.Leg, e.Visit, e.Offer, e.Queue, e.Agent, e.State, e.Reason, e.Data})
	}
	for _, d := range s.Decisions {
		v.Decisions = append(v.Decisions, decision(d))
	}
	for _, c := range s.Consults {
		v.Consults = append(v.Consults, Consult{c.ID, string(c.Kind), c.Start, maybe(c.End), c.Dialled, c.Agent, string(c.Disposition)})
	}
	for _, g := range ledger.Build(s.Events, now).Calls {
		v.Segments = append(v.Segments, SegmentView{g.Start, g.End, string(g.Bucket), g.Queue, g.Agent})
	}
	return v
}

func decision(d store.Decision) Decision {
	v := Decision{ID: d.ID, At: d.At, Visit: d.Visit, Queue: d.Queue, Step: d.Step, Waited: d.Waited.Seconds(), Chosen: some(d.Chosen),
		Removed: []Removal{}, Ranks: []Rank{}, RankNames: some(d.RankNames), Eligible: d.Eligible}
	for _, r := range d.Removed {
		v.Removed = append(v.Removed, Removal{string(r.Rule), r.Detail, some(r.Agents), r.Count})
	}
	for _, r := range d.Ranks {
		v.Ranks = append(v.Ranks, Rank{r.Agent, r.Step, r.Robot, some(r.Values)})
	}
	return v
}

// some is a list that is never null in JSON.
func some[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
