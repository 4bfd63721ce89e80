package leg

// State is where a dialog stands; see the diagrams of the package.
type State uint8

// States of a leg.
const (
	Idle       State = iota // made, nothing sent or received
	Incoming                // UAS: INVITE received, nothing but 100 sent
	Ringing                 // UAS: 180 sent
	Early                   // UAS: 183 with SDP sent; UAC: a provisional with SDP received
	Accepted                // UAS: 200 sent, its ACK awaited
	Calling                 // UAC: INVITE sent, nothing received
	Proceeding              // UAC: provisional received
	Cancelling              // UAC: given up before an answer, final response awaited
	Confirmed               // both: the dialog carries a call
	Ending                  // both: we hung up, BYE (or the ACK before it) is under way
	Ended                   // both: over
)

var stateNames = [...]string{"idle", "incoming", "ringing", "early", "accepted", "calling", "proceeding", "cancelling",
	"confirmed", "ending", "ended"}

// String is the state's name as traces print it.
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return "invalid"
}

// Role says who sent the INVITE that made the dialog.
type Role uint8

// Roles of the switch in a dialog.
const (
	UAS Role = iota // the far end called us
	UAC             // we called
)

// String is "uas" or "uac".
func (r Role) String() string {
	if r == UAC {
		return "uac"
	}
	return "uas"
}
