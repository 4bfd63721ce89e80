package store

import "time"

// RecordingState is what has become of a recording.
type RecordingState string

// States of a recording.
const (
	RecordingRuns    RecordingState = "recording"
	RecordingDone    RecordingState = "done"
	RecordingBroken  RecordingState = "broken"  // it ended before its conversation did: a full disk, a crash; what was written is there
	RecordingDeleted RecordingState = "deleted" // its sound is gone: retention, a forgotten customer, or somebody's decision
)

// RecordingReasons are the reasons of a recording that is broken or deleted.
const (
	RecordingFault     = "fault"     // the file could not be made, or written to its end
	RecordingCrash     = "crashed"   // the switch ended in its middle
	RecordingRetention = "retention" // it became older than recordings are kept
	RecordingForgotten = "forgotten" // its customer was deleted
	RecordingByHand    = "by_hand"   // somebody deleted it
	RecordingMissing   = "missing"   // its file is not there any more

	RecordingReasons = "fault crashed retention forgotten by_hand missing"
)

// Recording is one conversation of a call that was written as sound. A call has one for each agent who talked in it, and
// more where recording was stopped and begun again. The row outlives the sound, so that no figure changes.
type Recording struct {
	ID       string // opaque; also the name of its file
	Call     string
	Leg      string // of who was called
	Agent    string // whose call it is: who was called, else who called
	Queue    string
	Visit    string // the stay in that queue whose conversation it is; "" where no queue offered the call
	Customer string // opaque, from signed claims
	Start    time.Time
	End      time.Time     // zero while it runs
	Duration time.Duration // of the sound
	Bytes    int64
	File     string // below the folder of recordings, with slashes
	State    RecordingState
	Reason   string // why it is broken or deleted: one short word
}

// RecordingQuery selects recordings, oldest first. Empty fields select all.
type RecordingQuery struct {
	Call     string
	Customer string
	State    RecordingState
	Before   time.Time // those that began before then
	Sound    bool      // only those whose sound is there
	After    Recording // those that follow one, the last of the page before; zero: from the first
	Limit    int       // 0 means 100; at most 1,000
}
