package board

import (
	"time"

	"ringway/store/ledger"
	"ringway/store/report/words"
)

// View is the board at one moment. Whoever shows it lets the times run by a clock of its own, set by Now.
type View struct {
	Now  time.Time `json:"now"`
	Zone string    `json:"zone"`
	// MadeUpUntil says until when today is a history that never was.
	MadeUpUntil *time.Time `json:"made_up_until,omitempty" doc:"until when today's figures are those of a made-up history"`
	Day         time.Time  `json:"day" doc:"since when it is counted: midnight in the zone"`
	Queues      []Queue    `json:"queues"`
	Agents      []Agent    `json:"agents"`
	Totals      Figures    `json:"totals"`
	// Formulas says how each figure is computed.
	Formulas map[string]string `json:"formulas"`
}

// In is the view with its formulas in a language; they are the same for all, so that nothing else has to be copied.
func (v View) In(l words.Lang) View {
	told := make(map[string]string, len(v.Formulas))
	for name, formula := range v.Formulas {
		if _, text, ok := l.Figure(words.Queue, name, ledger.RepeatWindow); ok {
			formula = text
		}
		told[name] = formula
	}
	v.Formulas = told
	return v
}

// Queue is one queue's line.
type Queue struct {
	Name string `json:"name"`
	Figures
	Targets *Targets `json:"targets,omitempty"`
}

// Figures are of today's visits, by arrival, but for those of the moment: waiting, free and joined.
type Figures struct {
	Waiting             int        `json:"waiting"`
	LongestWaitSince    *time.Time `json:"longest_wait_since"`
	Offered             int        `json:"offered"`
	Answered            int        `json:"answered"`
	Abandoned           int        `json:"abandoned"`
	FlowOut             int        `json:"flow_out"`
	AbandonRate         *float64   `json:"abandon_rate"`
	ServiceLevel        *float64   `json:"service_level"`
	ServiceLevelFormula string     `json:"service_level_formula"`
	ASA                 *float64   `json:"asa_seconds"`
	LongestWait         float64    `json:"longest_wait_seconds" doc:"of those answered or abandoned today"`
	Free                int        `json:"free"`
	Joined              int        `json:"joined"`
}

// Targets are what a queue should reach; absent ones are not set.
type Targets struct {
	ServiceLevel *float64 `json:"service_level,omitempty" doc:"percent, at least"`
	LongestWait  *float64 `json:"longest_wait_seconds,omitempty" doc:"at most"`
	AbandonRate  *float64 `json:"abandon_rate,omitempty" doc:"percent, at most"`
	Waiting      *int     `json:"waiting,omitempty" doc:"at most"`
}

// Agent is one person at work.
type Agent struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	Team     string    `json:"team"`
	TeamName string    `json:"team_name,omitempty" doc:"what the team is called"`
	State    string    `json:"state"`
	Reason   string    `json:"reason,omitempty"`
	Since    time.Time `json:"since"`
	Queue    string    `json:"queue,omitempty"`
	Robot    bool      `json:"robot,omitempty" doc:"a demo robot"`
}

// Live is what the router knows of the moment.
type Live struct {
	Agents []Agent // who is not offline
	Queues []LiveQueue
}

// LiveQueue is one queue of the configuration.
type LiveQueue struct {
	Name         string
	Free, Joined int
	Targets      *Targets
}

// For is the board as somebody sees who may see some people only.
func (v View) For(sees func(a Agent) bool) View {
	all := v.Agents
	v.Agents = []Agent{}
	for _, a := range all {
		if sees(a) {
			v.Agents = append(v.Agents, a)
		}
	}
	return v
}
