package dialplan

import (
	"context"
	"time"

	"ringway/config/diag"
)

// Load compiles the files of a dialplan folder. All findings of all files go to l; with errors among them the Plan is nil.
func Load(files []File, o LoadOptions, l *diag.List) *Plan { return nil }

// Accepts tells whether a call to exten finds something to run in context now: the extension, or the context's i.
// A call that finds nothing is answered 404.
func (p *Plan) Accepts(context, exten string, now time.Time) bool { return false }

// HasContext tells whether the plan has a context of that name.
func (p *Plan) HasContext(name string) bool { return false }

// NewRun prepares one call's walk through the plan, from its entry.
func NewRun(p *Plan, ch Channel, entry Entry) *Run { return nil }

// Exec is the body of the script goroutine: it runs until the call ends or the steps do, hangs up in the latter case, and
// then runs the h extension for up to 10 s. It returns nil, or why the script could not go on (a step budget, a panic of
// a step is not caught here).
func (r *Run) Exec(ctx context.Context) error { return nil }
