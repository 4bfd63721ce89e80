package node

import (
	"os"
	"runtime/debug"
)

// gcPercent is how far the heap may grow before it is collected, unless GOGC says otherwise.
const gcPercent = 100

// Tune sets up the Go runtime for a switch. A process calls it once, at its start.
func Tune() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
}
