package trunk

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"
)

// Resolver is what of net.Resolver is needed: SRV records sorted by priority and shuffled by weight, and addresses.
type Resolver interface {
	LookupSRV(ctx context.Context, service, proto, name string) (string, []*net.SRV, error)
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// Prober asks a hop with OPTIONS. Probe does not block: done is called once, from any goroutine, with whether any final
// answer came.
type Prober interface {
	Probe(t *Trunk, h Hop, done func(answered bool))
}

const (
	resolveEvery   = 30 * time.Second
	resolveTimeout = 5 * time.Second
	probeEvery     = time.Second // how often Run looks for what is due
)

// Resolve looks the names of all trunks up once. Names that fail keep the addresses known before.
func (s *Set) Resolve(ctx context.Context) {
	for _, name := range s.Names() {
		t := s.byName[name]
		for _, one := range t.targets {
			if !one.addr.IsValid() {
				hops, err := s.lookup(ctx, one)
				if len(hops) == 0 && err != nil && ctx.Err() == nil {
					t.state.failed(s.now(), err.Error())
				}
				t.state.resolved(one, hops)
			}
		}
	}
}

// lookup follows RFC 3263 §4.2 for a known protocol: SRV when no port is given, else addresses.
func (s *Set) lookup(ctx context.Context, t target) ([]Hop, error) {
	ctx, cancel := context.WithTimeout(ctx, resolveTimeout)
	defer cancel()
	if t.port != 0 {
		return s.addresses(ctx, t, t.host, t.port)
	}
	_, records, err := s.resolver.LookupSRV(ctx, "sip", string(t.proto), t.host)
	if err != nil || len(records) == 0 {
		return s.addresses(ctx, t, t.host, 5060)
	}
	var hops []Hop
	var wrong error
	for _, r := range records {
		if r.Target != "." { // the service is not offered (RFC 2782)
			more, err := s.addresses(ctx, t, r.Target, r.Port)
			hops, wrong = append(hops, more...), errors.Join(wrong, err)
		}
	}
	return hops, wrong
}

func (s *Set) addresses(ctx context.Context, t target, host string, port uint16) ([]Hop, error) {
	list, err := s.resolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	hops := make([]Hop, 0, len(list))
	for _, a := range list {
		hops = append(hops, Hop{t.proto, netip.AddrPortFrom(a.Unmap(), port)})
	}
	return hops, nil
}

// Qualify asks every hop whose time has come. It does not block.
func (s *Set) Qualify(now time.Time, p Prober) {
	for _, name := range s.Names() {
		t := s.byName[name]
		if t.Spec.Qualify <= 0 {
			continue
		}
		for _, h := range t.state.due(now, t.Spec.Qualify) {
			p.Probe(t, h, func(answered bool) {
				if !answered {
					t.state.failed(s.now(), fmt.Sprintf("%s %s did not answer OPTIONS", h.Proto, h.Addr))
				}
				t.state.probed(h, answered)
			})
		}
	}
}

// Run resolves and qualifies until ctx ends; p may be nil. The Set's owner starts it in a goroutine, counts it, and ends
// it when another Set took over.
func (s *Set) Run(ctx context.Context, p Prober) {
	s.Resolve(ctx)
	tick := time.NewTicker(probeEvery)
	defer tick.Stop()
	next := s.now().Add(resolveEvery)
	for {
		now := s.now()
		if !now.Before(next) {
			s.Resolve(ctx)
			next = now.Add(resolveEvery)
		}
		if p != nil {
			s.Qualify(now, p)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
