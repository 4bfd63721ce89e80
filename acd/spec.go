package acd

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Spec is the compiled content of queues.yaml and people.yaml: immutable, made by LoadSpec.
type Spec struct {
	Version string
	Queues  []*Queue  // sorted by name
	People  []*Person // sorted by id
	Teams   map[string]string
	Groups  map[string][]string // region group → ISO 3166 codes
	Reasons []Choice            // why agents pause, as desks list them

	AccountRefs []AccountRef // in the order of people.yaml

	queues   map[string]*Queue
	numbers  map[string]*Queue
	people   map[string]*Person
	accounts map[string]*Person
	zones    []*time.Location // of people, indexed by Person.zone
	kinds    int              // how many Person.kind there are
	roster   string           // hash of people.yaml: the same people, the same answers
}

// Queue is one entry of queues.yaml.
type Queue struct {
	Name, Number    string
	Members         *Predicate // over the person
	Need            *Predicate // beside every step's want; nil wants anyone
	Music           string
	Rank            []RankItem
	RankName        string // the strategy, or "" for a list
	RingAll         bool
	Offer           OfferMode
	Steps           []QueueStep // at least one, the first at 0
	RingTime        time.Duration
	WrapUp          time.Duration
	WrapUpExtension time.Duration // by which an agent may lengthen one in all
	Dispositions    Dispositions
	MaxWait         time.Duration // 0: no limit
	MaxLength       int           // 0: no limit
	JoinEmpty       bool          // allow: a caller may enter when nobody has joined
	LeaveEmpty      bool          // callers leave when nobody is joined any more
	RequireShift    bool
	ServiceLevel    time.Duration
	ShortAbandon    time.Duration
	Announce        Announcements
	ExitKeys        string
	Recording       string // of its conversations: off, on, announced
	Misses          Misses
	Targets         Targets

	may []bool // by Person.index: whom Members allows
}

// OfferMode is how a call is offered.
type OfferMode string

// Offer modes. Preview falls back to ring where no desk is open.
const (
	RingMode    OfferMode = "ring"
	PreviewMode OfferMode = "preview"
)

// QueueStep widens the search: from After on, agents that Want admits are eligible too.
type QueueStep struct {
	After time.Duration
	Want  *Predicate
}

// RankItem is one comparison of a ranking, the most important first.
type RankItem struct {
	Key  string      // name of a built-in key; "" for an expression
	Expr *Expression // where Key is ""
	Desc bool        // of an expression: the larger value is better
}

// Announcements are what a waiting caller hears besides music.
type Announcements struct {
	Position bool
	Every    time.Duration // 0: never
	File     string
}

// Misses are the consequences of offers that failed.
type Misses struct {
	DeclinedRest   time.Duration // the agent is offered nothing
	DeclinedCaller time.Duration // the agent is not offered this caller
	BusyRest       time.Duration
}

// Targets are what the wallboard measures a queue by; zero is none.
type Targets struct {
	ServiceLevel float64       // percent, at least
	LongestWait  time.Duration // at most
	AbandonRate  float64       // percent, at most
	Waiting      int           // at most
}

// Person is one entry of people.yaml.
type Person struct {
	ID        string
	Name      string
	Team      string
	Teams     []string // that a manager manages, beside her own
	Role      string   // agent, manager, admin
	Login     string
	Pin       string         // a secret's reference (env:NAME, file:PATH), never its value
	Languages map[string]int // BCP 47 tag → level 1–5
	Skills    map[string]int // name → level 1–5
	Regions   []string       // ISO 3166 codes and named groups
	Zone      string
	Robot     bool // ranks after any human
	Phones    []PhoneRef
	Shifts    []Shift
	DaysOff   []string // 2006-01-02 in her zone

	langs    map[string]int  // by lower-case tag
	serves   map[string]bool // region codes with groups expanded
	location *time.Location
	zone     int // index into Spec.zones
	order    int // as written: rank linear
	index    int // in Spec.People
	kind     int // equal for people whom no expression can tell apart, but for their id
}

// PhoneRef is a phone of a person.
type PhoneRef struct {
	Account    string
	AutoAnswer bool
}

// Queue returns a queue by its name, nil when there is none.
func (s *Spec) Queue(name string) *Queue { return s.queues[name] }

// QueueByNumber returns a queue by the number that agents dial after *45, nil when there is none.
func (s *Spec) QueueByNumber(number string) *Queue { return s.numbers[number] }

// Person returns a person by id, nil when there is none.
func (s *Spec) Person(id string) *Person { return s.people[id] }

// PersonOf returns the person to whom an account belongs, nil when it belongs to nobody.
func (s *Spec) PersonOf(account string) *Person { return s.accounts[account] }

// QueueNames lists the names of all queues, sorted.
func (s *Spec) QueueNames() []string {
	var names []string
	for _, q := range s.Queues {
		names = append(names, q.Name)
	}
	return names
}

// Accounts lists the accounts that people.yaml refers to, sorted.
func (s *Spec) Accounts() []string {
	var names []string
	for a := range s.accounts {
		names = append(names, a)
	}
	slices.Sort(names)
	return names
}

// Admits tells whether the members expression of a queue of this specification allows a person of it.
func (q *Queue) Admits(p *Person) bool { return p.index < len(q.may) && q.may[p.index] }

// index builds the lookups; people and queues are complete.
func (s *Spec) index() {
	slices.SortFunc(s.Queues, func(a, b *Queue) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(s.People, func(a, b *Person) int { return strings.Compare(a.ID, b.ID) })
	s.queues, s.numbers = map[string]*Queue{}, map[string]*Queue{}
	s.people, s.accounts = map[string]*Person{}, map[string]*Person{}
	for _, q := range s.Queues {
		s.queues[q.Name] = q
		if q.Number != "" {
			s.numbers[q.Number] = q
		}
	}
	zones, kinds := map[string]int{}, map[string]int{}
	s.zones = nil
	for i, p := range s.People {
		p.index = i
		s.people[p.ID] = p
		for _, ph := range p.Phones {
			s.accounts[ph.Account] = p
		}
		if _, ok := zones[p.Zone]; !ok {
			zones[p.Zone] = len(s.zones)
			s.zones = append(s.zones, p.location)
		}
		p.zone = zones[p.Zone]
		s.prepare(p)
		alike := fmt.Sprintf("%q %q %q %t %q %v %v", p.Team, p.Role, p.Zone, p.Robot, p.Regions, p.Languages, p.Skills)
		if _, ok := kinds[alike]; !ok {
			kinds[alike] = len(kinds)
		}
		p.kind = kinds[alike]
	}
	s.kinds = len(kinds)
}

// prepare computes what matching reads of a person.
func (s *Spec) prepare(p *Person) {
	p.langs, p.serves = map[string]int{}, map[string]bool{}
	for tag, level := range p.Languages {
		p.langs[strings.ToLower(tag)] = level
	}
	for _, r := range p.Regions {
		p.serves[strings.ToUpper(r)] = true
		for _, code := range s.Groups[r] {
			p.serves[strings.ToUpper(code)] = true
		}
	}
}

// admit decides once who may serve each queue, so that applying a specification costs the router little.
func (s *Spec) admit() {
	ev := newEvaluator()
	for _, q := range s.Queues {
		q.may = make([]bool, len(s.People))
		for i, p := range s.People {
			q.may[i] = q.Members == nil || ev.member(q.Members, p)
		}
	}
}
