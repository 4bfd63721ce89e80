package rtp

import "time"

// EventKind says what happened on a leg.
type EventKind uint8

// Kinds of event.
const (
	FirstPacket EventKind = iota + 1 // the first packet that was accepted; Remote is its source
	MediaLocked                      // the learning window closed; Remote is the source from now on
	Digit                            // a key was released, or its end was lost and it fell silent; Digit and Duration are set
	Silent                           // nothing was accepted for Options.Silence; sent once, again after the next packet
	PlayDone                         // a playback is over; Playback and Result are set
	Failed                           // the session's code panicked and the session is dead: end the call
)

var eventNames = [...]string{"none", "first_packet", "media_locked", "digit", "silent", "play_done", "failed"}

func (k EventKind) String() string {
	if int(k) < len(eventNames) {
		return eventNames[k]
	}
	return "unknown"
}

// PlayResult is how a playback ended.
type PlayResult uint8

// Results of a playback.
const (
	PlayFinished PlayResult = iota + 1 // the sound was played to its end
	PlayStopped                        // Stop, another Play, or Release ended it
	PlayFailed                         // the sound could not be encoded for this leg
)

// Event is one report of a session. It is handed to LeaseOptions.Notify on the media loop: the receiver only posts it on.
type Event struct {
	Kind     EventKind
	Session  *Session
	At       time.Time
	Remote   string // host:port, for FirstPacket and MediaLocked
	Digit    rune   // 0–9, *, #, A–D
	Duration time.Duration
	Playback *Playback
	Result   PlayResult
}
