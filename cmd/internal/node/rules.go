package node

import (
	"context"
	"net"
	"slices"

	"ringway/config"
	"ringway/console/fault"
	"ringway/sip/auth"
	"ringway/sip/edge"
	"ringway/sip/location"
	"ringway/sip/trunk"
)

// rules are what the edge needs of a configuration.
func (n *Node) rules(c *config.Config, d *directory) (*edge.Rules, error) {
	trunks, err := trunk.NewSet(trunkSpecs(c), trunk.Options{Previous: n.trunks.Load(), Now: n.clock.Now})
	if err != nil {
		return nil, err
	}
	n.trunks.Store(trunks)
	n.watchTrunks(trunks)
	apps := map[string]edge.Session{}
	for domain, a := range c.Settings.AppDomains {
		apps[domain] = edge.Session{Calls: a.CallsSession, Contacts: a.ContactsSession}
	}
	return &edge.Rules{
		Trunks:     trunks,
		Algorithms: n.challenges(c.Settings.Listeners),
		Shown:      shownOf(c),
		PersonOf:   personOf(c, n.desks),
		Sessions:   func(realm string) edge.Session { return apps[realm] },
		Known:      func(account string) bool { _, ok := c.Settings.Accounts[account]; return ok },
		Numbered:   numbered(c),
		Realm:      c.Settings.Realm,
		Static:     staticContacts(c),
		Ours:       func(host string) bool { return d.hosts[location.CanonicalHost(host)] },
	}, nil
}

// numbered finds the account of a number; one that several accounts have is nobody's.
func numbered(c *config.Config) func(number string) (account string, ok bool) {
	owners := map[string]string{}
	for name, a := range c.Settings.Accounts {
		if _, shared := owners[a.Number]; shared {
			name = ""
		}
		owners[a.Number] = name
	}
	delete(owners, "") // most have none
	return func(number string) (string, bool) {
		account := owners[number]
		return account, account != ""
	}
}

// challenges are the digest algorithms of listeners that have their own, by bound port.
func (n *Node) challenges(list []config.Listener) map[uint16][]auth.Algorithm {
	out := map[uint16][]auth.Algorithm{}
	for i, l := range n.transport.Addrs() {
		if i < len(list) && len(list[i].Algorithms) > 0 {
			out[l.Addr.Port()] = algorithms(list[i].Algorithms)
		}
	}
	return out
}

func trunkSpecs(c *config.Config) []trunk.Spec {
	var out []trunk.Spec
	for name, t := range c.Settings.Trunks {
		s := trunk.Spec{Name: name, Match: t.Match, Context: t.Context, Targets: t.Targets, Calls: t.Calls,
			CallerID: t.CallerID, Identity: t.Identity, Qualify: t.Qualify}
		for _, p := range t.Dial {
			s.Dial = append(s.Dial, trunk.Permission{From: p.From, Pattern: p.Pattern, PerDay: p.PerDay})
		}
		if t.User != "" {
			s.Credentials = &auth.Client{Realm: t.Realm, User: t.User, Password: c.Secret(t.Password)}
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b trunk.Spec) int { return slices.Compare([]string{a.Name}, []string{b.Name}) })
	return out
}

// localAddresses are the machine's own addresses of one family.
func localAddresses(v4 bool) []string {
	var out []string
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	for _, a := range addrs {
		if ip, ok := a.(*net.IPNet); ok && (ip.IP.To4() != nil) == v4 {
			out = append(out, ip.IP.String())
		}
	}
	return out
}

// watchTrunks resolves the names of trunks and asks their addresses by OPTIONS from now on, instead of those before.
func (n *Node) watchTrunks(s *trunk.Set) {
	ctx, cancel := context.WithCancel(context.Background())
	if before := n.trunkWatch.Swap(&cancel); before != nil {
		(*before)()
	}
	n.wg.Add(1)
	go n.runTrunks(ctx, s)
}

func (n *Node) runTrunks(ctx context.Context, s *trunk.Set) {
	defer n.wg.Done()
	fault.Loop(ctx, n.log, "looking after carriers", func(ctx context.Context) { s.Run(ctx, n.edge) })
}
