package apps

import (
	"context"
	"errors"
	"strconv"

	"ringway/dialplan"
	"ringway/store"
)

// listen starts to hear the caller's keys, unless an announcement does so meanwhile. It listens where no key is an exit
// too: it is how the visit learns that the caller has hung up.
func (v *visit) listen(ctx context.Context) {
	if v.talking || v.speak != nil {
		return
	}
	kctx, cancel := context.WithCancel(ctx)
	v.speak = cancel
	v.start(1)
	before, done := v.nextSound()
	go v.runKeys(kctx, before, done)
}

// hush stops whatever listens or speaks.
func (v *visit) hush() {
	if v.speak != nil {
		v.speak()
		v.speak = nil
	}
	v.pending = nil
}

// pressed handles a key: an exit key ends the visit, any other is forgotten.
func (v *visit) pressed(ctx context.Context, key string) (bool, store.VisitResult, error) {
	if v.checkJoined(); v.talking || !v.exits(key) {
		return false, "", nil
	}
	v.ticket.Leave(store.Key)
	return true, store.Key, nil
}

func (v *visit) exits(key string) bool {
	for _, k := range v.ticket.Settings().ExitKeys {
		if key == string(k) {
			return true
		}
	}
	return false
}

// announce queues the prompts of an announcement; one that comes while another is spoken replaces what waits.
func (v *visit) announce(ctx context.Context, e TicketEvent) {
	if v.talking {
		return
	}
	v.pending = nil
	if e.File != "" {
		v.pending = append(v.pending, e.File)
	}
	v.pending = append(v.pending, positionPrompts(e.Position)...)
	v.say(ctx)
}

// positionPrompts says a position: "you are number" and its digits. 0 says nothing.
func positionPrompts(n int) []string {
	if n <= 0 {
		return nil
	}
	out := []string{"you-are-number"}
	for _, d := range strconv.Itoa(n) {
		out = append(out, string(d))
	}
	return out
}

// say plays what is pending, or goes back to listening.
func (v *visit) say(ctx context.Context) {
	if v.speaks || v.talking {
		return
	}
	pending := v.pending
	v.hush()
	if len(pending) == 0 {
		v.listen(ctx)
		return
	}
	actx, cancel := context.WithCancel(ctx)
	v.speak, v.speaks = cancel, true
	v.start(1)
	before, done := v.nextSound()
	go v.runSpeech(actx, speech{dialplan.Play{Files: pending, Language: v.language, Interrupt: v.ticket.Settings().ExitKeys}, before, done})
}

// speech is one announcement, after the pump before it is gone.
type speech struct {
	play   dialplan.Play
	before <-chan struct{}
	done   chan<- struct{}
}

// nextSound gives the next pump of keys or speech what to wait for and what to close.
func (v *visit) nextSound() (before <-chan struct{}, done chan<- struct{}) {
	last, next := v.sound, make(chan struct{})
	if last == nil {
		last = make(chan struct{})
		close(last)
	}
	v.sound = next
	return last, next
}

// runKeys brings the keys that the caller presses; it ends with ctx or the call.
func (v *visit) runKeys(ctx context.Context, before <-chan struct{}, done chan<- struct{}) {
	defer v.done()
	defer v.guard()
	defer close(done)
	<-before
	for ctx.Err() == nil {
		key, err := v.ch.Digits(ctx, dialplan.Collect{Max: 1, First: dialplan.Forever, Inter: dialplan.Forever})
		switch {
		case ctx.Err() != nil:
			return
		case errors.Is(err, dialplan.ErrEnded):
			v.send(visitEvent{err: err})
			return
		case err != nil:
			return
		case key != "":
			v.send(visitEvent{key: key})
		}
	}
}

// runSpeech plays one announcement; it ends with it, with ctx or with the call.
func (v *visit) runSpeech(ctx context.Context, s speech) {
	defer v.done()
	defer v.guard()
	defer close(s.done)
	<-s.before
	key, err := v.ch.Play(ctx, s.play)
	switch {
	case errors.Is(err, dialplan.ErrEnded):
		v.send(visitEvent{err: err})
		return
	case err != nil && ctx.Err() == nil:
		v.log("announcement: " + err.Error())
	case key != "":
		v.send(visitEvent{key: key})
	}
	v.send(visitEvent{spoken: true})
}
