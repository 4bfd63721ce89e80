package node

import (
	"context"
	"crypto/tls"
	"errors"

	"ringway/console"
)

// startConsole opens the staff's listener, where the configuration wants one.
func (n *Node) startConsole(context.Context) error {
	c := n.config().Settings.Console
	listen := c.Listen
	if n.o.Console != nil {
		listen = n.o.Console(listen)
	}
	if listen == "" {
		return nil
	}
	pair, err := c.Certificate(n.config().Dir)
	if err != nil {
		return err
	}
	o := console.Options{Listen: listen, Log: n.log, Now: n.clock.Now, Parts: n.consoleParts()}
	if pair != nil {
		o.TLS = &tls.Config{Certificates: []tls.Certificate{*pair}, MinVersion: tls.VersionTLS12}
	}
	n.staff, err = console.Serve(o)
	return err
}

// consoleParts is what the console's operations ask.
func (n *Node) consoleParts() console.Parts {
	return console.Parts{Switch: n, Ready: n.ready}
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
