package ledger

import (
	"slices"

	"ringway/store"
)

// Visits are counts of visits by how they ended, and how many of them within their queue's service level.
type Visits struct {
	Answered, AnsweredWithin   int
	Abandoned, AbandonedWithin int
	Short                      int // abandoned below the threshold
	ShortWithin                int
	FlowOut, FlowOutWithin     int
	FlowOutBy                  map[store.VisitResult]int
	Waiting                    int
	ByTransfer                 int // of all of them
}

// add counts one visit.
func (c *Visits) add(v Visit) {
	within := 0
	if v.Within() {
		within = 1
	}
	if v.ByTransfer {
		c.ByTransfer++
	}
	switch v.Result {
	case "":
		c.Waiting++
	case store.Connected:
		c.Answered++
		c.AnsweredWithin += within
	case store.Abandoned:
		c.Abandoned++
		c.AbandonedWithin += within
		if v.Short() {
			c.Short++
			c.ShortWithin += within
		}
	default:
		if c.FlowOutBy == nil {
			c.FlowOutBy = map[store.VisitResult]int{}
		}
		c.FlowOut++
		c.FlowOutWithin += within
		c.FlowOutBy[v.Result]++
	}
}

// Offered is answered + abandoned + flow-out + waiting. By end nobody is waiting.
func (c Visits) Offered() int { return c.Answered + c.Abandoned + c.FlowOut + c.Waiting }

// serviceLevels are the ways the field computes it; each report prints which one it used.
var serviceLevels = []formula[QueueTally]{
	divided[QueueTally]("service_level", "answered_within / (answered + abandoned − short_abandoned)", Percent,
		"answered_within", "answered + abandoned − short_abandoned"),
	divided[QueueTally]("service_level_answered", "answered_within / answered", Percent, "answered_within", "answered"),
	divided[QueueTally]("service_level_positive", "(answered_within + abandoned_within) / (answered + abandoned)", Percent,
		"answered_within + abandoned_within", "answered + abandoned"),
	divided[QueueTally]("service_level_ignore", "answered_within / (offered − abandoned_within)", Percent,
		"answered_within", "offered − abandoned_within"),
	divided[QueueTally]("service_level_negative", "answered_within / offered", Percent, "answered_within", "offered"),
	divided[QueueTally]("service_level_left", "left_within / offered, left by answer, abandon or flow-out", Percent,
		"answered_within + abandoned_within + flow_out_within", "offered"),
}

// ServiceLevels computes the service level by every formula.
func ServiceLevels(c Visits) []Figure {
	var out []Figure
	for _, f := range (&QueueTally{Arrived: c}).Figures() {
		if slices.ContainsFunc(serviceLevels, func(l formula[QueueTally]) bool { return l.name == f.Name }) {
			out = append(out, f)
		}
	}
	return out
}

// Offers are counts of offers by outcome.
type Offers struct {
	Made int
	Open int
	By   map[store.OfferOutcome]int
}

func (c *Offers) add(o Offer) {
	c.Made++
	if o.End.IsZero() {
		c.Open++
		return
	}
	if c.By == nil {
		c.By = map[store.OfferOutcome]int{}
	}
	c.By[o.Outcome]++
}

// RONA is offers that the agent did not answer: not those that the caller ended or that another agent won.
func (c Offers) RONA() int {
	return c.Made - c.Open - c.By[store.Answered] - c.By[store.CallerLeft] - c.By[store.LostRace]
}

// Work is the time spent on conversations begun in a span, each to its own end.
type Work struct {
	Handled, ByTransfer        int
	Talk, Hold, Wrap           durations
	TransferBlind, TransferAtt int
}
