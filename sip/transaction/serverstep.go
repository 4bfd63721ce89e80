package transaction

// The server transactions of RFC 3261 §17.2 with the corrections of RFC 6026 (Accepted) and RFC 4320 (no late answers).
//
//	INVITE                                           other methods
//
//	  taken → 100                                      request
//	  ┌──────────▼─────────┐ 1xx: send               ┌──────▼─────┐ 100: send
//	  │     proceeding     │ again: repeat 1xx       │ proceeding │ again: repeat 1xx, if any
//	  └──┬──────────────┬──┘                         └──┬───────┬─┘
//	    2xx          300–699                          200–699   64·T1 without an answer
//	  ┌──▼─────┐     ┌──▼──────┐ G: repeat           ┌──▼──────┐│
//	  │accepted│     │completed│ again: repeat       │completed││  again: repeat
//	  └──┬─────┘     └──┬───┬──┘                     └──┬──────┘│
//	     │             ACK  H: no ACK                   J       │
//	     │           ┌──▼──────┐                        │       │
//	     │           │confirmed│ ACK: absorb            │       │
//	     │           └──┬──────┘                        │       │
//	     L              I                               │       │
//	     └──────►  terminated  ◄────────────────────────┴───────┘
//
// In accepted the transaction user repeats its 2xx itself; a repeated INVITE is absorbed, the ACK goes up.
// A 401 or 407 to another method than INVITE ends at once: it can be made again, and a flood of them must leave nothing behind.
// This is the course of what has a transaction; the first answer to a request may save it (see Server).

// serverState is the state of a server transaction.
type serverState uint8

const (
	proceeding serverState = iota
	accepted
	completed
	confirmed
	terminated
)

func (s serverState) String() string {
	return [...]string{"proceeding", "accepted", "completed", "confirmed", "terminated"}[s]
}

// serverStimulus is what may happen to it.
type serverStimulus uint8

const (
	repeated    serverStimulus = iota // the same request again
	ackCame                           // an ACK
	cancelCame                        // a CANCEL
	provisional                       // the transaction user answers 1xx
	success                           // 2xx
	failure                           // 300–699
	challenge                         // 401, 407
	resendDue                         // timer G
	lifeOver                          // timer H, I, J, L, or no answer to a request that is not INVITE
)

// serverAction is what the table must do, a set.
type serverAction uint16

const (
	sendNew       serverAction = 1 << iota // the response given
	sendLast                               // the last response again
	tellCancelled                          //
	tellAcked                              //
	tellUnacked                            //
	passAck                                // hand the ACK to the core
	startResend                            // timer G
	stopResend                             //
	startShort                             // life T4 (timer I)
	startLong                              // life 64·T1 (timers H, J, L)
	refuse                                 // the transaction user may not do that
)

// serverStep decides; it knows no clock and no socket.
func serverStep(s serverState, invite bool, in serverStimulus) (serverState, serverAction) {
	switch s {
	case proceeding:
		return stepProceeding(invite, in)
	case accepted:
		switch in {
		case ackCame:
			return accepted, passAck
		case success:
			return accepted, sendNew
		case lifeOver:
			return terminated, 0
		case provisional, failure, challenge:
			return accepted, refuse
		}
	case completed:
		return stepCompleted(invite, in)
	case confirmed, terminated:
		switch in {
		case lifeOver:
			return terminated, 0
		case success:
			if s == terminated && invite {
				return terminated, sendNew // the 2xx is the transaction user's own to repeat
			}
			return s, refuse
		case provisional, failure, challenge:
			return s, refuse
		}
	}
	return s, 0 // nothing to do: absorbed
}

func stepProceeding(invite bool, in serverStimulus) (serverState, serverAction) {
	switch in {
	case repeated:
		return proceeding, sendLast
	case cancelCame:
		return proceeding, tellCancelled
	case provisional:
		return proceeding, sendNew
	case success:
		if invite {
			return accepted, sendNew | startLong
		}
		return completed, sendNew | startLong
	case failure, challenge:
		if invite {
			return completed, sendNew | startResend | startLong
		}
		if in == challenge {
			return terminated, sendNew
		}
		return completed, sendNew | startLong
	case lifeOver:
		return terminated, 0
	}
	return proceeding, 0
}

func stepCompleted(invite bool, in serverStimulus) (serverState, serverAction) {
	switch in {
	case repeated:
		return completed, sendLast
	case provisional, success, failure, challenge:
		return completed, refuse
	case resendDue:
		if invite {
			return completed, sendLast | startResend
		}
	case ackCame:
		if invite {
			return confirmed, stopResend | startShort | tellAcked
		}
	case lifeOver:
		if invite {
			return terminated, stopResend | tellUnacked
		}
		return terminated, 0
	}
	return completed, 0
}
