package post

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"ringway/store/report"
)

// Options of a Post. Letters, Server, Make and Sent are required.
type Options struct {
	Letters func() []Letter
	Server  func() Server
	Make    func(ctx context.Context, q report.Query) (*report.Table, error)
	Sent    Sent
	Now     func() time.Time
	Log     *slog.Logger
	Every   time.Duration // between two looks at the clock; 0: 20 s
}

// Sent keeps what left.
type Sent interface {
	// LastMail is the time for which a letter left last; zero for never.
	LastMail(ctx context.Context, letter string) (time.Time, error)
	MailSent(ctx context.Context, letter string, due time.Time) error
}

// A letter that could not be sent is tried again, ever less often, until it is too old to be wanted.
const (
	tooOld   = 12 * time.Hour
	firstTry = time.Minute
	lastTry  = 30 * time.Minute
)

// Post sends letters.
type Post struct {
	o    Options
	stop context.CancelFunc
	wg   sync.WaitGroup

	// Owned by run, by letter.
	failed map[string]attempt
	left   map[string]time.Time // that a letter left for a time, until that is on record
}

type attempt struct {
	again time.Time
	wait  time.Duration
}

// New makes a Post; Start lets it work.
func New(o Options) *Post {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Every <= 0 {
		o.Every = 20 * time.Second
	}
	return &Post{o: o, failed: map[string]attempt{}, left: map[string]time.Time{}}
}

// Start begins to look at the clock.
func (p *Post) Start() {
	ctx, stop := context.WithCancel(context.Background())
	p.stop = stop
	p.wg.Add(1)
	go p.run(ctx)
}

// Stop ends it; a mail that is on its way is given up.
func (p *Post) Stop() {
	if p.stop != nil {
		p.stop()
	}
	p.wg.Wait()
}

func (p *Post) run(ctx context.Context) {
	defer p.wg.Done()
	t := time.NewTicker(p.o.Every)
	defer t.Stop()
	for {
		for _, l := range p.o.Letters() {
			if ctx.Err() == nil {
				p.consider(ctx, l)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

// consider sends a letter if it is due.
func (p *Post) consider(ctx context.Context, l Letter) {
	now, key := p.o.Now(), l.key()
	due := l.due(now)
	if due.IsZero() || now.Sub(due) > tooOld || now.Before(p.failed[key].again) {
		return
	}
	last, err := p.o.Sent.LastMail(ctx, key)
	if err == nil && !last.Before(due) {
		return
	}
	if err == nil {
		err = p.leave(ctx, l, key, due)
	}
	if err == nil {
		delete(p.failed, key)
	}
	if err != nil && ctx.Err() == nil {
		wait := min(max(2*p.failed[key].wait, firstTry), lastTry)
		p.failed[key] = attempt{now.Add(wait), wait}
		p.o.Log.Warn("a report could not be mailed", "report", l.Report.Kind, "again_in", wait, "err", err)
	}
}

// leave sends a letter and keeps that it left. Where that can't be written, only the writing is tried again: nobody gets a letter
// twice because a database was away.
func (p *Post) leave(ctx context.Context, l Letter, key string, due time.Time) error {
	if !p.left[key].Equal(due) {
		if err := p.send(ctx, l, due); err != nil {
			return err
		}
		p.left[key] = due
	}
	if err := p.o.Sent.MailSent(ctx, key, due); err != nil {
		return fmt.Errorf("it left, but that is not on record yet: %w", err)
	}
	delete(p.left, key)
	return nil
}

// send makes a report and hands it to the mail server. A fault in its making costs the letter, not the switch.
func (p *Post) send(ctx context.Context, l Letter, due time.Time) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
			p.o.Log.Error("panic while a report was made for mail", "report", l.Report.Kind, "err", err, "stack", string(debug.Stack()))
		}
	}()
	t, err := p.o.Make(ctx, l.query(due))
	if err != nil {
		return err
	}
	if err := p.o.Server().send(ctx, l, t); err != nil {
		return err
	}
	p.o.Log.Info("a report left by mail", "report", l.Report.Kind, "to", len(l.To))
	return nil
}
