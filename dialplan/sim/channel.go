package sim

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"ringway/dialplan"
	"ringway/dialplan/apps"
)

// channel is a dialplan.Channel whose caller is virtual.
type channel struct {
	clock  *Clock
	caller Caller
	queues apps.Queues
	info   dialplan.Info
	ctx    context.Context // ends with the call
	end    context.CancelFunc

	mu       sync.Mutex // guards what follows
	answered bool
	open     bool // media
	keys     string
	typed    *Signal
	prompts  int // how many entries of Digits were used
	report   Report
	music    string
	talking  bool
}

var (
	_ dialplan.Channel = (*channel)(nil)
	_ dialplan.Emitter = (*channel)(nil)
	_ apps.Host        = (*channel)(nil)

	_ dialplan.Recorder = (*channel)(nil)
	_ apps.Worker       = (*channel)(nil)
)

func (ch *channel) Info() dialplan.Info { return ch.info }
func (ch *channel) Now() time.Time      { return ch.clock.Now() }
func (ch *channel) Queues() apps.Queues { return ch.queues }
func (ch *channel) Work(delta int)      { ch.clock.Work(delta) }

// UserEvent notes an event of the dialplan.
func (ch *channel) UserEvent(name string, fields map[string]string) {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	words := []string{name}
	for k, v := range fields {
		words = append(words, k+"="+v)
	}
	slices.Sort(words[1:])
	ch.report.Events = append(ch.report.Events, strings.Join(words, " "))
}

// Record notes whether conversations are recorded.
func (ch *channel) Record(_ context.Context, on bool) error {
	ch.mu.Lock()
	ch.report.Events = append(ch.report.Events, fmt.Sprintf("record %t", on))
	ch.mu.Unlock()
	return ch.alive()
}

// Trace notes what the script does.
func (ch *channel) Trace(e dialplan.TraceEvent) {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	ch.report.Trace = append(ch.report.Trace, Line{At: ch.clock.Now(), TraceEvent: e})
}

func (ch *channel) hangUp(cause string) {
	ch.mu.Lock()
	if ch.report.Cause == "" {
		ch.report.Cause, ch.report.End = cause, ch.clock.Now()
	}
	ch.mu.Unlock()
	ch.end()
}

// wait lets time pass, or waits for a signal; the end of the call is ErrEnded.
func (ch *channel) wait(ctx context.Context, d time.Duration, s *Signal) error {
	if err := ch.alive(); err != nil {
		return err
	}
	err := ch.clock.Wait(ctx, ch.ctx, d, s)
	if ch.ctx.Err() != nil {
		return dialplan.ErrEnded
	}
	return err
}

func (ch *channel) alive() error {
	if ch.ctx.Err() != nil {
		return dialplan.ErrEnded
	}
	return nil
}

func (ch *channel) Answer(context.Context) error {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	if err := ch.alive(); err != nil {
		return err
	}
	ch.answered, ch.open = true, true
	return nil
}

func (ch *channel) Progress(context.Context) error {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	ch.open = true
	return ch.alive()
}

func (ch *channel) Ringing(context.Context) error { return ch.alive() }

func (ch *channel) Wait(ctx context.Context, d time.Duration) error { return ch.wait(ctx, d, nil) }

func (ch *channel) Hangup(_ context.Context, cause string) error {
	if err := ch.alive(); err != nil {
		return err
	}
	ch.hangUp(cause)
	return nil
}

func (ch *channel) StartMusic(_ context.Context, name string) error {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	if !ch.open {
		return dialplan.ErrRefused
	}
	ch.music = name
	return ch.alive()
}

func (ch *channel) StopMusic(context.Context) error {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	ch.music = ""
	return ch.alive()
}

// Play takes promptLength for each file. A caller who has something to type for this prompt does so at its beginning.
func (ch *channel) Play(ctx context.Context, p dialplan.Play) (string, error) {
	if err := ch.alive(); err != nil {
		return "", err
	}
	ch.mu.Lock()
	open := ch.open
	ch.mu.Unlock()
	if !open {
		return "", dialplan.ErrRefused
	}
	for _, f := range p.Files {
		if ch.caller.Prompts != nil && !ch.caller.Prompts[f] {
			return "", fmt.Errorf("prompt %s %w", f, dialplan.ErrMissing)
		}
		ch.mu.Lock()
		ch.report.Played = append(ch.report.Played, f)
		ch.mu.Unlock()
		if d, err := ch.sound(ctx, p.Interrupt); d != "" || err != nil {
			return d, err
		}
	}
	return ch.interrupt(p.Interrupt), nil
}

// sound is one prompt: it lasts promptLength, or until a key interrupts it.
func (ch *channel) sound(ctx context.Context, interrupt string) (string, error) {
	until := ch.clock.Now().Add(promptLength)
	for {
		if d := ch.interrupt(interrupt); d != "" {
			return d, nil
		}
		left := until.Sub(ch.clock.Now())
		if left <= 0 {
			return "", nil
		}
		if err := ch.wait(ctx, left, ch.typed); err != nil {
			return "", err
		}
	}
}

// interrupt takes the first key that interrupts, as the switch does with what was typed ahead.
func (ch *channel) interrupt(set string) string {
	if set == "" {
		return ""
	}
	ch.mu.Lock()
	defer ch.mu.Unlock()
	i := 0
	if set == "any" {
		ch.nextDigitsLocked()
	} else {
		i = strings.IndexAny(ch.keys, set)
	}
	if i < 0 || ch.keys == "" {
		return ""
	}
	d := ch.keys[i : i+1]
	ch.keys = ch.keys[:i] + ch.keys[i+1:]
	return d
}

// nextDigitsLocked types the next entry of the caller's digits when nothing is typed.
func (ch *channel) nextDigitsLocked() {
	if ch.keys == "" && ch.prompts < len(ch.caller.Digits) {
		ch.keys = ch.caller.Digits[ch.prompts]
		ch.prompts++
	}
}

// Digits takes what was typed; each prompt that listens with a time limit gets the next entry of the caller's digits.
func (ch *channel) Digits(ctx context.Context, c dialplan.Collect) (string, error) {
	out := ""
	pause := c.First
	for {
		if err := ch.alive(); err != nil {
			return out, err
		}
		ch.mu.Lock()
		if out == "" && c.First < dialplan.Forever {
			ch.nextDigitsLocked()
		}
		key := ""
		if ch.keys != "" {
			key, ch.keys = ch.keys[:1], ch.keys[1:]
		}
		ch.mu.Unlock()
		switch {
		case key != "" && strings.Contains(c.Terminators, key):
			return out, nil
		case key != "":
			out += key
			if c.Max > 0 && len(out) >= c.Max {
				return out, nil
			}
			pause = c.Inter
			continue
		}
		before := ch.clock.Now()
		limit := pause
		if limit >= dialplan.Forever {
			limit = -1
		}
		if err := ch.wait(ctx, limit, ch.typed); err != nil {
			return out, err
		}
		if limit > 0 && ch.clock.Now().Sub(before) >= limit {
			return out, nil
		}
	}
}

// press is keys at a moment. In a conversation they go to the other side, in the media.
func (ch *channel) press(keys string) {
	ch.mu.Lock()
	over, spoken := ch.ctx.Err() != nil, ch.talking
	if !over {
		ch.report.Acts = append(ch.report.Acts, Act{At: ch.clock.Now(), Keys: keys, Spoken: spoken})
	}
	if !over && !spoken {
		ch.keys += keys
	}
	ch.mu.Unlock()
	ch.clock.Signal(ch.typed)
}

// giveUp is the caller's own hang-up.
func (ch *channel) giveUp() {
	ch.mu.Lock()
	if ch.ctx.Err() == nil {
		ch.report.Acts = append(ch.report.Acts, Act{At: ch.clock.Now()})
	}
	ch.mu.Unlock()
	ch.hangUp("caller")
}
