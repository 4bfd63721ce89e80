package stream

import (
	"strings"

	"ringway/store"
)

// Kind is one entry of the catalogue: an event, and what its fields mean. Besides those listed every event has id, node, at
// and kind.
type Kind struct {
	Name   store.EventKind
	Doc    string
	Always []string // fields that are there in every event of the kind
	Maybe  []string // and those that may be
	State  Word
	Reason Word
	Data   []Datum
	Open   bool // Data may hold fields of the administrator's own
}

// Word is what a field of an event may hold.
type Word struct {
	Doc   string
	OneOf []string // all it may be; nil: any opaque word
}

// Datum is one field of an event's data.
type Datum struct {
	Name, Doc string
}

// fields tells what those fields hold that mean the same in every event. It is in the order in which they are written.
var fields = []Datum{
	{"call", "identifier of the call"},
	{"leg", "identifier of the leg: one dialog of the call"},
	{"visit", "identifier of the visit: one stay of the call in one queue"},
	{"offer", "identifier of the offer: one reservation of one agent for one visit"},
	{"queue", "name of the queue"},
	{"agent", "id of the agent"},
	{"state", "what it became"},
	{"reason", "why"},
	{"data", "further fields, by name"},
}

// Catalogue is the one list of events, in the order of store's. Events carry opaque identifiers only: never names, numbers
// or notes of people.
var Catalogue = []Kind{
	{Name: store.NodeStart, Doc: "A switch started.", Always: words("reason"), Reason: Word{Doc: "the program's version"}},
	{Name: store.NodeStop, Doc: "A switch was stopped cleanly. A run whose last event is another one crashed."},
	{Name: store.ClockStep, Doc: "The machine's clock jumped by more than a second.", Always: words("data"),
		Data: []Datum{{store.DataMS, "the jump in milliseconds, negative when it went back"}}},
	{Name: store.PlanApply, Doc: "A configuration became active.", Always: words("reason"), Reason: Word{Doc: "the configuration's version"}},

	{Name: store.CallStart, Doc: "The INVITE of a caller arrived.", Always: words("call state"), Maybe: words("agent data"),
		State: Word{Doc: "kind of the call", OneOf: callKinds}, Data: []Datum{
			{store.DataCustomer, "the customer's opaque id, from signed claims"},
			{store.DataParent, "the call that this consult belongs to"}}},
	{Name: store.CallBecame, Doc: "The dialplan showed that the call is of another kind.", Always: words("call state"),
		State: Word{Doc: "kind of the call", OneOf: callKinds}},
	{Name: store.CallAnswer, Doc: "The switch answered the caller.", Always: words("call")},
	{Name: store.CallEnd, Doc: "The call is over.", Always: words("call state"), Maybe: words("reason"),
		State: Word{Doc: "how it ended", OneOf: list(store.DispositionAnswered, store.DispositionNoAnswer, store.DispositionBusy,
			store.DispositionFailed, store.DispositionCanceled)}, Reason: Word{Doc: "the cause"}},
	{Name: store.CallDisposition, Doc: "An agent said what a call was about; the last one counts.", Always: words("call agent"),
		Maybe: words("queue state reason"), State: Word{Doc: "code of the disposition"}, Reason: Word{Doc: "code of its second level"}},

	{Name: store.LegStart, Doc: "A dialog is being set up.", Always: words("call leg state"), Maybe: words("offer agent"),
		State: Word{Doc: "direction, seen from the switch", OneOf: list(store.In, store.Out)}},
	{Name: store.LegRinging, Doc: "The far end rings.", Always: words("call leg"), Maybe: words("offer agent")},
	{Name: store.LegAnswer, Doc: "The dialog was answered.", Always: words("call leg"), Maybe: words("offer agent")},
	{Name: store.LegHold, Doc: "The far end put the other side on hold.", Always: words("call leg"), Maybe: words("offer agent")},
	{Name: store.LegResume, Doc: "The far end took the other side back.", Always: words("call leg"), Maybe: words("offer agent")},
	{Name: store.LegEnd, Doc: "The dialog is over.", Always: words("call leg state"), Maybe: words("offer agent reason"),
		State: Word{Doc: "SIP status in decimal, 0 where there was none"}, Reason: Word{Doc: "the cause"}},

	{Name: store.VisitEnter, Doc: "A caller entered a queue.", Always: words("call visit queue"), Maybe: words("state data"),
		State: Word{Doc: "transfer, when one brought the caller here", OneOf: words("transfer")}, Data: []Datum{
			{store.DataServiceLevel, "the queue's service level threshold in seconds"},
			{store.DataShortAbandon, "the queue's short abandon threshold in seconds"}}},
	{Name: store.VisitStep, Doc: "The queue widened its search.", Always: words("call visit queue state"),
		State: Word{Doc: "number of the widening step, from 0"}},
	{Name: store.VisitConnect, Doc: "The agent's media joined: the wait is over.", Always: words("call visit offer queue agent")},
	{Name: store.VisitLeave, Doc: "A caller left the queue without an agent.", Always: words("call visit queue state"),
		Maybe: words("offer agent reason"), Reason: Word{Doc: "crashed, when the end of the switch was the cause"},
		State: Word{Doc: "how", OneOf: list(store.TimedOut, store.Full, store.Empty, store.Key, store.Withdrawn, store.Closed,
			store.Abandoned, store.Restart)}},
	{Name: store.VisitEnd, Doc: "The conversation of a connected visit is over.", Always: words("call visit queue agent"),
		Maybe: words("offer reason"), Reason: Word{Doc: "who has the customer next, or crashed",
			OneOf: words(store.TransferBlind, store.TransferAttended, "crashed")}},

	{Name: store.OfferStart, Doc: "One agent was reserved for one caller.", Always: words("call visit offer queue agent"),
		Maybe: words("reason"), Reason: Word{Doc: "what is odd about it, as preview_without_desk"}},
	{Name: store.OfferRinging, Doc: "The agent's phone rings.", Always: words("call visit offer queue agent")},
	{Name: store.OfferDesk, Doc: "The agent's desk did something with the offer.", Always: words("call visit offer queue agent state"),
		Maybe: words("reason"), Reason: Word{Doc: "why she declined, or preview_without_desk"}, State: Word{Doc: "what it did",
			OneOf: list(store.DeskShown, store.DeskAccepted, store.DeskDeclined, store.DeskClosed)}},
	{Name: store.OfferEnd, Doc: "The offer is over.", Always: words("call visit offer queue agent state"), Maybe: words("reason"),
		Reason: Word{Doc: "SIP status behind it in decimal, or crashed"},
		State: Word{Doc: "how it ended", OneOf: list(store.Answered, store.Declined, store.Busy, store.NoAnswer, store.OfferUnreachable,
			store.MediaFailed, store.CallerLeft, store.LostRace, store.ReservationLapsed)}},

	{Name: store.AgentState, Doc: "An agent entered a state; she is in exactly one.", Always: words("agent state"),
		Maybe: words("call visit offer queue reason"), Reason: Word{Doc: "of not_ready: the agent's own, one short word"},
		State: Word{Doc: "the state", OneOf: list(store.Offline, store.Available, store.Reserved, store.Ringing, store.Talk, store.Hold,
			store.Consult, store.Outbound, store.WrapUp, store.NotReady, store.NotResponding, store.Unreachable)}},
	{Name: store.AgentWrapUp, Doc: "An agent ended her wrap-up early, or made it longer.", Always: words("agent state"),
		Maybe: words("call queue data"), State: Word{Doc: "what she did", OneOf: words("ended extended")},
		Data: []Datum{{store.DataMS, "by how many milliseconds it is longer"}}},
	{Name: store.AgentQueue, Doc: "An agent joined or left a queue.", Always: words("queue agent state"), Maybe: words("reason"),
		State: Word{Doc: "what she did", OneOf: words("join", "leave")}, Reason: Word{Doc: "why she left, where the switch took her out"}},
	{Name: store.RecordingStart, Doc: "A conversation is being recorded.", Always: words("call leg data"), Maybe: words("visit queue agent"),
		Data: []Datum{{store.DataRecording, "identifier of the recording"}}},
	{Name: store.RecordingEnd, Doc: "A recording is over: it ended with its conversation or before, or was deleted.",
		Always: words("call leg state data"), Maybe: words("visit queue agent reason"), Data: []Datum{{store.DataRecording, "identifier of the recording"}},
		Reason: Word{Doc: "why it is broken or deleted", OneOf: words(store.RecordingReasons)},
		State:  Word{Doc: "what became of it", OneOf: list(store.RecordingDone, store.RecordingBroken, store.RecordingDeleted)}},
	{Name: store.UserEvent, Doc: "The dialplan's own event (user_event).", Always: words("call state"), Maybe: words("data"), Open: true,
		State: Word{Doc: "its name in the dialplan"}},
}

var callKinds = list(store.Customer, store.Internal, store.Outgoing, store.Service)

func words(s ...string) []string { return strings.Fields(strings.Join(s, " ")) }

func list[T ~string](values ...T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

// KindOf finds an event in the catalogue.
func KindOf(name store.EventKind) (Kind, bool) {
	for _, k := range Catalogue {
		if k.Name == name {
			return k, true
		}
	}
	return Kind{}, false
}
