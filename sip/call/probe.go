package call

import (
	"time"

	"ringway/sip/leg"
)

// A leg that is silent for 30 s (the engine tells) or on hold is asked by OPTIONS inside its dialog whether it lives, once
// a minute until it is heard again:
//
//	silent 30 s ──OPTIONS──▶ 200 … 60 s … OPTIONS ──▶ 481, 408 or nothing: the leg ends, and with it the call
//	hold … 60 s … OPTIONS ──▶ (whoever has just asked for hold lives)

// fellSilent takes the news that nothing came for Limits.Silence.
func (p *party) fellSilent() {
	p.packets = p.media.Stats().Packets
	p.startProbing()
	if !p.held {
		p.allowSilence(p.c.m.o.Limits.RTPTimeout - p.c.m.o.Limits.Silence)
	}
}

// allowSilence ends the call after d of the silence that begins now or has just been told, where there is an RTP time-out.
// What was allowed before counts no more.
func (p *party) allowSilence(d time.Duration) {
	p.deadline.stop()
	p.deadline = nil
	if p.c.m.o.Limits.RTPTimeout > 0 && !p.down && p.media != nil {
		p.spoken = p.media.Stats().Packets
		p.deadline = p.c.after(max(d, 0), p.timeOut)
	}
}

func (p *party) startProbing() {
	if p.silent == nil && !p.down && p.leg.State() == leg.Confirmed {
		p.probe()
	}
}

// probe sends one OPTIONS and plans the next, until the leg is heard again and nobody holds.
func (p *party) probe() {
	p.silent = nil
	if p.down || p.gone {
		return
	}
	p.step(leg.Probe{})
	p.planProbe()
}

// planProbe lets the next OPTIONS go in a minute, where it is still wanted then.
func (p *party) planProbe() {
	if p.silent != nil || p.down || p.leg.State() != leg.Confirmed {
		return
	}
	p.silent = p.c.after(p.c.m.o.Limits.Probe, func() {
		p.silent = nil
		if p.heard() && !p.held {
			return
		}
		p.probe()
	})
}

// heard tells whether packets came since the silence began.
func (p *party) heard() bool {
	if p.media == nil || p.down {
		return false
	}
	n := p.media.Stats().Packets
	heard := n > p.packets
	p.packets = n
	return heard
}

// timeOut ends the call for silence, unless the leg was heard or put on hold meanwhile.
func (p *party) timeOut() {
	p.deadline = nil
	if p.down || p.held || p.media == nil || p.media.Stats().Packets > p.spoken {
		return
	}
	p.c.end(RTPTimeout, bySwitch)
}
