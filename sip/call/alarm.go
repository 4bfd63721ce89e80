package call

import "time"

// alarm is one moment that a call waits for. The loop keeps a handful of them and one real timer.
type alarm struct {
	at time.Time
	do func()
}

// after makes an alarm d from now.
func (c *Call) after(d time.Duration, do func()) *alarm {
	return c.at(c.now().Add(d), do)
}

func (c *Call) at(when time.Time, do func()) *alarm {
	a := &alarm{at: when, do: do}
	c.alarms = append(c.alarms, a)
	return a
}

// stop takes an alarm back; nil and a second time do no harm.
func (a *alarm) stop() {
	if a != nil {
		a.do = nil
	}
}

// ring runs the alarms that are due, earliest first, and drops the stopped ones.
func (c *Call) ring() {
	for {
		now, live := c.now(), c.alarms[:0]
		var due *alarm
		for _, a := range c.alarms {
			if a.do == nil {
				continue
			}
			live = append(live, a)
			if !a.at.After(now) && (due == nil || a.at.Before(due.at)) {
				due = a
			}
		}
		clear(c.alarms[len(live):])
		c.alarms = live
		if due == nil {
			return
		}
		do := due.do
		due.do = nil
		do()
	}
}

// setClock lets the one real timer ring when the earliest alarm is due. It only posts, like everybody else.
func (c *Call) setClock() {
	d, ok := c.next()
	switch {
	case ok && c.clock == nil:
		c.clock = time.AfterFunc(d, func() { c.must(message{}) })
	case ok:
		c.clock.Reset(d)
	case c.clock != nil:
		c.clock.Stop()
	}
}

// next is how long until the earliest alarm, and false when there is none.
func (c *Call) next() (time.Duration, bool) {
	var first *alarm
	for _, a := range c.alarms {
		if a.do != nil && (first == nil || a.at.Before(first.at)) {
			first = a
		}
	}
	if first == nil {
		return 0, false
	}
	return max(first.at.Sub(c.now()), 0), true
}
