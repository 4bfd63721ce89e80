package post

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"ringway/console/fault"
	"ringway/store"
	"ringway/store/report"
)

// ErrUnknown is returned for a letter that there is not.
var ErrUnknown = errors.New("there is no such report by mail")

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

// Sent keeps what left, and what did not. A letter to several is one to each of them.
type Sent interface {
	// LastMail is the time for which a letter is done last, because it left or because it never will; zero for never.
	LastMail(ctx context.Context, letter string) (time.Time, error)
	PutMail(ctx context.Context, m store.ReportMail) error
	// ReportMails tells what became of letters, those that were tried last first.
	ReportMails(ctx context.Context, limit int) ([]store.ReportMail, error)
}

// A letter that could not be sent, to whomever, is tried again, ever less often, until it is too old to be wanted.
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
	bell chan struct{} // one letter at least is asked for

	// Owned by run.
	told map[string]store.ReportMail // what the server said, by letter to one, until that is on record

	mu     sync.Mutex // guards what follows; a leaf
	failed map[string]attempt
	asked  map[string]bool // letters that somebody wants now
}

// attempt is the last one at a letter, where it failed.
type attempt struct {
	again time.Time // zero: not before its time comes round
	wait  time.Duration
	why   string
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
	return &Post{o: o, bell: make(chan struct{}, 1), failed: map[string]attempt{}, told: map[string]store.ReportMail{}, asked: map[string]bool{}}
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
	fault.Loop(ctx, p.o.Log, "reports by mail", p.look)
}

// look looks at the clock again and again.
func (p *Post) look(ctx context.Context) {
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
		case <-p.bell:
		}
	}
}

// consider sends a letter to those who do not have it yet, if it is due, or to all, if somebody asked for it.
func (p *Post) consider(ctx context.Context, l Letter) {
	now, key := p.o.Now(), l.key()
	due := l.due(now)
	before, asked := p.take(key)
	late := now.Sub(due) > tooOld
	if due.IsZero() || !asked && (late || now.Before(before.again)) {
		return
	}
	owed, err := p.owed(ctx, l, due)
	if late {
		owed = nil
	}
	to := owed
	if asked {
		to = l.all()
	}
	if err == nil && len(to) > 0 {
		err = p.send(ctx, l.only(to...), due, owed)
	}
	if kept := p.keep(ctx, l); err == nil {
		err = kept
	}
	switch {
	case ctx.Err() != nil:
	case err == nil && (len(to) > 0 || !before.again.IsZero()):
		p.put(key, nil)
	case err != nil && len(owed) == 0 && asked:
		p.put(key, &attempt{why: err.Error()})
		p.o.Log.Warn("a report that was asked for could not be mailed", "report", l.Report.Kind, "err", err)
	case err != nil:
		wait := min(max(2*before.wait, firstTry), lastTry)
		p.put(key, &attempt{now.Add(wait), wait, err.Error()})
		p.o.Log.Warn("a report could not be mailed", "report", l.Report.Kind, "again_in", wait, "err", err)
	}
}

// owed are those who are still to have a letter.
func (p *Post) owed(ctx context.Context, l Letter, due time.Time) ([]string, error) {
	whole, err := p.o.Sent.LastMail(ctx, l.key()) // as it was kept when all of them had one row
	if err != nil || !whole.Before(due) {
		return nil, err
	}
	var to []string
	for _, one := range l.To {
		key := l.only(one).key()
		if m, ok := p.told[key]; ok && m.Due.Equal(due) && m.Done || slices.Contains(to, one) {
			continue
		}
		last, err := p.o.Sent.LastMail(ctx, key)
		if err != nil {
			return nil, err
		}
		if last.Before(due) {
			to = append(to, one)
		}
	}
	return to, nil
}

// keep puts on record what the server said. Where that can't be written, only the writing is tried again: nobody gets a letter twice
// because a database was away.
func (p *Post) keep(ctx context.Context, l Letter) error {
	for _, one := range l.To {
		key := l.only(one).key()
		m, ok := p.told[key]
		if !ok {
			continue
		}
		if err := p.o.Sent.PutMail(ctx, m); err != nil {
			return fmt.Errorf("what became of it is not on record yet: %w", err)
		}
		delete(p.told, key)
	}
	return nil
}

// errLater says that the server will take a letter for somebody at another time.
var errLater = errors.New("refused for now")

// send makes a report, hands it to the mail server, and notes what that said for each: only those to whom it is owed are tried again.
// A fault in its making costs the letter, not the switch.
func (p *Post) send(ctx context.Context, l Letter, due time.Time, owed []string) error {
	var refused []refusal
	var err error
	if broke := fault.Contain(p.o.Log, "a report by mail: "+l.Report.Kind, func() { refused, err = p.hand(ctx, l, due) }); broke != nil {
		return broke
	}
	if err != nil {
		return err
	}
	for _, one := range l.To {
		key := l.only(one).key()
		p.told[key] = store.ReportMail{Letter: key, To: one, Report: l.Report.Kind, Due: due, Tried: p.o.Now(), Done: true}
	}
	for _, r := range refused {
		key := l.only(r.to).key()
		m := p.told[key]
		again := r.later && slices.Contains(owed, r.to)
		m.Refused, m.Done = r.why, !again
		p.told[key] = m
		p.o.Log.Warn("the mail server refuses a recipient of a report", "report", l.Report.Kind, "to", r.to, "tried_again", again, "err", r.why)
		if again {
			err = fmt.Errorf("%w: %s: %s", errLater, r.to, r.why)
		}
	}
	if left := len(l.To) - len(refused); left > 0 {
		p.o.Log.Info("a report left by mail", "report", l.Report.Kind, "to", left)
	}
	return err
}

// hand makes a report and hands it to the mail server.
func (p *Post) hand(ctx context.Context, l Letter, due time.Time) ([]refusal, error) {
	t, err := p.o.Make(ctx, l.query(due))
	if err != nil {
		return nil, err
	}
	return p.o.Server().send(ctx, l, t)
}
