package console

import (
	"context"
	"errors"
	"io"
	"time"
)

// Traces are the SIP messages that went by last, and captures of those that will. Secrets in them are masked.
type Traces interface {
	// Ladder is the messages of one call, ErrUnknown where there is no such call.
	Ladder(ctx context.Context, call string) (Ladder, error)
	// StartCapture begins one; ErrFilter where nothing can be found by its filter, ErrCapture where it can't for another reason.
	StartCapture(ctx context.Context, r CaptureRequest, who string) (CaptureView, error)
	Captures(ctx context.Context) []CaptureView
	StopCapture(ctx context.Context, id string) (CaptureView, error)
	DeleteCapture(ctx context.Context, id string) error
	// WriteCapture writes a capture as a pcap file.
	WriteCapture(ctx context.Context, id string, w io.Writer) error
}

// ErrCapture is wrapped by what keeps a capture from starting.
var ErrCapture = errors.New("can't capture")

// ErrFilter is wrapped where the value of a filter makes no sense for its kind.
var ErrFilter = errors.New("nothing can be captured by this")

// Ladder is one call's SIP messages in the order of time.
type Ladder struct {
	Call     string          `json:"call"`
	Complete bool            `json:"complete" doc:"nothing of it was dropped: only recent calls are kept"`
	Parties  []LadderParty   `json:"parties" doc:"from left to right: the caller, the switch, those who were called"`
	Messages []LadderMessage `json:"messages"`
}

// LadderParty is one column.
type LadderParty struct {
	ID      string `json:"id" doc:"of the leg; switch for the switch"`
	Kind    string `json:"kind" enum:"caller,switch,callee"`
	Label   string `json:"label"`
	Address string `json:"address,omitempty"`
	CallID  string `json:"call_id,omitempty"`
}

// LadderMessage is one arrow between a party and the switch.
type LadderMessage struct {
	At        time.Time `json:"at"`
	After     float64   `json:"after_seconds" doc:"since the first one"`
	Party     string    `json:"party"`
	Direction string    `json:"direction" enum:"in,out" doc:"in: to the switch"`
	Protocol  string    `json:"protocol"`
	From      string    `json:"from"`
	To        string    `json:"to"`
	CallID    string    `json:"call_id"`
	Summary   string    `json:"summary" doc:"INVITE, 200 OK"`
	Method    string    `json:"method" doc:"of the request, or of the one that is answered"`
	Status    int       `json:"status,omitempty"`
	CSeq      string    `json:"cseq"`
	SDP       bool      `json:"has_sdp"`
	Text      string    `json:"text"`
}

// CaptureRequest is what is to be captured.
type CaptureRequest struct {
	Filter  CaptureFilter `json:"filter"`
	Seconds int           `json:"seconds" minimum:"1" maximum:"3600"`
	Bytes   int           `json:"max_bytes,omitempty" doc:"16 MiB when absent" minimum:"1000" maximum:"16777216"`
}

// CaptureFilter says which messages are taken.
type CaptureFilter struct {
	Kind  string `json:"kind" enum:"call,account,address"`
	Value string `json:"value" doc:"id of a call that is up; name of an account; address, address with port, or network" minLength:"1" maxLength:"128"`
}

// CaptureView is one capture as it is now.
type CaptureView struct {
	ID       string        `json:"id"`
	Filter   CaptureFilter `json:"filter"`
	State    string        `json:"state" enum:"running,full,over"`
	Started  time.Time     `json:"started"`
	Until    time.Time     `json:"until"`
	By       string        `json:"by"`
	Messages int           `json:"messages"`
	Bytes    int           `json:"bytes"`
	Strange  bool          `json:"strange,omitempty" doc:"no account of the configuration is called so; a caller of an app or a number may be"`
	MaxBytes int           `json:"max_bytes"`
}
