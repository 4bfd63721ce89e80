package demo

import (
	"context"
	"errors"
	"sync"
	"time"
)

// lobby knows who is calling, one call at a time each, and whose app is open. The zero lobby is empty.
type lobby struct {
	mu sync.Mutex // guards what follows; a leaf
	in map[string]*calling

	apps map[string]time.Time // open until then, by customer
}

// calling is a customer's call.
type calling struct {
	talks  chan *talk // the robot that answered; holds one
	hangUp context.CancelCauseFunc
}

var (
	errCalling = errors.New("is calling already")
	errHungUp  = errors.New("hung up")
)

// enter lets a customer call, unless she does. What it returns ends ctx when she shall hang up.
func (l *lobby) enter(ctx context.Context, subject string) (context.Context, *calling, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.in[subject] != nil {
		return ctx, nil, errCalling
	}
	c := &calling{talks: make(chan *talk, 1)}
	ctx, c.hangUp = context.WithCancelCause(ctx)
	if l.in == nil {
		l.in = map[string]*calling{}
	}
	l.in[subject] = c
	return ctx, c, nil
}

// open says that a customer's app is being opened for a while; false where it is open already.
func (l *lobby) open(subject string, life time.Duration) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if l.apps[subject].After(now) {
		return false
	}
	if l.apps == nil {
		l.apps = map[string]time.Time{}
	}
	l.apps[subject] = now.Add(life)
	return true
}

// calls says whether a customer has a call.
func (l *lobby) calls(subject string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.in[subject] != nil
}

func (l *lobby) leave(subject string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c := l.in[subject]; c != nil {
		c.hangUp(nil)
		delete(l.in, subject)
	}
}

// began is told of a robot's conversation; the customer who placed the call hears of it.
func (l *lobby) began(t *talk) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.in[t.caller]
	if c == nil {
		return // somebody else called a robot
	}
	select {
	case c.talks <- t:
	default:
	}
}

// clear lets everybody hang up, and says how many they were.
func (l *lobby) clear() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.in {
		c.hangUp(errHungUp)
	}
	return len(l.in)
}
