package call

import (
	"net/netip"

	"ringway/rtp"
	"ringway/rtp/sdp"
	"ringway/sip/leg"
	"ringway/store"
)

// lease gives the party an RTP endpoint, near the caller's.
func (p *party) lease() error {
	if p.media != nil {
		return nil
	}
	c := p.c
	o := rtp.LeaseOptions{Call: c.id, Leg: p.row.ID, Signalled: p.flow.Remote.Addr(), Expected: p.expected(),
		Notify: func(e rtp.Event) { c.post(message{p: p, media: &e}, false) }}
	if c.a != nil && c.a != p {
		o.Near = c.a.media
	}
	s, err := c.m.o.Media.Lease(o)
	if err == nil {
		p.media = s
	}
	return err
}

// expected is the RTP address in their offer, where one waits.
func (p *party) expected() netip.AddrPort {
	offer := p.leg.Offer()
	if offer == nil {
		return netip.AddrPort{}
	}
	for i := range offer.Media {
		if m := &offer.Media[i]; m.Kind == "audio" && m.Port != 0 {
			return m.Remote()
		}
	}
	return netip.AddrPort{}
}

// ours is our side of the description for this party; prefer names the codec to put first.
func (p *party) ours(prefer string) leg.Media {
	return leg.Media{Local: p.address(), Prefer: prefer}
}

// apply puts an agreement in force.
func (p *party) apply(a *sdp.Agreed, answered bool) {
	if a == nil || p.media == nil || p.down {
		return
	}
	p.row.Codec = a.Codec.Name
	if p == p.c.a {
		p.c.row.Codec = a.Codec.Name
	}
	if err := p.media.Apply(rtp.FromAgreed(*a, answered)); err != nil {
		p.c.log().Warn("media not applied", "leg", p.row.ID, "err", err)
	}
}

// prefer is the codec to put first towards another leg: the one the caller speaks, or will.
func (c *Call) prefer() string {
	if c.a == nil {
		return ""
	}
	if a := c.a.leg.Agreed(); a != nil {
		return a.Codec.Name
	}
	offer := c.a.leg.Offer()
	if offer == nil {
		return ""
	}
	for i := range offer.Media {
		if offer.Media[i].Kind != "audio" {
			continue
		}
		for _, f := range offer.Media[i].Formats {
			if _, ok := c.m.o.Codecs.Lookup(f.Name, f.ClockRate, f.Channels); ok {
				return f.Name
			}
		}
	}
	return ""
}

// rejoin joins caller and bridge when both have media and neither holds; else it parts them. Whoever is on hold hears music.
func (c *Call) rejoin() {
	b := c.bridge
	if b == nil || c.state >= Ending {
		return
	}
	ready := c.a.leg.Agreed() != nil && b.leg.Agreed() != nil && c.a.media != nil && b.media != nil
	want := ready && !c.a.held && !b.held
	c.a.holdMusic(b.held && !c.a.held)
	b.holdMusic(c.a.held && !b.held)
	switch {
	case want && !c.joined:
		if err := rtp.Join(c.a.media, b.media); err != nil {
			c.log().Warn("media not joined", "leg", b.row.ID, "err", err)
			b.hangup(NoCodec.leg(), string(NoCodec))
			c.parted(b)
			return
		}
		c.joined = true
		c.recordTalk(b)
	case !want && c.joined:
		rtp.Part(c.a.media, b.media)
		c.joined = false
	}
	switch {
	case c.state == Talking || c.state == Held || c.state == Routing:
		c.state = Talking
		if c.a.held || b.held {
			c.state = Held
		}
	}
}

// holdMusic plays or stops the music that this party hears while the other one holds.
func (p *party) holdMusic(on bool) {
	switch {
	case on && p.playback == nil && p.media != nil:
		if src, err := p.c.m.o.Sounds.Sound(p.c.m.o.HoldMusic, ""); err == nil && src != nil {
			p.playback = p.media.Play(src, rtp.PlayOptions{Loop: true})
		}
	case !on && p.playback != nil:
		p.playback.Stop()
		p.playback = nil
	}
}

// settleHold puts in force what one side's phone and desk say together: the other side waits while either of them holds.
func (p *party) settleHold() {
	held := p.phoneHold || p.deskHold
	if p.held == held || p.down {
		return
	}
	p.held = held
	kind := store.LegResume
	if held {
		kind = store.LegHold
		p.planProbe()
	} else {
		p.allowSilence(p.c.m.o.Limits.RTPTimeout)
	}
	p.c.event(store.Event{Kind: kind, Leg: p.row.ID, Agent: p.agent, Offer: p.row.Offer})
	if p.up {
		p.c.m.o.Agents.LegHeld(p.agentLeg(), held)
	}
	p.c.rejoin()
}
