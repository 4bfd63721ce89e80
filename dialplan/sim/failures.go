package sim

import "ringway/config/diag"

// Failures are what a step that fails, or a script that can't go on, says of itself: pages tell them in other languages. What an
// expression says while it runs is told as it is.
var Failures = diag.NewSentences(
	"more than {1} steps: a loop without an exit",
	"more than {1} gosubs inside each other",
	"return without a gosub",
	"no such extension",
	"the call has ended",
	"the call waits for something that never happens: give it hang_up",
	"prompt {1} does not exist",
	"caller_id {1} cannot be shown: refused in this state of the call",
	"number {1}: refused in this state of the call",
	"nobody to ring: does not exist",
	"queue '{1}': unknown queue",
	"the calling account belongs to nobody",
	"no queues here: refused in this state of the call",
	"recording: refused in this state of the call",
	"user_event: refused in this state of the call",
	"refused in this state of the call",
	"does not exist",
)
