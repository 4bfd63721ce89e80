package call

import (
	"context"
	"strings"

	"ringway/dialplan"
)

// maxTyped bounds the digits that wait to be collected.
const maxTyped = 64

// collecting is one Digits under way:
//
//	First ──digit──▶ Inter ──digit──▶ Inter … until Max, a terminator, or time is up
type collecting struct {
	want  dialplan.Collect
	got   []byte
	alarm *alarm
	reply func(string, error)
}

// Digits collects what the caller types.
func (h *channel) Digits(ctx context.Context, want dialplan.Collect) (string, error) {
	c := (*Call)(h)
	d := &collecting{want: want}
	return ask(ctx, c, verb[string]{
		start: func(reply func(string, error)) {
			d.reply = reply
			c.startCollecting(d)
		},
		stop: func(error) { c.stopCollecting(d) },
	})
}

func (c *Call) startCollecting(d *collecting) {
	if c.collects != nil {
		c.stopCollecting(c.collects)
	}
	c.collects = d
	d.alarm = c.after(d.want.First, func() { c.stopCollecting(d) })
	typed := c.digits
	c.digits = nil
	for _, digit := range typed {
		c.digit(digit)
	}
}

// digit takes one key of the caller: for a collector, for a Play that it interrupts, or for later. In a conversation keys
// go to the other side, in the media.
func (c *Call) digit(key byte) {
	switch {
	case c.state >= Ending || c.joined:
	case c.playing != nil && interrupts(c.playing.interrupt, key):
		c.stopPlaying(c.playing, string(key), nil)
	case c.collects != nil:
		c.collect(key)
	case len(c.digits) < maxTyped:
		c.digits = append(c.digits, key)
	}
}

func (c *Call) collect(key byte) {
	d := c.collects
	if strings.IndexByte(d.want.Terminators, key) >= 0 {
		c.stopCollecting(d)
		return
	}
	d.got = append(d.got, key)
	d.alarm.stop()
	if d.want.Max > 0 && len(d.got) >= d.want.Max || len(d.got) >= maxTyped {
		c.stopCollecting(d)
		return
	}
	d.alarm = c.after(d.want.Inter, func() { c.stopCollecting(d) })
}

func (c *Call) stopCollecting(d *collecting) {
	if c.collects != d {
		return
	}
	c.collects = nil
	d.alarm.stop()
	d.reply(string(d.got), nil)
}
