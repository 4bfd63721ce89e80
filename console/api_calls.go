package console

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ringway/console/staff"
	"ringway/store"
	"ringway/store/report"
)

// Records are the calls on record.
type Records interface {
	Calls(ctx context.Context, q store.CallQuery) (store.CallPage, error)
	Story(ctx context.Context, id string) (store.CallStory, error)
	Decisions(ctx context.Context, q store.DecisionQuery) ([]store.Decision, error)
	// Outcomes and Notes list what agents said and wrote of a call, the latest last.
	Outcomes(ctx context.Context, call string) ([]store.CallOutcome, error)
	Notes(ctx context.Context, call string) ([]store.CallNote, error)
	// OutcomesOf lists what agents said of some calls, the latest last.
	OutcomesOf(ctx context.Context, calls []string) ([]store.CallOutcome, error)
	// VisitsOf lists the visits of some calls, in the order of entry.
	VisitsOf(ctx context.Context, calls []string) ([]store.Visit, error)
	// OffersOf lists the offers of some calls, in the order of time.
	OffersOf(ctx context.Context, calls []string) ([]store.Offer, error)
	// EventsOf lists what is needed to account some calls exactly, in the order of time.
	EventsOf(ctx context.Context, calls []string) ([]store.Event, error)
}

type callsInput struct {
	From        time.Time `query:"from" doc:"calls that began then or later"`
	To          time.Time `query:"to" doc:"and before then"`
	Kind        string    `query:"kind" enum:"customer,internal,outgoing,service"`
	Disposition string    `query:"disposition" enum:"answered,no_answer,busy,failed,canceled"`
	Customer    string    `query:"customer" maxLength:"128"`
	Queue       string    `query:"queue" doc:"calls that were in it" maxLength:"64"`
	Agent       string    `query:"agent" doc:"calls that she took part in" maxLength:"64"`
	Search      string    `query:"search" doc:"the end of the caller's number or of what was dialled (four digits at least, or all of it), the beginning of her name, or an id of call or customer" maxLength:"200"`
	Paged
	DrillInput

	drill store.CallQuery // the same, with the conditions that the drills of reports use
	sum   summed
	team  string // whose people's visits, offers and calls a figure counts
}

// Resolve reads the conditions with which the numbers of reports drill down: on one visit, or one offer, of the call.
func (in *callsInput) Resolve(ctx huma.Context) []error {
	u := ctx.URL()
	var wrong report.FieldError
	err := report.ReadDrill(u.Query(), func(team string) *store.Members { in.team = team; return nil }, &in.drill)
	if err == nil {
		in.sum.share, in.sum.in, err = report.ReadShare(u.Query())
	}
	if errors.As(err, &wrong) {
		return []error{&huma.ErrorDetail{Location: "query." + wrong.Field, Message: wrong.Message}}
	} else if err != nil {
		return []error{err}
	}
	return nil
}

type callInput struct {
	ID string `path:"id" maxLength:"64"`
}

type whenInput struct {
	ID string    `path:"id" maxLength:"64"`
	At time.Time `query:"at" doc:"around when; now when absent"`
}

func routeCalls(a *API) {
	read := Allow(staff.Agent, staff.ReadCalls)
	register(a, Op{Method: http.MethodGet, Path: "/calls", ID: "calls", Tag: "calls", Allow: read,
		Summary: "Calls, newest first: an agent's own, a manager's teams', with those that no agent took part in"}, a.calls)
	register(a, Op{Method: http.MethodGet, Path: "/calls/{id}", ID: "call", Summary: "All that is on record about one call", Tag: "calls", Allow: read},
		func(ctx context.Context, in *callInput) (*body[StoryView], error) {
			s, err := a.story(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			out := &body[StoryView]{storyView(s, a.now())}
			out.Body.Names = a.storyNames(&out.Body)
			if s.Call.Kind == store.Customer {
				out.Body.Reach = a.Callbacks.Reach(ctx, s.Call.Customer, s.Call.CallerNumber)
			}
			return out, a.said(ctx, in.ID, &out.Body)
		})
	register(a, Op{Method: http.MethodGet, Path: "/calls/{id}/explain", ID: "explain-call", Summary: "Why each agent of a call was chosen", Tag: "calls",
		Allow: Allow(staff.Manager, staff.ReadCalls)}, a.explainCall)
	register(a, Op{Method: http.MethodGet, Path: "/agents/{id}/explain", ID: "explain-agent", Summary: "Why an agent was or was not chosen around a time",
		Tag: "agents", Allow: Allow(staff.Manager, staff.ReadCalls)}, a.explainAgent)
	register(a, Op{Method: http.MethodGet, Path: "/customers/{id}/calls", ID: "customer-calls", Summary: "A customer's calls, newest first", Tag: "customers",
		Allow: Allow(staff.Agent, staff.ReadCalls)}, func(ctx context.Context, in *customerPageInput) (*body[Page[CallRow]], error) {
		return a.page(ctx, store.CallQuery{Customer: in.ID, Limit: in.Limit, Cursor: in.Cursor}, summed{})
	})
}

func (a *API) calls(ctx context.Context, in *callsInput) (*body[Page[CallRow]], error) {
	q := in.drill
	q.Limit = in.Limit
	if !in.From.IsZero() && !in.To.IsZero() && !in.From.Before(in.To) {
		return nil, badField("query.to", "not_after_from")
	}
	who := staff.From(ctx)
	q.Members = a.members(who, in.team)
	switch {
	case who.SeesAll():
	case who.Role == staff.Manager:
		if in.Agent != "" {
			if err := a.sees(ctx, in.Agent); err != nil {
				return nil, err
			}
		}
		q.Seen = a.team(who)
	case in.Agent != "" && in.Agent != who.Person:
		return nil, refused(http.StatusForbidden, "own_calls")
	default:
		q.Agent = who.Person
	}
	out, err := a.page(ctx, q, in.sum)
	if err == nil {
		out.Body.Limited = q.Seen != nil
	}
	return out, err
}

// members are the people of a team, of none where it is a dash, or all where it is an asterisk, of whom somebody sees the figures.
func (a *API) members(who staff.Identity, team string) *store.Members {
	if team == "" {
		return nil
	}
	m := &store.Members{But: who.SeesAll() && (team == store.Anyone || team == "-")}
	for _, p := range a.Roster.People() {
		switch {
		case m.But && team == "-" && p.Team != "":
			m.Of = append(m.Of, p.ID)
		case !m.But && who.Sees(p.ID, p.Team) && (team == store.Anyone || p.Team == team || team == "-" && p.Team == ""):
			m.Of = append(m.Of, p.ID)
		}
	}
	return m
}

// team lists the people whom a manager sees; nil where that is everybody.
func (a *API) team(who staff.Identity) []string {
	out, all := []string{}, true
	for _, p := range a.Roster.People() {
		if who.Sees(p.ID, p.Team) {
			out = append(out, p.ID)
		} else if p.Role == staff.Agent {
			all = false
		}
	}
	if all {
		return nil
	}
	return out
}

// story reads a call that who asks may see.
func (a *API) story(ctx context.Context, id string) (store.CallStory, error) {
	s, err := a.Records.Story(ctx, id)
	if err != nil {
		return s, err
	}
	if s.Call.End.IsZero() {
		withRunning(&s, a.Live.Legs(id))
	}
	who := staff.From(ctx)
	if who.SeesAll() {
		return s, nil
	}
	agents := map[string]bool{}
	for _, l := range s.Legs {
		if l.Agent != "" {
			agents[l.Agent] = true
		}
	}
	seen := len(agents) == 0 && who.Role == staff.Manager
	for id := range agents {
		p, _ := a.Roster.Person(id)
		seen = seen || who.Sees(id, p.Team)
	}
	if !seen {
		return s, refused(http.StatusForbidden, "call_of_others")
	}
	return s, nil
}

// Explanation says in words why somebody was chosen, or not.
type Explanation struct {
	Offer string    `json:"offer" doc:"the decision, and its first offer"`
	At    time.Time `json:"at"`
	Call  string    `json:"call"`
	Queue string    `json:"queue"`
	Agent string    `json:"agent,omitempty" doc:"who was chosen"`
	Text  string    `json:"text"`
	Decision
}

// Explanations are several.
type Explanations struct {
	Offers []Explanation     `json:"offers"`
	Since  *time.Time        `json:"since,omitempty" doc:"where there were more decisions than are told: since when they are; ask about an earlier time for the rest"`
	Names  map[string]string `json:"names,omitempty" doc:"what the agents are called of whom they speak, by id"`
}

// names are what people are called, by id.
type names map[string]string

func (a *API) name(n names, ids ...string) {
	for _, id := range ids {
		if name := a.nameOf(id); name != "" {
			n[id] = name
		}
	}
}

// nameDecision adds the agents of whom a decision speaks.
func (a *API) nameDecision(n names, d Decision) {
	a.name(n, d.Chosen...)
	for _, r := range d.Ranks {
		a.name(n, r.Agent)
	}
	for _, r := range d.Removed {
		a.name(n, r.Agents...)
	}
}

// named adds what the agents of the decisions are called.
func (a *API) named(out *Explanations) {
	out.Names = names{}
	for _, e := range out.Offers {
		a.nameDecision(out.Names, e.Decision)
	}
}

// storyNames are what the agents of a call's story are called.
func (a *API) storyNames(v *StoryView) names {
	n := names{}
	a.name(n, v.Call.Agent)
	for _, l := range v.Legs {
		a.name(n, l.Agent)
	}
	for _, x := range v.Visits {
		a.name(n, x.Agent)
	}
	for _, o := range v.Offers {
		a.name(n, o.Agent)
	}
	for _, e := range v.Events {
		a.name(n, e.Agent)
	}
	for _, d := range v.Decisions {
		a.nameDecision(n, d)
	}
	return n
}

func (a *API) words() report.Words {
	w := report.Words{Name: func(id string) string {
		p, _ := a.Roster.Person(id)
		return p.Name
	}}
	if a.Zone != nil {
		w.Zone = a.Zone()
	}
	return w
}

func (a *API) explainCall(ctx context.Context, in *callInput) (*body[Explanations], error) {
	s, err := a.story(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := Explanations{Offers: []Explanation{}}
	for _, d := range s.Decisions {
		out.Offers = append(out.Offers, explanation(d, a.words().WhyAgent(d)))
	}
	a.named(&out)
	return &body[Explanations]{out}, nil
}

func explanation(d store.Decision, text string) Explanation {
	e := Explanation{Offer: d.ID, At: d.At, Call: d.Call, Queue: d.Queue, Text: strings.TrimRight(text, "\n"), Decision: decision(d)}
	if len(d.Chosen) == 1 {
		e.Agent = d.Chosen[0]
	}
	return e
}

func (a *API) explainAgent(ctx context.Context, in *whenInput) (*body[Explanations], error) {
	if err := a.sees(ctx, in.ID); err != nil {
		return nil, err
	}
	at := in.At
	if at.IsZero() {
		at = a.now()
	}
	found, err := a.Records.Decisions(ctx, report.AgentSpan(at))
	if err != nil {
		return nil, err
	}
	told, since := report.Told(found)
	out := Explanations{Offers: []Explanation{}}
	if !since.IsZero() {
		out.Since = &since
	}
	for _, d := range slices.Backward(told) {
		e := explanation(d, a.words().WhyNot(d, in.ID))
		out.Offers = append(out.Offers, e)
	}
	a.named(&out)
	return &body[Explanations]{out}, nil
}
