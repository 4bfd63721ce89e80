package stream

import (
	"encoding/json"
	"fmt"
	"time"

	"ringway/store"
)

// Wire is an event as subscribers get it.
type Wire struct {
	ID     string            `json:"id" doc:"place in the stream: give it back as Last-Event-ID to go on behind it"`
	Node   string            `json:"node" doc:"the switch it happened on"`
	At     string            `json:"at" format:"date-time" doc:"when it happened by the switch's clock, to the microsecond"`
	Kind   store.EventKind   `json:"kind"`
	Call   string            `json:"call,omitempty"`
	Leg    string            `json:"leg,omitempty"`
	Visit  string            `json:"visit,omitempty"`
	Offer  string            `json:"offer,omitempty"`
	Queue  string            `json:"queue,omitempty"`
	Agent  string            `json:"agent,omitempty"`
	State  string            `json:"state,omitempty"`
	Reason string            `json:"reason,omitempty"`
	Data   map[string]string `json:"data,omitempty"`
}

// stamp is RFC 3339 in UTC with the microseconds that are on record.
const stamp = "2006-01-02T15:04:05.000000Z07:00"

// WireOf is how e is sent: the same whether it comes live or from the record.
func WireOf(e *store.Event) Wire {
	return Wire{ID: e.Place().String(), Node: e.Node, At: e.At.UTC().Truncate(time.Microsecond).Format(stamp), Kind: e.Kind,
		Call: e.Call, Leg: e.Leg, Visit: e.Visit, Offer: e.Offer, Queue: e.Queue, Agent: e.Agent, State: e.State, Reason: e.Reason,
		Data: e.Data}
}

// Reasons of a gap.
const (
	GapCrash   = "crash"   // the switch was killed: what happened in its last moments may not be on record
	GapLost    = "lost"    // records were given up at a bound, or deleted by retention
	GapUnknown = "unknown" // no run with that id is on record
	GapLate    = "late"    // the record can't be read or written now; what is missing may come to it later
)

// Gap says that events between two places are gone.
type Gap struct {
	Reason string `json:"reason" enum:"crash,lost,unknown,late" doc:"why: crash (the switch was killed: its last moments may not be on record), lost (given up at a bound, or deleted by retention), unknown (no such id is on record), late (the record can't be read or written now)"`
	After  string `json:"after" doc:"id of the last event before the gap"`
	Next   string `json:"next" doc:"id of the event that the stream goes on with"`
}

// Item is one thing that a reader gets: an event, or a gap.
type Item struct {
	*Entry
	Gap *Gap
	ID  store.EventPlace // behind the item: where to go on from
}

// Text is the item as JSON.
func (i Item) Text() []byte {
	if i.Gap == nil {
		return i.Entry.Text()
	}
	text, err := json.Marshal(i.Gap)
	if err != nil {
		panic(fmt.Sprintf("stream: a gap is not to be written: %v", err)) // three strings
	}
	return text
}
