package acd

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// Key is one comparison between the agents that survived all rules: a pure function to a number.
type Key struct {
	Name   string
	Doc    string
	Higher bool // the larger value is better
	Value  func(*View) float64
	Show   func(float64) string // nil: as a whole number
}

// Strategy is a named order of keys. A new one is a file strategy_NAME.go and a line in strategies.go.
type Strategy struct {
	Name, Doc string
	Rank      []string // names of keys, the most important first
}

// View is all that a Key may look at.
type View struct {
	Agent        *Person
	Language     []string       // the caller's, with its fallbacks
	Skills       map[string]int // wanted
	Region       string
	Offset       int  // of the agent's home zone now, minutes
	CallerOffset int  // of the caller's zone now, minutes
	ZoneKnown    bool // of the caller
	Idle         time.Duration
	Calls        int           // answered since midnight of her home zone
	Talk         time.Duration // likewise
	Turn         int           // places after the one chosen last
	Draw         uint64        // random bits of this agent in this decision
}

// candidate is one survivor: her first step that wants her, and the values of all comparisons.
type candidate struct {
	agent  *agent
	step   int
	values []float64
}

// rank orders the survivors: humans before robots, those of earlier steps first, then key by key; among equals the
// longest idle, then by id. The best are enough: only as many are kept as can be chosen or recorded.
func (s *State) rank(v *visit, set bitset) []candidate {
	items, sc := v.queue.Rank, &s.scratch
	keep := maxRanks
	if v.queue.RingAll {
		keep = maxRingAll
	}
	sc.picks = sc.picks[:0]
	view := s.view(v)
	values := make([]float64, len(items)*(keep+1))
	spare := make([][]float64, 0, keep+1)
	for i := 0; i <= keep; i++ {
		spare = append(spare, values[i*len(items):(i+1)*len(items):(i+1)*len(items)])
	}
	set.each(func(i int) bool {
		a := s.agents[i]
		c := candidate{agent: a, step: v.class.first(i), values: spare[len(spare)-1]}
		s.look(view, v, a)
		for k, item := range items {
			c.values[k] = s.value(item, view, v)
		}
		at, _ := slices.BinarySearchFunc(sc.picks, c, func(x, y candidate) int { return compareCandidates(items, x, y) })
		if at >= keep {
			return true
		}
		spare = spare[:len(spare)-1]
		sc.picks = slices.Insert(sc.picks, at, c)
		if len(sc.picks) > keep {
			spare = append(spare, sc.picks[keep].values)
			sc.picks = sc.picks[:keep]
		}
		return true
	})
	return sc.picks
}

func compareCandidates(items []RankItem, x, y candidate) int {
	if x.agent.person.Robot != y.agent.person.Robot {
		if y.agent.person.Robot {
			return -1
		}
		return 1
	}
	if x.step != y.step {
		return cmp.Compare(x.step, y.step)
	}
	for k, item := range items {
		if c := cmp.Compare(x.values[k], y.values[k]); c != 0 {
			if item.higher() {
				return -c
			}
			return c
		}
	}
	return cmp.Or(x.agent.idleSince.Compare(y.agent.idleSince), cmp.Compare(x.agent.index, y.agent.index))
}

func (item RankItem) higher() bool {
	if item.Expr != nil {
		return item.Desc
	}
	return keys[item.Key].Higher
}

func (s *State) value(item RankItem, view *View, v *visit) float64 {
	if item.Expr == nil {
		return keys[item.Key].Value(view)
	}
	got, err := s.eval.run(item.Expr, view.Agent, v.caller)
	if err != nil {
		return 0 // missing is level 0, never an error
	}
	return got.Float()
}

// view is what all survivors of one decision share.
func (s *State) view(v *visit) *View {
	c := v.caller
	view := &View{Language: c.langs, Skills: c.Skills, Region: c.region}
	if c.zone != nil {
		view.CallerOffset, view.ZoneKnown = offsetAt(c.zone, s.now), true
	}
	s.seed = mix(s.seed + 0x9E3779B97F4A7C15)
	return view
}

// look turns the view to one agent.
func (s *State) look(view *View, v *visit, a *agent) {
	view.Agent, view.Offset, view.Idle = a.person, s.offsetOf(a), s.now.Sub(a.idleSince)
	today := a.today(s.now, view.Offset)
	view.Calls, view.Talk = today.calls, today.talk
	view.Turn = s.turn(v.queue, a)
	view.Draw = mix(s.seed ^ uint64(a.index)*0xD1342543DE82EF95)
}

// turn counts how many places in the order of ids an agent stands after the one chosen last.
func (s *State) turn(q *queue, a *agent) int {
	if q.lastIndex < 0 {
		return a.index
	}
	n := len(s.agents)
	return (a.index - q.lastIndex - 1 + n) % n
}

// mix is splitmix64's finisher: a pure source of random bits.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

// zoneOffset is a zone's offset while it holds.
type zoneOffset struct {
	minutes     int
	from, until time.Time
}

// offsetOf is the offset of an agent's home zone now, in minutes; looked up again only when it may have changed.
func (s *State) offsetOf(a *agent) int {
	if a.removed || a.person.zone >= len(s.offsets) {
		return offsetAt(a.person.location, s.now)
	}
	z := &s.offsets[a.person.zone]
	if s.now.Before(z.from) || !s.now.Before(z.until) {
		local := s.now.In(a.person.location)
		start, end := local.ZoneBounds()
		*z = zoneOffset{minutes: offsetAt(a.person.location, s.now), from: start, until: end}
		if end.IsZero() {
			z.until = s.now.AddDate(1, 0, 0)
		}
	}
	return z.minutes
}

func rankNames(items []RankItem) []string {
	names := make([]string, 0, len(items))
	for _, i := range items {
		if i.Expr != nil {
			names = append(names, clip(i.Expr.Source, 60))
		} else {
			names = append(names, i.Key)
		}
	}
	return names
}

func (s *State) rankValues(v *visit, c candidate) []string {
	out := make([]string, 0, len(c.values))
	for k, item := range v.queue.Rank {
		switch {
		case item.Expr != nil:
			out = append(out, strconv.FormatFloat(c.values[k], 'g', 6, 64))
		case keys[item.Key].Show != nil:
			out = append(out, keys[item.Key].Show(c.values[k]))
		default:
			out = append(out, strconv.Itoa(int(c.values[k])))
		}
	}
	return out
}
