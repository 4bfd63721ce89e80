package demo

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"ringway/acd"
	"ringway/cmd/internal/node"
	"ringway/codecs"
	"ringway/codecs/g711"
	"ringway/codecs/g722"
	"ringway/config"
	"ringway/config/diag"
	"ringway/console"
)

// company is the running demo: a switch and its robot agents.
type company struct {
	o        Options
	config   *config.Config
	node     *node.Node
	server   netip.AddrPort // where robots send SIP
	domain   string         // of the app
	agents   []*agent
	password string // with which everybody logs in to the console
	first    string // id of the first call, once it is on record
	lobby    lobby  // customers who are calling
	apps     apps   // of customers who have called
	wg       sync.WaitGroup
	out      sync.Mutex // one line at a time
}

// open starts the switch and the robots.
func open(ctx context.Context, o Options) (*company, error) {
	if _, err := console.NewClient(o.Data).Status(ctx); err == nil {
		return nil, fmt.Errorf("%w: %s", console.ErrRunning, o.Data) // before anything of its is opened
	}
	dir := filepath.Join(o.Data, "demo")
	if _, err := os.Stat(filepath.Join(dir, "ringway.yaml")); errors.Is(err, fs.ErrNotExist) {
		if err := config.Init(dir); err != nil {
			return nil, err
		}
		fmt.Fprintf(o.Out, "The sample company is in %s: edit it, then '%s reload' applies it.\n", dir, o.Program)
	}
	loaded, found, source := config.Load(dir)
	if loaded == nil {
		return nil, errors.Join(fmt.Errorf("%s has errors", dir), diag.Render(o.Out, found, source))
	}
	c := &company{o: o, config: loaded}
	for domain := range loaded.Settings.AppDomains {
		if c.domain == "" || domain < c.domain {
			c.domain = domain
		}
	}
	if err := c.startNode(ctx); err != nil {
		return nil, err
	}
	if err := c.startAgents(ctx); err != nil {
		return nil, errors.Join(err, c.close())
	}
	return c, nil
}

// startNode brings the switch up on ports that are free.
func (c *company) startNode(ctx context.Context) error {
	move, err := mover(c.config.Settings.Listeners, c.o)
	if err != nil {
		return err
	}
	passwords, err := c.passwords()
	if err != nil {
		return err
	}
	n := node.Options{Passwords: passwords, Config: c.config, Data: c.o.Data, Version: c.o.Version, Log: c.o.Log, Listen: move, Console: c.consoleAt}
	if !c.o.LAN {
		n.Media = loopback
	}
	if c.node, err = node.Start(ctx, n); err != nil {
		return err
	}
	if err := c.keepCustomers(ctx); err != nil {
		return errors.Join(err, c.close())
	}
	for _, at := range c.node.Addrs() {
		if proto, addr, ok := strings.Cut(at, " "); ok && proto == "udp" {
			c.server, err = netip.ParseAddrPort(addr)
			break
		}
	}
	if err != nil || !c.server.IsValid() {
		return errors.Join(errors.New("the configuration has no UDP listener: the robots need one"), err, c.close())
	}
	if c.server.Addr().IsUnspecified() {
		c.server = netip.AddrPortFrom(loopback, c.server.Port())
	}
	return nil
}

// desks are the codecs of the robots' phones, by turns: customers speak Opus, so each has the switch transcode.
var desks = []*codecs.Set{
	codecs.NewSet(g711.PCMU(), g711.PCMA()),
	codecs.NewSet(g711.PCMA()),
	codecs.NewSet(g722.Codec(), g711.PCMU()),
}

// startAgents registers a robot for everybody whom people.yaml calls one, and lets them join their queues. Other agents have one
// that lends them its phone.
func (c *company) startAgents(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	work, ctx := errgroup.WithContext(ctx)
	for _, p := range c.config.Spec.People {
		if p.Role != "agent" || len(p.Phones) == 0 {
			continue
		}
		a := &agent{account: p.Phones[0].Account, codecs: desks[len(c.agents)%len(desks)], log: c.o.Log,
			thinking: time.Duration(300+200*len(c.agents)) * time.Millisecond, answered: c.lobby.began, visitor: !p.Robot}
		c.agents = append(c.agents, a)
		work.Go(func() error { return c.startAgent(ctx, p, a) })
	}
	return work.Wait()
}

func (c *company) startAgent(ctx context.Context, p *acd.Person, a *agent) error {
	s := c.config.Settings
	o := phoneTo(c.server, s.Realm)
	o.User, o.Name, o.Expires, o.Log = a.account, p.Name, 2*time.Minute, c.o.Log
	o.Password = c.config.Secret(s.Accounts[a.account].Password)
	a.desk = func() bool { return c.node.Desks().IsOpen(p.ID) }
	a.replaced = func() bool { return c.elsewhere(a.account) }
	if err := newAgent(ctx, o, a); err != nil {
		return fmt.Errorf("robot of %s: %w", p.Name, err)
	}
	if a.visitor {
		return nil // she joins at her desk
	}
	for _, verb := range []string{"join", "resume"} {
		if _, err := c.node.Agent(ctx, console.AgentCommand{Agent: p.ID, Verb: verb}); err != nil {
			return fmt.Errorf("robot of %s: %w", p.Name, err)
		}
	}
	return nil
}

// elsewhere tells whether a phone that is no robot's is registered on an account.
func (c *company) elsewhere(account string) bool {
	for _, b := range c.node.Bindings(context.Background()) {
		if user, _, _ := strings.Cut(strings.TrimPrefix(b.AOR, "sip:"), "@"); user == account && b.UserAgent != robotAgent {
			return true
		}
	}
	return false
}

// close ends robots and switch.
func (c *company) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), goodbye)
	defer cancel()
	var all errgroup.Group
	for _, a := range append(c.apps.closing(), c.agents...) {
		all.Go(func() error { a.close(ctx); return nil })
	}
	all.Wait() //nolint:errcheck // closing a robot has no error
	if c.node == nil {
		return nil
	}
	return c.node.Stop(ctx)
}

// nameOf is the person behind an account or id.
func (c *company) nameOf(id string) string {
	if p := c.config.Spec.Person(id); p != nil {
		return p.Name
	}
	if p := c.config.Spec.PersonOf(id); p != nil {
		return p.Name
	}
	return id
}

var loopback = netip.AddrFrom4([4]byte{127, 0, 0, 1})

// mover finds ports that are free for all listeners, and returns what moves them there.
func mover(list []config.Listener, o Options) (func([]config.Listener) []config.Listener, error) {
	if len(list) == 0 {
		return nil, errors.New("the configuration has no listeners")
	}
	shift := 0
	if o.Port > 0 {
		shift = o.Port - int(list[0].Address.Port())
	}
	const enough = 200
	for range enough {
		move := func(in []config.Listener) []config.Listener { return moved(in, shift, o) }
		if allFree(move(list)) {
			return move, nil
		}
		shift++
	}
	return nil, fmt.Errorf("no %d ports after %s are free", enough, list[0].Address)
}

// moved are the listeners on other addresses and ports.
func moved(in []config.Listener, shift int, o Options) []config.Listener {
	var out []config.Listener
	for _, l := range in {
		host, port := l.Address.Addr(), l.Address.Port()
		switch {
		case o.LAN:
		case host.Unmap().Is4():
			host = loopback
		default:
			host = netip.IPv6Loopback()
		}
		if o.Port < 0 {
			port = 0
		} else if port != 0 {
			port += uint16(shift)
		}
		l.Address = netip.AddrPortFrom(host, port)
		out = append(out, l)
	}
	return out
}

// allFree says whether nobody else listens there.
func allFree(list []config.Listener) bool {
	for _, l := range list {
		var s interface{ Close() error }
		var err error
		if l.Protocol == "udp" {
			s, err = net.ListenPacket("udp", l.Address.String())
		} else {
			s, err = net.Listen("tcp", l.Address.String())
		}
		if err != nil {
			return false
		}
		s.Close() //nolint:errcheck // it was only a question
	}
	return true
}
