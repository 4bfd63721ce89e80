package demo

import (
	"context"
	"errors"
	"io"
	"log/slog"
)

// ErrCheck ends Run when the check of the first call failed and Options.Once was set; what failed is printed.
var ErrCheck = errors.New("the first call did not go as it should")

// Options of the demo. Data and Out are required.
type Options struct {
	Data    string // data folder; the demo's configuration is in its folder "demo"
	LAN     bool   // bind all addresses instead of loopback
	Once    bool   // end after the check of the first call
	Quiet   bool   // print the check only, not how to join
	Port    int    // tried first; 0 is that of the configuration, -1 any free one
	Program string // how the reader calls this program; "" is "ringway"
	Version string // of the program
	Out     io.Writer
	Log     *slog.Logger // nil discards
}

// Run is the demo: it starts the sample company, checks one call end to end, says how to join, and keeps calling until ctx
// ends.
func Run(ctx context.Context, o Options) error { return ErrCheck }
