package node

import (
	"context"
	"errors"
	"fmt"
	"syscall"

	"ringway/codecs"
	"ringway/codecs/builtin"
	"ringway/config"
	"ringway/dialplan"
	"ringway/rtp"
	"ringway/sip/auth"
	"ringway/sip/call"
	"ringway/sip/edge"
	"ringway/sip/proxy"
	"ringway/sip/registrar"
	"ringway/sip/trace"
	"ringway/sip/transaction"
	"ringway/sip/transport"
	"ringway/store"
)

// product is what Server and User-Agent say.
const product = "Ringway"

// codecs are those that the configuration wants, in its order.
func (n *Node) codecs() *codecs.Set {
	set, _ := builtin.All().Named(n.config().Settings.Codecs)
	return set
}

// startSignalling builds the SIP side from the sockets up. Messages that come before all of it stands are dropped: their
// senders repeat them.
func (n *Node) startSignalling(context.Context) error {
	s := n.config().Settings
	listen := s.Listeners
	if n.o.Listen != nil {
		listen = n.o.Listen(listen)
	}
	n.verified = transport.NewVerifiedSet(0, n.clock.Now)
	n.trace = trace.New(trace.Options{Now: n.clock.Now, Calls: n.callIDs})
	d, err := newDirectory(n.config(), nil)
	if err != nil {
		return err
	}
	n.auth = auth.NewServer(auth.Options{Accounts: d, Sessions: n.sessions, Algorithms: algorithms(s.Auth.Algorithms), Log: n.log, Now: n.clock.Now})
	n.edge = n.newEdge(s)
	n.transport, err = transport.Open(transport.Options{
		Listen:    listeners(listen),
		Handler:   n.edge.Receive,
		Log:       n.log,
		Now:       n.clock.Now,
		Tap:       n.tap(),
		Closed:    n.edge.Closed,
		Verified:  n.verified.Has,
		Addresses: transport.Addresses{Advertised: s.Advertise.Address, LocalNets: s.Advertise.LocalNets},
	})
	if err != nil {
		return taken(err, "listeners")
	}
	n.table = transaction.New(transaction.Options{
		Send: n.transport.Send, Write: n.transport.Write, Via: n.transport.Via, Core: n.edge,
		Verified: func(f transport.Flow) bool { return f.Reliable() || n.verified.Has(f.Remote) },
		Limits:   transaction.Limits{Live: s.Limits.Transactions}, Log: n.log, Now: n.clock.Now,
	})
	n.calls = n.newCalls(s)
	n.calls.Use(n.table)
	if d, err = newDirectory(n.config(), n.ownHosts()); err != nil {
		return err
	}
	if err := n.put(n.config(), d); err != nil {
		return err
	}
	n.edge.Use(edge.Parts{Calls: n.calls, Table: n.table, Paths: n.transport,
		Forward: proxy.New(proxy.Options{Table: n.table, Vias: n.transport, Location: n.location, Directory: n.edge, Log: n.log, Now: n.clock.Now})})
	return nil
}

// newEdge makes what takes messages from the sockets and knows who sent them.
func (n *Node) newEdge(s config.Settings) *edge.Edge {
	return edge.New(edge.Options{
		Auth: n.auth,
		Registrar: registrar.New(registrar.Options{Store: n.location, Least: s.Limits.MinExpires, Most: s.Limits.MaxExpires,
			Contacts: s.Limits.Contacts, Log: n.log}),
		Location:   n.location,
		Product:    product,
		Verified:   n.verified.Add,
		Registered: n.registered,
		Log:        n.log,
		Now:        n.clock.Now,
	})
}

// newCalls makes the manager of calls, in front of all that it asks.
func (n *Node) newCalls(s config.Settings) *call.Manager {
	return call.New(call.Options{
		Node: s.Node, Product: product, Paths: n.transport, Media: n.media, Codecs: n.codecs(),
		Plan:       func() *dialplan.Plan { return n.config().Plan },
		Version:    func() string { return n.config().Version },
		Queues:     queues{router: n.router, config: n.config, pins: newPins(n.clock.Now), desks: n.hub, log: n.log},
		Gatekeeper: n.edge, Phones: n.edge, Trunks: n.edge,
		Sounds: current2sounds{n}, HoldMusic: "hold",
		Recorder: n.records, Agents: n.agents(), Recordings: n.recordings,
		Limits: callLimits(s),
		Log:    n.log, Now: n.clock.Now,
	})
}

// callLimits bound calls as the settings say.
func callLimits(s config.Settings) call.Limits {
	return call.Limits{Calls: s.Limits.Calls, Duration: s.Limits.CallDuration, Silence: s.RTP.Timeout, RTPTimeout: s.RTP.HangUp}
}

// put makes a configuration the one that new calls and requests meet.
func (n *Node) put(c *config.Config, d *directory) error {
	rules, err := n.rules(c, d)
	if err != nil {
		return err
	}
	n.cur.Store(&current{config: c, directory: d, sounds: newSounds(c.Sounds)})
	n.auth.Apply(d)
	n.edge.Apply(rules)
	n.calls.Bound(c.Settings.Limits.Calls, c.Settings.Limits.CallDuration)
	if err := writeNotes(n.o.Data, c); err != nil {
		n.log.Warn("notes for commands not written", "err", err)
	}
	return nil
}

// current2sounds finds sounds in the configuration in force.
type current2sounds struct{ n *Node }

// Sound finds a prompt or a piece of music.
func (c current2sounds) Sound(name, language string) (*rtp.Source, error) {
	return c.n.cur.Load().sounds.Sound(name, language)
}

func listeners(list []config.Listener) []transport.Listener {
	var out []transport.Listener
	for _, l := range list {
		out = append(out, transport.Listener{Proto: transport.Proto(l.Protocol), Addr: l.Address})
	}
	return out
}

// algorithms are digest algorithms by their names, which config has checked.
func algorithms(names []string) []auth.Algorithm {
	var out []auth.Algorithm
	for _, name := range names {
		if a, err := auth.ParseAlgorithm(name); err == nil {
			out = append(out, a)
		}
	}
	return out
}

// ownHosts are the addresses that we listen on, as a phone without a domain name would dial them.
func (n *Node) ownHosts() []string {
	out := []string{"localhost"}
	for _, l := range n.transport.Addrs() {
		if a := l.Addr.Addr(); !a.IsUnspecified() {
			out = append(out, a.String())
			continue
		}
		out = append(out, localAddresses(l.Addr.Addr().Is4())...)
	}
	if a := n.config().Settings.Advertise.Address; a.IsValid() {
		out = append(out, a.String())
	}
	return out
}

// personOf says whose account one is: its owner's, else whose hot desk it is now.
func personOf(c *config.Config, d *desks) func(account string) string {
	return func(account string) string {
		if p := c.Spec.PersonOf(account); p != nil {
			return p.ID
		}
		return d.whose(account)
	}
}

// shownOf says what others see of an account: its calls are internal, but for those that are a customer's.
func shownOf(c *config.Config) func(account string) edge.Shown {
	return func(account string) edge.Shown {
		a := c.Settings.Accounts[account]
		out := edge.Shown{Name: a.Name, Number: a.Number, Kind: store.Internal}
		if out.Number == "" {
			out.Number = account
		}
		if a.Kind != "" {
			out.Kind = a.Kind
		}
		return out
	}
}

// taken says what to do about an address that another program has.
func taken(err error, key string) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%w: another program has it, perhaps a ringway; end that one, or write another port under %s in ringway.yaml", err, key)
	}
	return err
}
