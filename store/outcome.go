package store

import "time"

// NoDisposition is the code of a call of which nobody said what it was about before wrap-up ended.
const NoDisposition = "none"

// CallOutcome is what an agent said a call was about: one row for each call and agent, the last one counts. It holds codes only.
type CallOutcome struct {
	Call, Agent, Queue string
	Code, Sub          string
	At                 time.Time
}

// CallNote is what an agent wrote about a call: one row for each call and agent. It is personal: kept out of events, and blanked
// when the customer is forgotten.
type CallNote struct {
	Call, Agent, Customer string
	Text                  string
	At                    time.Time
}

// MaxNote is the most characters of a note, of whatever script.
const MaxNote = 8192

// PastCall is one earlier call of a customer, as the agent's card lists it.
type PastCall struct {
	Call         string
	Start        time.Time
	Queue, Agent string // of the last visit that an agent answered; "" where none did
	Code, Sub    string
	Duration     time.Duration // of the conversation, or of the call where there was none
	Note         string
}
