package sim

import (
	"time"

	"ringway/store"
)

// Caller is a virtual caller and the world around the call.
type Caller struct {
	Number, Name string
	Context      string
	Dialled      string
	Account      string
	Trunk        string
	Claims       store.Claims
	ByTransfer   bool
	Kind         store.CallKind // "" is internal for an account, else a customer's

	Digits []string      // one entry for each prompt that listens; "" types nothing
	Press  []Press       // keys at certain moments
	HangUp time.Duration // after the start; 0 never

	Phones  map[string]Phone // by account, agent or number
	Others  Phone            // those that Phones does not name; the zero value answers after 3 s and talks for 60 s
	Prompts map[string]bool  // those that exist; nil is all
}

// Press is a key at a moment after the start of the call.
type Press struct {
	After time.Duration
	Keys  string
}

// Phone is how the phone of an agent, account or number behaves, by the first of its names that the caller's world knows.
func (c Caller) Phone(names ...string) Phone {
	for _, n := range names {
		if p, ok := c.Phones[n]; ok {
			return p.withDefaults()
		}
	}
	return c.Others.withDefaults()
}

// Phone is how a called phone behaves.
type Phone struct {
	Outcome store.OfferOutcome // "" is Answered
	Answer  time.Duration      // until it answers or refuses; 0 is 3 s
	Talk    time.Duration      // until the far end hangs up; 0 is 60 s
}

func (p Phone) withDefaults() Phone {
	if p.Outcome == "" {
		p.Outcome = store.Answered
	}
	if p.Answer == 0 && (p.Outcome == store.Answered || p.Outcome == store.Declined) {
		p.Answer = 3 * time.Second
	}
	if p.Talk == 0 {
		p.Talk = time.Minute
	}
	return p
}

// ring is for how long it rings where it may for a limited time, and what comes of that.
func (p Phone) ring(limit time.Duration) (time.Duration, store.OfferOutcome) {
	if p.Outcome == store.NoAnswer || p.Answer > limit {
		return limit, store.NoAnswer
	}
	return p.Answer, p.Outcome
}

// Act is something that the caller did of her own accord.
type Act struct {
	At     time.Time
	Keys   string // pressed; "" is a hang-up
	Spoken bool   // pressed in a conversation: the other side hears them, the dialplan does not
}

// promptLength is how long every prompt lasts here.
const promptLength = 2 * time.Second
