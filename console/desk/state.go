package desk

import "time"

// State is all that a desk shows. Times are the node's clock: a browser with a wrong one counts from Now.
type State struct {
	Now     time.Time `json:"now"`
	Agent   Agent     `json:"agent"`
	Phones  []Phone   `json:"phones"`
	Tabs    int       `json:"tabs" doc:"desks of this agent that are open"`
	Offer   *Offered  `json:"offer"`
	Call    *Talk     `json:"call"`
	WrapUp  *WrapUp   `json:"wrap_up"`
	Reasons []string  `json:"reasons" doc:"of not ready, as queues.yaml lists them"`
	Queues  []Queue   `json:"queues" doc:"all there are: a caller can be handed on to each of them"`
}

// Agent is who sits at the desk.
type Agent struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Team      string    `json:"team,omitempty"`
	State     string    `json:"state"`
	Reason    string    `json:"reason,omitempty"`
	Since     time.Time `json:"since"`
	Reachable bool      `json:"reachable" doc:"a phone of hers can be rung"`
	Joined    []string  `json:"joined"`
	MayJoin   []Queue   `json:"may_join"`
	Next      *Next     `json:"next" doc:"the state that follows the call or the wrap-up, where it is not available"`
}

// Queue is how a queue is called.
type Queue struct {
	Name   string `json:"name"`
	Number string `json:"number,omitempty"`
}

// Next is a state that waits.
type Next struct {
	State  string `json:"state"`
	Reason string `json:"reason,omitempty"`
}

// Phone is one phone of hers.
type Phone struct {
	Account    string `json:"account"`
	Registered bool   `json:"registered"`
	AutoAnswer bool   `json:"auto_answer"`
}

// Phases of an offer.
const (
	phaseCard    = "card"    // the phone rings as soon as the card is on the screen
	phasePreview = "preview" // the phone rings after her yes
	phaseRinging = "ringing"
)

// Offered is a call that she may take.
type Offered struct {
	ID        string    `json:"id"`
	Queue     string    `json:"queue"`
	Mode      string    `json:"mode" enum:"ring,preview"`
	Phase     string    `json:"phase" enum:"card,preview,ringing"`
	Since     time.Time `json:"since"`
	Deadline  time.Time `json:"deadline"`
	CanAccept bool      `json:"can_accept"`
	Card      *Card     `json:"card"`
}

// Talk is a call that she has.
type Talk struct {
	ID          string     `json:"id"`
	Queue       string     `json:"queue,omitempty"`
	Kind        string     `json:"kind"`
	Since       time.Time  `json:"since"`
	Held        bool       `json:"held"`
	HeldSince   *time.Time `json:"held_since"`
	HeldSeconds float64    `json:"held_seconds" doc:"before held_since"`
	Can         Can        `json:"can"`
	Beside      *Beside    `json:"beside" doc:"another dialog of hers, as a consult is"`
	Card        *Card      `json:"card"`
	Said
}

// Beside is a second dialog of an agent, which her phone handles.
type Beside struct {
	ID    string    `json:"id"`
	Who   string    `json:"who,omitempty"`
	Since time.Time `json:"since"`
}

// Can is what a desk may do to a call.
type Can struct {
	Hold     bool `json:"hold"`
	Transfer bool `json:"transfer"`
	Hangup   bool `json:"hangup"`
}

// WrapUp is the work after a call.
type WrapUp struct {
	Call     string    `json:"call"`
	Queue    string    `json:"queue"`
	Since    time.Time `json:"since"`
	Until    time.Time `json:"until"`
	Extended float64   `json:"extended" doc:"seconds, in all"`
	Card     *Card     `json:"card"`
	Said
}

// Said is what she says a call was about.
type Said struct {
	Dispositions Dispositions `json:"dispositions"`
	Disposition  *Choice      `json:"disposition"`
	Note         string       `json:"note"`
}

// Dispositions are those of a queue.
type Dispositions struct {
	Required bool   `json:"required"`
	Items    []Item `json:"items"`
}

// Item is one choice, with those of the second level.
type Item struct {
	Code  string `json:"code"`
	Label string `json:"label"`
	Items []Item `json:"items,omitempty"`
}

// Choice is a disposition by its codes.
type Choice struct {
	Code string `json:"code"`
	Sub  string `json:"sub,omitempty"`
}

// Card is what she sees of a caller.
type Card struct {
	Call     string      `json:"call"`
	Entered  *time.Time  `json:"entered" doc:"when the caller entered the queue"`
	Waited   float64     `json:"waited_seconds" doc:"until the offer"`
	Dialled  string      `json:"dialled,omitempty"`
	Number   string      `json:"number,omitempty"`
	Customer *Customer   `json:"customer"`
	Lookup   LookupState `json:"lookup" enum:"off,pending,ok,failed"`
	History  []Past      `json:"history"`
	Why      Why         `json:"why"`
}

// LookupState is how the question to the company's own system stands.
type LookupState string

// States of a look-up.
const (
	LookupOff     LookupState = "off"
	LookupPending LookupState = "pending"
	LookupOK      LookupState = "ok"
	LookupFailed  LookupState = "failed"
)

// Customer is who calls: what the signed claims say, before what is on record.
type Customer struct {
	ID       string            `json:"id"`
	Name     string            `json:"name,omitempty"`
	Language string            `json:"language,omitempty"`
	Region   string            `json:"region,omitempty"`
	Zone     string            `json:"zone,omitempty"`
	Booking  string            `json:"booking,omitempty"`
	Priority float64           `json:"priority_seconds,omitempty"`
	Fields   map[string]string `json:"fields,omitempty"`
	Notes    []Note            `json:"notes,omitempty"`
}

// Note is what somebody wrote about a customer.
type Note struct {
	ID   string    `json:"id"`
	At   time.Time `json:"at"`
	By   string    `json:"by"`
	Text string    `json:"text"`
}

// Past is an earlier call.
type Past struct {
	Call        string    `json:"call"`
	Start       time.Time `json:"start"`
	Queue       string    `json:"queue,omitempty"`
	Agent       string    `json:"agent,omitempty" doc:"name of the agent"`
	Disposition string    `json:"disposition,omitempty"`
	Label       string    `json:"label,omitempty"`
	Duration    float64   `json:"duration_seconds"`
	Note        string    `json:"note,omitempty"`
}

// Why is why she was chosen: in English, and what pages make words of in other languages.
type Why struct {
	Text       string            `json:"text,omitempty"`
	Chosen     []string          `json:"chosen,omitempty" doc:"ids of those who were"`
	Eligible   int               `json:"eligible,omitempty" doc:"how many could take the call"`
	RankNames  []string          `json:"rank_names,omitempty" doc:"what they were compared by, in this order"`
	Candidates []Candidate       `json:"candidates,omitempty" doc:"those who were chosen, and who came next; best first"`
	Names      map[string]string `json:"names,omitempty" doc:"what the candidates are called, by id"`
}

// Candidate is one who could take the call, with the value of each comparison.
type Candidate struct {
	Agent  string   `json:"agent"`
	Step   int      `json:"step"`
	Robot  bool     `json:"robot,omitempty"`
	Values []string `json:"values"`
}
