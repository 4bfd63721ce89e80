package console

import (
	"context"
	"time"
)

// Switch is what the control socket may do to a running switch; cmd/internal/node implements it.
type Switch interface {
	// Status tells how it is doing.
	Status(ctx context.Context) Status
	// Reload reads the configuration folder again and applies it when it has no errors.
	Reload(ctx context.Context) Reload
	// Agent lets an agent join or leave queues, pause or resume. ErrUnknown, or an error that tells why it was refused.
	Agent(ctx context.Context, c AgentCommand) (AgentView, error)
	// Agents lists all people who serve queues, by id.
	Agents(ctx context.Context) []AgentView
	// Mint makes the SIP credential of one app session and keeps its claims.
	Mint(ctx context.Context, r MintRequest) (Credential, error)
	// Forget blanks name, number and booking of a customer in all records, and in what goes on now. No figure changes.
	Forget(ctx context.Context, customer string) (Forgotten, error)
	// Calls lists the calls that are up, oldest first.
	Calls(ctx context.Context) []LiveCall
	// Bindings lists registered contacts by address of record.
	Bindings(ctx context.Context) []BindingView
	// Webhooks are the other systems that are told what happens.
	Webhooks() Webhooks
}

// Status is how a switch is doing.
type Status struct {
	Node      string        `json:"node"`
	Version   string        `json:"version"`
	Config    string        `json:"config" doc:"version of the configuration in force"`
	Started   time.Time     `json:"started"`
	Zone      string        `json:"zone" doc:"the company's time zone"`
	Listeners []string      `json:"listeners"`
	Calls     int           `json:"calls"`
	Bindings  int           `json:"bindings"`
	Waiting   int           `json:"waiting" doc:"callers in queues"`
	Agents    int           `json:"agents" doc:"agents who are logged in"`
	Records   RecordsHealth `json:"records"`
	Network   NetworkHealth `json:"network"`
}

// Location is the company's time zone, UTC where it is not known.
func (s Status) Location() *time.Location {
	if l, err := time.LoadLocation(s.Zone); err == nil {
		return l
	}
	return time.UTC
}

// NetworkHealth tells what the machine lost on its way in: more than 0 means that it is too slow, or too busy.
type NetworkHealth struct {
	SIPDropped uint64 `json:"sip_dropped" doc:"SIP datagrams that the kernel dropped because the receive buffer was full"`
	RTPDropped uint64 `json:"rtp_dropped" doc:"RTP datagrams that the kernel dropped because the receive buffer was full"`
	SIPShed    uint64 `json:"sip_shed" doc:"SIP messages shed at overload"`
	SIPBuffer  int    `json:"sip_buffer" doc:"bytes of the smallest SIP receive buffer"`
	RTPBuffer  int    `json:"rtp_buffer" doc:"bytes of the smallest RTP receive buffer, 0 before the first call"`
}

// RecordsHealth is the state of the writer of records.
type RecordsHealth struct {
	Degraded bool   `json:"degraded"`
	Waiting  int    `json:"waiting" doc:"records not yet in the database"`
	Lost     uint64 `json:"lost" doc:"records dropped beyond the bound"`
	Error    string `json:"error,omitempty"`
}

// Reload is what came of a reload.
type Reload struct {
	Applied bool     `json:"applied"`
	Version string   `json:"version" doc:"configuration in force afterwards"`
	Changes []string `json:"changes" doc:"what differs from before, in words"`
	Report  string   `json:"report" doc:"all findings, each with its source line"`
}

// AgentCommand is one of join, leave, pause and resume.
type AgentCommand struct {
	Agent  string
	Verb   string
	Queue  string // join and leave: empty means all
	Reason string // pause
}

// AgentView is an agent as seen now.
type AgentView struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Team      string    `json:"team,omitempty"`
	State     string    `json:"state"`
	Reason    string    `json:"reason,omitempty"`
	Since     time.Time `json:"since"`
	Queues    []string  `json:"queues" doc:"joined"`
	Call      string    `json:"call,omitempty" doc:"that she is in"`
	Robot     bool      `json:"robot,omitempty" doc:"a demo robot"`
	Reachable bool      `json:"reachable" doc:"one of her phones can be rung"`
}

// LiveCall is a call that is up.
type LiveCall struct {
	ID     string    `json:"id"`
	Kind   string    `json:"kind"`
	Caller string    `json:"caller"`
	Dialed string    `json:"dialed"`
	State  string    `json:"state"`
	Agent  string    `json:"agent,omitempty"`
	By     string    `json:"by,omitempty" doc:"the agent whose phone placed it"`
	Parent string    `json:"parent,omitempty" doc:"the call that this consult belongs to"`
	Start  time.Time `json:"start"`
}

// BindingView is one registered contact.
type BindingView struct {
	AOR       string    `json:"aor"`
	Contact   string    `json:"contact"`
	UserAgent string    `json:"user_agent,omitempty"`
	Expires   time.Time `json:"expires"`
}
