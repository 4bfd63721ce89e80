package rtp

import (
	"sync/atomic"
	"time"

	"ringway/rtp/dtmf"
)

// maxDigits is how many digits may wait to be sent on a leg.
const maxDigits = 64

// digitTime is the packet time of the digits we send.
const digitTime = 20 * time.Millisecond

// dialer sends digits on a leg, one after another. While a digit is under way nothing else is sent.
type dialer struct {
	// owned by the loop
	sending bool
	waiting []dialled
	digit   dtmf.Sender
	base    uint32 // our timestamp of the key that is down
	timer   timer

	queued atomic.Int32 // digits waiting or under way; counted by callers too
}

type dialled struct {
	digit  rune
	length time.Duration
}

// SendDigit queues a DTMF digit (RFC 4733) of this length, at least 40 ms; 0 is 100 ms. Digits go out one after another.
// ErrDigit where the leg agreed on no telephone-event or the rune is no digit, ErrBusy when 64 are waiting.
func (s *Session) SendDigit(digit rune, length time.Duration) error {
	if _, ok := dtmf.Code(digit); !ok {
		return ErrDigit
	}
	s.e.routing.Lock()
	able := s.agreed != nil && s.agreed.DTMFSendPT != 0
	s.e.routing.Unlock()
	if !able {
		return ErrDigit
	}
	if length <= 0 {
		length = 100 * time.Millisecond
	}
	if s.dialer.queued.Add(1) > maxDigits {
		s.dialer.queued.Add(-1)
		return ErrBusy
	}
	err := s.do(func() {
		s.dialer.waiting = append(s.dialer.waiting, dialled{digit, min(length, time.Minute)})
		if !s.dialer.timer.set() {
			s.loop.wheel.after(&s.dialer.timer, 1)
		}
	})
	if err != nil {
		s.dialer.queued.Add(-1)
	}
	return err
}

// busy tells whether a digit is under way.
func (d *dialer) busy() bool { return d.sending }

// dialPacket sends the next packet of the digit that is under way, or begins the next digit.
func (s *Session) dialPacket() {
	d := &s.dialer
	if !d.sending {
		if len(d.waiting) == 0 {
			return
		}
		next := d.waiting[0]
		d.waiting = d.waiting[1:]
		d.digit, _ = dtmf.NewSender(next.digit, next.length, digitTime, s.params.eventClock())
		d.base, d.sending = s.tx.timeline(s.loop.now), true
	}
	if o, ok := d.digit.Next(); ok && s.open() && s.params.DTMFSendPT != 0 {
		b := s.loop.poller.room(headerSize + dtmf.Size)
		o.Event.Put(b[headerSize:])
		putHeader(b, header{pt: s.params.DTMFSendPT, marker: o.Marker, seq: s.tx.insert(), ts: d.base + o.Offset, ssrc: s.tx.ssrc})
		s.send(b, dtmf.Size)
	}
	if !d.digit.Done() {
		s.loop.wheel.after(&d.timer, ticks(digitTime))
		return
	}
	d.sending = false
	d.queued.Add(-1)
	s.loop.wheel.after(&d.timer, ticks(dtmf.Pause))
}
