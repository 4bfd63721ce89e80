package transaction

// The client transactions of RFC 3261 §17.1 with RFC 6026.
//
//	INVITE                                            other methods
//
//	     send                                           send
//	  ┌───▼───┐ A: repeat, doubling                  ┌───▼───┐ E: repeat, doubling up to T2
//	  │calling│ B: timeout                           │calling│ F: timeout
//	  └┬──┬──┬┘                                      └┬─────┬┘
//	   │ 1xx │                                       1xx    │
//	   │  ┌──▼───────┐ 1xx: tell                      │ ┌───▼──────┐ 1xx: tell; E: repeat each T2
//	   │  │proceeding│ CANCEL goes out                └►│proceeding│ F: timeout
//	   │  └┬────────┬┘ 64·T1 after it: timeout          └───┬──────┘
//	  2xx 2xx   300–699: ACK                             200–699
//	   │   │   ┌────▼────┐ again: ACK at once               │
//	   │   │   │completed│                                  │
//	   │   │   └────┬────┘                                  │
//	   │   │        D                                       │
//	   └───┴──► terminated ◄────────────────────────────────┘
//
// A 2xx ends the INVITE's transaction: every further 2xx, repeated or forked, has another meaning to the dialog and goes to the core
// (what RFC 6026 calls accepted needs no state here). Other methods need none for timer K: a repeated answer finds nobody.

// clientState is the state of a client transaction.
type clientState uint8

const (
	calling clientState = iota
	ringing             // RFC 3261 calls it proceeding
	failed              // completed: only INVITE, waits for repeated answers
	over
)

func (s clientState) String() string {
	return [...]string{"calling", "proceeding", "completed", "terminated"}[s]
}

// clientStimulus is what may happen to it.
type clientStimulus uint8

const (
	got1xx clientStimulus = iota
	got2xx
	gotFailure  // 300–699
	repeatDue   // timers A, E
	timeOver    // timers B, D, F, and 64·T1 after CANCEL
	sendFailed  // transport error
	cancelAsked // by the transaction user
)

// clientAction is what the table must do, a set.
type clientAction uint16

const (
	repeatRequest clientAction = 1 << iota
	doubleRepeat               // next repetition after twice the time
	slowRepeat                 // next repetition after T2
	stopRepeat                 //
	stopLife                   // timer B
	tellResponse               //
	tellTimeout                //
	tellError                  //
	sendACK                    // build and send
	repeatACK                  // send the same again
	sendCANCEL                 // now
	keepCANCEL                 // send it with the first provisional response
	startCancel                // 64·T1 until the final response (RFC 3261 §9.1)
	startD                     // timer D
)

// clientStep decides; it knows no clock and no socket. wanted says that a CANCEL waits for the first provisional response.
func clientStep(s clientState, invite, wanted bool, in clientStimulus) (clientState, clientAction) {
	if in == sendFailed && s != over {
		if s == failed {
			return over, 0
		}
		return over, tellError
	}
	switch s {
	case calling, ringing:
		return stepWaiting(s, invite, wanted, in)
	case failed:
		switch in {
		case gotFailure:
			return failed, repeatACK
		case timeOver:
			return over, 0
		}
	}
	return s, 0
}

func stepWaiting(s clientState, invite, wanted bool, in clientStimulus) (clientState, clientAction) {
	switch in {
	case got1xx:
		switch {
		case !invite && s == calling:
			return ringing, tellResponse | slowRepeat
		case !invite:
			return ringing, tellResponse
		case s == calling && wanted:
			return ringing, tellResponse | stopRepeat | stopLife | sendCANCEL | startCancel
		case s == calling:
			return ringing, tellResponse | stopRepeat | stopLife
		}
		return ringing, tellResponse
	case got2xx:
		return over, tellResponse
	case gotFailure:
		if invite {
			return failed, tellResponse | sendACK | stopRepeat | startD
		}
		return over, tellResponse
	case repeatDue:
		if s == calling {
			return s, repeatRequest | doubleRepeat
		}
		return s, repeatRequest | slowRepeat
	case timeOver:
		return over, tellTimeout
	case cancelAsked:
		switch {
		case !invite:
			return s, 0
		case s == calling:
			return s, keepCANCEL
		}
		return s, sendCANCEL | startCancel
	}
	return s, 0
}
