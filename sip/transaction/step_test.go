package transaction

import "testing"

func TestServerSteps(t *testing.T) {
	type row struct {
		from   serverState
		invite bool
		in     serverStimulus
		to     serverState
		do     serverAction
	}
	const inv, non = true, false
	for _, r := range []row{
		{proceeding, inv, repeated, proceeding, sendLast},
		{proceeding, inv, ackCame, proceeding, 0},
		{proceeding, inv, cancelCame, proceeding, tellCancelled},
		{proceeding, inv, provisional, proceeding, sendNew},
		{proceeding, inv, success, accepted, sendNew | startLong},
		{proceeding, inv, failure, completed, sendNew | startResend | startLong},
		{proceeding, inv, challenge, completed, sendNew | startResend | startLong},
		{proceeding, non, repeated, proceeding, sendLast},
		{proceeding, non, success, completed, sendNew | startLong},
		{proceeding, non, failure, completed, sendNew | startLong},
		{proceeding, non, challenge, terminated, sendNew},
		{proceeding, non, lifeOver, terminated, 0},

		{accepted, inv, repeated, accepted, 0},
		{accepted, inv, ackCame, accepted, passAck},
		{accepted, inv, cancelCame, accepted, 0},
		{accepted, inv, provisional, accepted, refuse},
		{accepted, inv, success, accepted, sendNew},
		{accepted, inv, failure, accepted, refuse},
		{accepted, inv, lifeOver, terminated, 0},

		{completed, inv, repeated, completed, sendLast},
		{completed, inv, ackCame, confirmed, stopResend | startShort | tellAcked},
		{completed, inv, cancelCame, completed, 0},
		{completed, inv, success, completed, refuse},
		{completed, inv, failure, completed, refuse},
		{completed, inv, resendDue, completed, sendLast | startResend},
		{completed, inv, lifeOver, terminated, stopResend | tellUnacked},
		{completed, non, repeated, completed, sendLast},
		{completed, non, ackCame, completed, 0},
		{completed, non, success, completed, refuse},
		{completed, non, lifeOver, terminated, 0},

		{confirmed, inv, repeated, confirmed, 0},
		{confirmed, inv, ackCame, confirmed, 0},
		{confirmed, inv, resendDue, confirmed, 0},
		{confirmed, inv, success, confirmed, refuse},
		{confirmed, inv, lifeOver, terminated, 0},

		{terminated, inv, success, terminated, sendNew},
		{terminated, inv, failure, terminated, refuse},
		{terminated, non, success, terminated, refuse},
		{terminated, inv, lifeOver, terminated, 0},
	} {
		if to, do := serverStep(r.from, r.invite, r.in); to != r.to || do != r.do {
			t.Errorf("%v invite=%v stimulus %d: %v %b, want %v %b", r.from, r.invite, r.in, to, do, r.to, r.do)
		}
	}
}

func TestClientSteps(t *testing.T) {
	type row struct {
		from           clientState
		invite, wanted bool
		in             clientStimulus
		to             clientState
		do             clientAction
	}
	const inv, non, wanted, not = true, false, true, false
	for _, r := range []row{
		{calling, inv, not, got1xx, ringing, tellResponse | stopRepeat | stopLife},
		{calling, inv, wanted, got1xx, ringing, tellResponse | stopRepeat | stopLife | sendCANCEL | startCancel},
		{calling, inv, not, got2xx, over, tellResponse},
		{calling, inv, not, gotFailure, failed, tellResponse | sendACK | stopRepeat | startD},
		{calling, inv, not, repeatDue, calling, repeatRequest | doubleRepeat},
		{calling, inv, not, timeOver, over, tellTimeout},
		{calling, inv, not, sendFailed, over, tellError},
		{calling, inv, not, cancelAsked, calling, keepCANCEL},
		{calling, non, not, got1xx, ringing, tellResponse | slowRepeat},
		{calling, non, not, got2xx, over, tellResponse},
		{calling, non, not, gotFailure, over, tellResponse},
		{calling, non, not, repeatDue, calling, repeatRequest | doubleRepeat},
		{calling, non, not, timeOver, over, tellTimeout},
		{calling, non, not, cancelAsked, calling, 0},

		{ringing, inv, not, got1xx, ringing, tellResponse},
		{ringing, inv, not, got2xx, over, tellResponse},
		{ringing, inv, not, gotFailure, failed, tellResponse | sendACK | stopRepeat | startD},
		{ringing, inv, not, timeOver, over, tellTimeout},
		{ringing, inv, not, cancelAsked, ringing, sendCANCEL | startCancel},
		{ringing, non, not, got1xx, ringing, tellResponse},
		{ringing, non, not, repeatDue, ringing, repeatRequest | slowRepeat},
		{ringing, non, not, sendFailed, over, tellError},

		{failed, inv, not, got1xx, failed, 0},
		{failed, inv, not, got2xx, failed, 0},
		{failed, inv, not, gotFailure, failed, repeatACK},
		{failed, inv, not, timeOver, over, 0},
		{failed, inv, not, sendFailed, over, 0},
		{failed, inv, not, cancelAsked, failed, 0},

		{over, inv, not, got2xx, over, 0},
		{over, inv, not, sendFailed, over, 0},
	} {
		if to, do := clientStep(r.from, r.invite, r.wanted, r.in); to != r.to || do != r.do {
			t.Errorf("%v invite=%v stimulus %d: %v %b, want %v %b", r.from, r.invite, r.in, to, do, r.to, r.do)
		}
	}
}
