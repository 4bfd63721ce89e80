package node

import (
	"math/rand/v2"
	"sync"
	"time"

	"ringway/sip/siptest"
	"ringway/store"
)

// worker is one agent of the crowd at her phone. She takes calls, misses some in every way there is, pauses, leaves and
// comes back, as her dice say.
type worker struct {
	o     *office
	name  string
	dice  *rand.Rand
	phone *siptest.Handset
	done  chan struct{}
}

func (o *office) hire(name string, n int, done chan struct{}) *worker {
	return &worker{o: o, name: name, dice: rand.New(rand.NewPCG(uint64(n), 99)), phone: o.phone(name), done: done}
}

// runDay is the agent's goroutine: until the day is over.
func (w *worker) runDay(group *sync.WaitGroup, began time.Time) {
	defer group.Done()
	w.o.dial(w.phone, "*45")
	bored := time.NewTimer(time.Hour)
	defer bored.Stop()
	for {
		bored.Reset(time.Duration(400+w.dice.IntN(600)) * time.Millisecond)
		select {
		case c := <-w.phone.Calls():
			w.takes(c, time.Since(began) < 8*time.Second)
			c.Close()
		case <-bored.C:
			w.acts()
		case <-w.done:
			w.o.dial(w.phone, "*46")
			return
		}
	}
}

// takes is what she does with a call. Until the early hours are over she may not even say that it rings.
func (w *worker) takes(c *siptest.Call, early bool) {
	d := w.dice.IntN(100)
	switch {
	case d < 5:
		c.Ring(1)
		c.Decline(603)
	case d < 8:
		c.Decline(480)
	case d < 12:
		c.Ring(1)
		c.Decline(486)
	case d < 15:
		c.Decline(600)
	case d < 17:
		c.Decline(488)
		w.o.dial(w.phone, "*49")
	case d < 20:
		c.Ring(1)
		w.cancelled(c)
		w.o.dial(w.phone, "*49")
	case d < 27 && early:
		w.o.b.within(5*time.Second, func() bool { return !w.o.b.is(w.name, store.Reserved) })
		w.phone.Register()
	default:
		w.talks(c)
	}
}

// cancelled lets it ring until somebody takes the call back.
func (w *worker) cancelled(c *siptest.Call) {
	w.o.b.within(5*time.Second, c.Cancelled)
}

// talks answers, holds at times, and ends the call herself every other time.
func (w *worker) talks(c *siptest.Call) {
	c.Ring(1)
	time.Sleep(time.Duration(20+w.dice.IntN(120)) * time.Millisecond)
	c.Answer()
	if w.dice.IntN(4) == 0 {
		c.Send(880)
	}
	mine := w.dice.IntN(2) == 0
	time.Sleep(time.Duration(100+w.dice.IntN(300)) * time.Millisecond)
	if w.dice.IntN(6) == 0 && !c.Over() {
		c.Reinvite("sendonly")
		time.Sleep(time.Duration(50+w.dice.IntN(150)) * time.Millisecond)
		c.Reinvite("sendrecv")
	}
	if !mine {
		w.o.b.within(1500*time.Millisecond, c.Over)
	}
	if !c.Over() {
		c.Bye()
	}
}

// acts is what she does when nobody calls: pauses and comes back, leaves and joins, switches her phone off and on.
func (w *worker) acts() {
	switch w.dice.IntN(8) {
	case 0:
		w.o.dial(w.phone, "*48")
		time.Sleep(time.Duration(50+w.dice.IntN(200)) * time.Millisecond)
		w.o.dial(w.phone, "*49")
	case 1:
		w.o.dial(w.phone, "*46")
		w.o.dial(w.phone, "*45")
	case 2:
		w.phone.RegisterFor(0)
		time.Sleep(time.Duration(50+w.dice.IntN(150)) * time.Millisecond)
		w.phone.Register()
	default:
		w.o.dial(w.phone, "*49")
	}
}
