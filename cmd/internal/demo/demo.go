package demo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"ringway/console"
)

// ErrCheck ends Run when the check of the first call failed and Options.Once was set; what failed is printed.
var ErrCheck = errors.New("the first call did not go as it should")

// Options of the demo. Data and Out are required.
type Options struct {
	Data    string // data folder; the demo's configuration is in its folder "demo"
	LAN     bool   // bind all addresses instead of loopback
	Once    bool   // end after the check of the first call
	Quiet   bool   // print the check only, not how to join
	NoPast  bool   // make no calls up for the weeks before the first start
	Port    int    // tried first; 0 is that of the configuration, -1 any free one
	Program string // how the reader calls this program; "" is "ringway"
	Version string // of the program
	Out     io.Writer
	Log     *slog.Logger // nil discards

	Every time.Duration // between two calls of robot customers; 0 is usual, less: they call only when a key asks for it
	Talk  time.Duration // length of their conversations; 0 is usual
	Keys  <-chan string // lines that the reader types, until it is closed; nil: none
}

// Times of the demo.
const (
	goodbye  = 3 * time.Second // for dialogs and registrations to end
	settle   = 400 * time.Millisecond
	listen   = 3300 * time.Millisecond // four beats
	patience = time.Minute             // for an agent to be found
	pause    = 35 * time.Second        // between two calls of robot customers
	chat     = 20 * time.Second        // length of their conversations

	longPatience = 5 * time.Minute // of a customer whom the reader let call
)

// Run is the demo: it starts the sample company, checks one call end to end, says how to join, and keeps calling until ctx
// ends.
func Run(ctx context.Context, o Options) error {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Program = cmp.Or(o.Program, "ringway")
	o.Every, o.Talk = cmp.Or(o.Every, pause), cmp.Or(o.Talk, chat)
	c, err := open(ctx, o)
	switch {
	case err != nil && ctx.Err() != nil && !o.Once:
		return nil // Ctrl-C before it was up
	case err != nil:
		return err
	}
	err = c.run(ctx)
	return errors.Join(err, c.close())
}

// run is the life of the company.
func (c *company) run(ctx context.Context) error {
	ok := c.check(ctx)
	switch {
	case c.o.Once && !ok:
		return ErrCheck
	case c.o.Once, ctx.Err() != nil:
		return nil
	}
	if !c.o.Quiet {
		if err := c.guide(ctx); err != nil {
			return err
		}
	}
	beside, stop := context.WithCancel(ctx)
	defer c.wg.Wait()
	defer stop()
	c.wg.Add(2)
	go c.runHistory(beside)
	go c.runKeys(beside)
	c.keepCalling(ctx)
	return nil
}

// keepCalling lets one customer after the other call, until ctx ends.
func (c *company) keepCalling(ctx context.Context) {
	if c.o.Every < 0 {
		<-ctx.Done()
		return
	}
	for i := 1; ; i++ {
		t := time.NewTimer(c.o.Every)
		select {
		case <-ctx.Done():
			t.Stop()
			return
		case <-t.C:
		}
		c.call(ctx, customers[i%len(customers)], patience)
	}
}

// call is one visit of a customer, and a line about it.
func (c *company) call(ctx context.Context, who customer, patience time.Duration) {
	at := time.Now()
	v := c.visit(ctx, who, stay{patience, c.o.Talk})
	if ctx.Err() == nil {
		c.printf("%s  %s (%s) %s\n", c.clock(at), who.claims.Name, who.speaks(), v.sentence(c))
	}
}

// clock is an instant in the company's zone, which every line names: the machine may stand elsewhere.
func (c *company) clock(at time.Time) string {
	zone := console.Status{Zone: c.config.Settings.Zone}.Location()
	return at.In(zone).Format(time.TimeOnly) + " " + zone.String()
}

func (c *company) printf(format string, args ...any) {
	c.out.Lock()
	defer c.out.Unlock()
	fmt.Fprintf(c.o.Out, format, args...)
}
