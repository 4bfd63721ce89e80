package store

import "time"

// HookState is how far a delivery of a webhook has come.
type HookState string

// States of a delivery.
const (
	HookPending   HookState = "pending"   // it will be tried, maybe again
	HookDelivered HookState = "delivered" // the other side said 2xx
	HookDead      HookState = "dead"      // given up: it may be sent again by hand
)

// HookDelivery is one message for one webhook.
type HookDelivery struct {
	ID       int64
	Hook     string // name of the webhook
	Message  string // identifies the message to the other side, the same each time that it is tried
	Kind     string // of the event, or "gap"
	Body     string
	State    HookState
	Attempts int       // since it was enqueued or last sent again by hand
	Created  time.Time // when it was enqueued
	Next     time.Time // when it is tried next, while pending
	Last     time.Time // when it was tried last
	Status   int       // the last answer's; 0: there was none
	Error    string    // why the last try failed
}

// HookCounts is how many deliveries of a webhook stand where.
type HookCounts struct{ Pending, Delivered, Dead int }

// HookQuery selects deliveries, newest first.
type HookQuery struct {
	Hook   string
	State  HookState // empty: all
	Before int64     // identifiers below it; 0: from the newest
	Limit  int       // 0 means 100; at most 1,000
}
