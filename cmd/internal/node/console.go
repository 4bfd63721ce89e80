package node

import (
	"context"
	"crypto/tls"
	"errors"
	"time"

	"ringway/console"
	"ringway/console/staff"
)

// startConsole opens the staff's listener, where the configuration wants one.
func (n *Node) startConsole(ctx context.Context) error {
	c := n.config().Settings.Console
	listen := c.Listen
	if n.o.Console != nil {
		listen = n.o.Console(listen)
	}
	n.post = n.newPost() // its work begins when all is up
	if listen == "" {
		return nil
	}
	pair, err := c.Certificate(n.config().Dir)
	if err != nil {
		return err
	}
	o := console.Options{Listen: listen, PublicURL: c.PublicURL, Proxies: c.Proxies, PerSource: c.PerSource, Log: n.log, Now: n.clock.Now, Parts: n.consoleParts()}
	o.OIDC = console.OIDC{Issuer: c.OIDC.Issuer, ClientID: c.OIDC.ClientID, Scopes: c.OIDC.Scopes}
	if c.OIDC.ClientSecret != "" {
		o.OIDC.ClientSecret = n.config().Secret(c.OIDC.ClientSecret)
	}
	if pair != nil {
		o.TLS = &tls.Config{Certificates: []tls.Certificate{*pair}, MinVersion: tls.VersionTLS12}
	}
	if n.staff, err = console.Serve(o); err != nil {
		return taken(err, "console")
	}
	return n.firstStart(ctx, o.Staff)
}

// firstStart sets the passwords that were given with the start, and says with which link an administrator sets the first one
// where nobody has any.
func (n *Node) firstStart(ctx context.Context, g *staff.Guard) error {
	for person, password := range n.o.Passwords {
		if err := g.SetPassword(ctx, person, password); err != nil {
			return err
		}
	}
	token, err := g.Setup(ctx)
	if err != nil || token == "" {
		return err
	}
	n.setup = n.ConsoleURL() + "/setup?token=" + token
	n.log.Info("nobody can log in to the console yet: an administrator sets the first password with the link that was printed") // which is a secret
	return nil
}

// SetupLink is where an administrator sets the first password, "" where somebody has one.
func (n *Node) SetupLink() string { return n.setup }

// consoleParts is what the console's operations ask.
func (n *Node) consoleParts() console.Parts {
	hours := time.Duration(n.config().Settings.Console.SessionHours) * time.Hour
	people := roster{n}
	return console.Parts{
		Switch:    n,
		Desks:     n.hub,
		Ready:     n.ready,
		Roster:    people,
		Journal:   n.tables,
		Queues:    n,
		Live:      n,
		Callbacks: callbacks{&reach{n: n}},
		Meter:     n,
		Trunks:    n,
		Customers: n.tables,
		Records:   n.db,
		Events:    n.events,
		Webhooks:  n.hooks,
		Reports:   n.newReports(),
		Mails:     n.tables,
		Letters:   n.post,
		Board:     n.board,
		Walls:     n.tables,
		Plans:     newPlans(n),
		Traces:    traces{n},
		Labels:    wraps{n}.label,
		Zone:      func() *time.Location { return zoneOf(n.config()) },
		Staff:     staff.NewGuard(staff.Options{Store: n.tables, People: people, Life: hours, Now: n.clock.Now, Log: n.log}),

		Recordings: n.recordings,
	}
}

// ConsoleURL is where the console is for a browser, "" where it is off.
func (n *Node) ConsoleURL() string {
	if n.staff == nil {
		return ""
	}
	if u := n.config().Settings.Console.PublicURL; u != "" {
		return u
	}
	return n.staff.URL()
}

var errDegraded = errors.New("records can't be written: 'ringway status' says why")

// ready tells what keeps the switch from being given work.
func (n *Node) ready() error {
	if !n.records.Health().OK {
		return errDegraded
	}
	return nil
}
