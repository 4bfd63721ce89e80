package ledger

import (
	"maps"
	"slices"
	"time"

	"ringway/store"
)

// AgentTally is all that is counted about one agent in a span.
type AgentTally struct {
	Agent    string
	Span     Span
	Time     map[store.AgentBucket]time.Duration
	NotReady map[string]time.Duration // by reason
	Login    time.Time                // first logged-in instant in the span
	Logout   time.Time                // last one; zero while she is logged in at the end, or now
	Offers   Offers
	Work     Work
	Within   int       // answered within T
	Out      int       // answered calls that she placed through a trunk
	Internal int       // answered calls that she placed to another phone
	Repeats  Repeats   // of the customers she spoke with
	Ratings  Ratings   // of those of them who rated the call
	Until    time.Time // of the books
	Window   time.Duration
}

// AgentTallies tallies every agent in the books who was logged in or was offered a call in the span, by name.
func (b *Books) AgentTallies(s Span) []AgentTally {
	t := newTallies[AgentTally](func(name string) AgentTally {
		return AgentTally{Agent: name, Span: s, Until: b.Until, Window: b.window(), Time: map[store.AgentBucket]time.Duration{}, NotReady: map[string]time.Duration{}}
	})
	for _, a := range b.Agents {
		if s.Overlap(a.Start, a.End) > 0 {
			t.get(a.Agent).segment(a, b.Until)
		}
	}
	for _, o := range b.Offers {
		if s.Holds(o.Start) && o.Agent != "" {
			t.get(o.Agent).Offers.add(o)
		}
	}
	handled, returned, rated := b.handlings(), b.returned(), b.ratings()
	for _, v := range b.Visits {
		if s.Holds(v.Connect) && v.Agent != "" {
			a := t.get(v.Agent)
			a.Work.add(v, handled[v.ID])
			a.Repeats.add(returned, v.Call)
			a.Ratings.add(rated[v.Call])
			if v.Within() {
				a.Within++
			}
		}
	}
	for _, c := range b.Rows {
		if s.Holds(c.Answer) && c.Agent != "" {
			t.get(c.Agent).placed(c)
		}
	}
	return slices.DeleteFunc(t.sorted(), func(a AgentTally) bool {
		return a.LoggedIn() == 0 && a.Offers.Made == 0 && a.Work.Handled == 0 && a.Out == 0 && a.Internal == 0
	})
}

func (a *AgentTally) segment(s AgentSegment, until time.Time) {
	d := a.Span.Overlap(s.Start, s.End)
	a.Time[s.Bucket] += d
	if s.Bucket == store.NotReady {
		a.NotReady[s.Reason] += d
	}
	if s.Bucket == store.Offline {
		return
	}
	if a.Login.IsZero() {
		a.Login = s.Start
		if s.Start.Before(a.Span.From) {
			a.Login = a.Span.From
		}
	}
	a.Logout = s.End
	if end := earlier(a.Span.To, until); !s.End.Before(end) { // it goes on, as far as anyone knows
		a.Logout = time.Time{}
	}
}

func (a *AgentTally) placed(c Call) {
	switch c.Kind {
	case store.Outgoing:
		a.Out++
	case store.Internal:
		a.Internal++
	}
}

// LoggedIn is the sum of all buckets but offline.
func (a *AgentTally) LoggedIn() time.Duration {
	var sum time.Duration
	for b, d := range a.Time {
		if b != store.Offline {
			sum += d
		}
	}
	return sum
}

func agentTime(b store.AgentBucket) func(*AgentTally) (float64, bool) {
	return func(a *AgentTally) (float64, bool) { return length(a.Time[b]) }
}

func agentOffers(o store.OfferOutcome) func(*AgentTally) (float64, bool) {
	return func(a *AgentTally) (float64, bool) { return count(a.Offers.By[o]) }
}

// busySum is ring + talk + hold + wrap-up; ring runs from the offer, so it is reserved and ringing.
const (
	busySum  = "reserved + ringing + talk + hold + consult + wrap_up"
	busyText = "(" + busySum + ")"
)

// agentFormulas are an agent's figures in the order of her sheet.
var agentFormulas = []formula[AgentTally]{
	plain("first_login", "first instant of the span at which she was logged in", Clock, func(a *AgentTally) (float64, bool) { return clock(a.Login) }),
	plain("last_logout", "last instant of the span at which she went offline; none while logged in", Clock, func(a *AgentTally) (float64, bool) { return clock(a.Logout) }),
	plain("logged_in", "Σ of all states but offline", Seconds, func(a *AgentTally) (float64, bool) { return length(a.LoggedIn()) }),
	plain("available", "time in state available", Seconds, agentTime(store.Available)),
	plain("reserved", "time in state reserved: chosen, the phone does not ring yet", Seconds, agentTime(store.Reserved)),
	plain("ringing", "time in state ringing", Seconds, agentTime(store.Ringing)),
	plain("talk", "time in state talk", Seconds, agentTime(store.Talk)),
	plain("hold", "time in state hold", Seconds, agentTime(store.Hold)),
	plain("consult", "time in state consult", Seconds, agentTime(store.Consult)),
	plain("wrap_up", "time in state wrap_up", Seconds, agentTime(store.WrapUp)),
	plain("outbound", "time in state outbound: any dialog that is not a queue call", Seconds, agentTime(store.Outbound)),
	plain("not_ready", "time in state not_ready", Seconds, agentTime(store.NotReady)),
	plain("not_responding", "time in state not_responding", Seconds, agentTime(store.NotResponding)),
	plain("unreachable", "time in state unreachable", Seconds, agentTime(store.Unreachable)),
	plain("offers", "offers to her begun in the span", Count, func(a *AgentTally) (float64, bool) { return count(a.Offers.Made) }),
	plain("offers_answered", "offers that ended answered", Count, agentOffers(store.Answered)),
	plain("offers_declined", "offers that ended declined", Count, agentOffers(store.Declined)),
	plain("offers_busy", "offers that ended busy", Count, agentOffers(store.Busy)),
	plain("offers_no_answer", "offers that ended no_answer", Count, agentOffers(store.NoAnswer)),
	plain("offers_unreachable", "offers that ended unreachable", Count, agentOffers(store.OfferUnreachable)),
	plain("offers_media_failed", "offers that ended media_failed", Count, agentOffers(store.MediaFailed)),
	plain("offers_caller_left", "offers that ended caller_left", Count, agentOffers(store.CallerLeft)),
	plain("offers_lost_race", "offers that ended lost_race", Count, agentOffers(store.LostRace)),
	plain("offers_lapsed", "offers freed by their deadline", Count, agentOffers(store.ReservationLapsed)),
	plain("rona", "offers − still open − answered − caller left − lost race", Count, func(a *AgentTally) (float64, bool) { return count(a.Offers.RONA()) }),
	divided[AgentTally]("answer_rate", "answered offers / offers", Percent, "offers_answered", "offers"),
	plain("handled_in", "queue conversations begun in the span", Count, func(a *AgentTally) (float64, bool) { return count(a.Work.Handled) }),
	plain("handled_out", "calls of hers through a trunk, answered in the span", Count, func(a *AgentTally) (float64, bool) { return count(a.Out) }),
	plain("handled_internal", "calls of hers to another phone, answered in the span", Count, func(a *AgentTally) (float64, bool) { return count(a.Internal) }),
	plain("handled_by_transfer", "handled_in that came by a transfer", Count, func(a *AgentTally) (float64, bool) { return count(a.Work.ByTransfer) }),
	plain("transfers_blind", "handled_in that she handed on unannounced", Count, func(a *AgentTally) (float64, bool) { return count(a.Work.TransferBlind) }),
	plain("transfers_attended", "handled_in that she handed on after a consult", Count, func(a *AgentTally) (float64, bool) { return count(a.Work.TransferAtt) }),
	plain("answered_within", "handled_in with a wait of at most the queue's T", Count, func(a *AgentTally) (float64, bool) { return count(a.Within) }),
	plain(repeatCalls, "handled_in whose customer called again within {window}", Count, func(a *AgentTally) (float64, bool) { return count(a.Repeats.Again) }),
	divided[AgentTally](firstCallResolution, "handled_in without a repeat / handled_in, where the customer is known", Percent, "handled_identified − repeat_calls", "handled_identified"),
	divided[AgentTally]("rating", "mean of the ratings that callers gave for handled_in", Number, "ratings", "rated"),
	divided[AgentTally]("average_talk", "Σ talk of handled_in / handled_in", Seconds, "talk_handled", "handled_in"),
	longest("longest_talk", "longest talk of handled_in", func(a *AgentTally) durations { return a.Work.Talk }),
	divided[AgentTally]("average_hold", "Σ hold of handled_in / handled_in, consulting included", Seconds, "hold_handled", "handled_in"),
	longest("longest_hold", "longest hold of handled_in", func(a *AgentTally) durations { return a.Work.Hold }),
	divided[AgentTally]("average_wrap_up", "Σ wrap-up of handled_in / handled_in", Seconds, "wrap_up_handled", "handled_in"),
	longest("longest_wrap_up", "longest wrap-up of handled_in", func(a *AgentTally) durations { return a.Work.Wrap }),
	divided[AgentTally]("aht", "Σ (talk + hold + wrap-up) of handled_in / handled_in", Seconds, "handling", "handled_in"),
	divided[AgentTally]("occupancy", busyText+" / (that + available)", Percent, busySum, busySum+" + available"),
	divided[AgentTally]("utilisation", "("+busyText+" + available) / logged_in", Percent, busySum+" + available", "logged_in"),

	part("handled_identified", "handled_in whose customer is known", Count, func(a *AgentTally) (float64, bool) { return count(a.Repeats.Known) }),
	part("ratings", "Σ ratings that callers gave for handled_in", Number, func(a *AgentTally) (float64, bool) { return a.Ratings.Sum, true }),
	part("rated", "handled_in that their callers rated", Count, func(a *AgentTally) (float64, bool) { return count(a.Ratings.Given) }),
	part("talk_handled", "Σ talk of handled_in", Seconds, func(a *AgentTally) (float64, bool) { return length(a.Work.Talk.Sum) }),
	part("hold_handled", "Σ hold of handled_in, consulting included", Seconds, func(a *AgentTally) (float64, bool) { return length(a.Work.Hold.Sum) }),
	part("wrap_up_handled", "Σ wrap-up of handled_in", Seconds, func(a *AgentTally) (float64, bool) { return length(a.Work.Wrap.Sum) }),
	part("handling", "Σ (talk + hold + wrap-up) of handled_in", Seconds, func(a *AgentTally) (float64, bool) { return length(a.Work.sum()) }),
}

var agentSheet = newSheet(agentFormulas...)

// Parts computes what only other formulas need.
func (a *AgentTally) Parts() []Figure { return agentSheet.figures(a, true) }

// Figures computes all formulas of an agent, the pauses by reason last.
func (a *AgentTally) Figures() []Figure {
	out := provisional(agentSheet.figures(a, false), horizon{a.Span, a.Until, a.Window})
	for _, reason := range slices.Sorted(maps.Keys(a.NotReady)) {
		out = append(out, Figure{Name: "not_ready: " + reason, Formula: "time in state not_ready with this reason", Unit: Seconds,
			Value: a.NotReady[reason].Seconds(), Known: true})
	}
	return out
}
