package rtp

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"time"

	"ringway/rtp/stats"
)

// reportTime is the mean time between two RTCP packets of a leg (RFC 3550 §6.2: 5 s, spread by a half either way).
const reportTime = 5 * time.Second

// reporter is the RTCP of one leg: reports are made for it and end with it, none is passed on to the other leg.
type reporter struct {
	name string        // our CNAME: nobody's name (RFC 7022)
	next time.Duration // when the next one goes out

	srMiddle uint32        // of their last sender report
	srAt     time.Duration // when it came
	rtt      time.Duration
	lost     uint64        // what they say they lost of ours
	jitter   time.Duration // and the jitter they see
	told     uint32        // packets sent at the last report
}

func (r *reporter) start(now time.Duration, ssrc uint32) {
	r.name, r.next = fmt.Sprintf("%08x", ssrc), now+reportAfter()
}

func reportAfter() time.Duration { return reportTime/2 + rand.N(reportTime) }

// reportPlace is where RTCP belongs when RTP comes from at: what they told us, or next to their RTP where that is not
// where they said.
func (s *Session) reportPlace(at netip.AddrPort) endpoint {
	p := s.params
	if p != nil && (endpointOf(p.Remote) == endpointOf(at) || p.Mux) {
		q := *p
		q.Remote = at
		return endpointOf(q.rtcp())
	}
	return endpointOf((&Params{Remote: at}).rtcp())
}

// reportFrom makes an address the leg's RTCP.
func (s *Session) reportFrom(e endpoint) {
	if !e.valid() {
		return
	}
	if s.port.reports[s.reportsFrom] == s {
		delete(s.port.reports, s.reportsFrom)
	}
	if s.port.reports[e] == nil {
		s.port.reports[e] = s
	}
	s.reportsFrom = e
	s.reportTarget = s.targetAt(e.addrPort())
}

// sendReport sends a sender report where we sent anything since the last, else a receiver report.
func (s *Session) sendReport(bye bool) {
	r := &s.reporter
	now := s.loop.now
	r.next = now + reportAfter()
	if s.reportTarget == nil {
		return
	}
	out := stats.Report{SSRC: s.tx.ssrc, CNAME: r.name, Bye: bye}
	if s.tx.packets != r.told {
		r.told, out.IsSender = s.tx.packets, true
		out.Sent = stats.Sent{NTP: stats.NTP(s.e.o.Now()), TS: s.tx.timeline(now), Packets: s.tx.packets, Octets: s.tx.octets}
	}
	if b, ok := s.rx.Report(); ok {
		if r.srMiddle != 0 {
			b.LSR, b.DLSR = r.srMiddle, uint32((now-r.srAt)*65536/time.Second)
		}
		out.Block, out.HasBlock = b, true
	}
	buf := out.Append(s.loop.poller.room(packetRoom)[:0])
	if s.params.Mux {
		s.port.rtp.send(buf, s.reportTarget)
	} else {
		s.port.rtcp.send(buf, s.reportTarget)
	}
}

// heardReport takes what the far end reports.
func (s *Session) heardReport(h *stats.Heard) {
	r := &s.reporter
	if h.Sender {
		r.srMiddle, r.srAt = h.LSR, s.loop.now
	}
	for i := range h.Count {
		b := &h.Blocks[i]
		if b.SSRC != s.tx.ssrc {
			continue
		}
		r.lost = uint64(max(b.Lost, 0))
		r.jitter = time.Duration(b.Jitter) * time.Second / time.Duration(s.tx.clock)
		if rtt, ok := b.RTT(stats.Middle(stats.NTP(s.e.o.Now()))); ok {
			r.rtt = rtt
		}
	}
}
