package demo

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"
)

// table prints aligned rows of a word and what there is to say.
type table struct{ w *tabwriter.Writer }

func (c *company) table() table { return table{tabwriter.NewWriter(c.o.Out, 0, 0, 2, ' ', 0)} }

func (t table) row(word string, cells ...string) {
	fmt.Fprintf(t.w, "  %s\t%s\n", word, strings.Join(cells, "\t"))
}

func (t table) flush() { t.w.Flush() } //nolint:errcheck // a terminal that is gone

// guide shows how to join.
func (c *company) guide(ctx context.Context) error {
	t, err := c.prepareTry(ctx)
	if err != nil {
		return err
	}
	c.consoleGuide()
	if password, ok := t.password[newcomer]; ok {
		c.printf("\nYour own phone, as the agent %s; a person goes before every robot\n", c.nameOf(newcomer))
		w := c.table()
		w.row("register at", fmt.Sprintf("%s, UDP or TCP%s; domain %s; user %s, password %s", t.server, c.moved(), t.realm, newcomer, password))
		w.row("serve", "dial *45 to join your queues (*45700 only one), *46 to leave, *48 to pause, *49 when ready again")
		w.row("call", "help, flights and menu as customers do, 201 to 206 for a colleague")
		w.flush()
	}
	c.printf("\nA customer of the app, good until %s\n", c.clock(t.customer.Expires))
	w := c.table()
	w.row("address", t.customer.AOR+", server "+t.server.String())
	w.row("user", t.customer.User)
	w.row("password", t.customer.Password)
	w.flush()
	c.printf("\nReady to run (Debian: baresip, sip-tester); in baresip a answers, b hangs up, q quits\n")
	w = c.table()
	for _, l := range t.lines() {
		w.row(l.word, l.command)
	}
	w.flush()
	c.printf("\nLook at it\n")
	w = c.table()
	for _, l := range c.looks() {
		w.row(l.word, l.command)
	}
	w.flush()
	c.printf("\n")
	if c.o.Keys != nil {
		c.printf("%s\n", keyHelp())
	}
	if c.o.Every > 0 {
		c.printf("A customer calls about every minute by herself. ")
	}
	c.printf("Ctrl-C ends it all.\n")
	return nil
}

// moved says why the port is not the usual one.
func (c *company) moved() string {
	for _, l := range c.config.Settings.Listeners {
		if want := l.Address.Port(); l.Protocol == "udp" && want != 0 && want != c.server.Port() {
			return fmt.Sprintf(" (%d was taken)", want)
		}
	}
	return ""
}

// command is a line of the guide that can be run as it stands.
type command struct{ word, command string }

// lines are the one-liners of other programs.
func (t try) lines() []command {
	var out []command
	if _, ok := t.password[newcomer]; ok {
		out = append(out, command{"agent", fmt.Sprintf(`baresip -f %s -e "/dial *45"`, filepath.Join(t.dir, "sam"))})
	}
	out = append(out, command{"customer", fmt.Sprintf(`baresip -f %s -e "/dial help"`, filepath.Join(t.dir, "app"))})
	if password, ok := t.password[guest]; ok {
		local := ""
		if t.server.Addr().IsLoopback() {
			local = " -i " + t.server.Addr().String()
		}
		sipp := fmt.Sprintf("sipp %s%s -sf %s -s help -au %s -ap %s -auth_uri help@%s -d 15000", t.server, local,
			filepath.Join(t.dir, "call.xml"), guest, password, t.server) // its own URI would lack the user part
		out = append(out, command{"a call", sipp + " -m 1"}, command{"ten calls", sipp + " -m 10 -r 1"})
	}
	return out
}

// looks are our own commands.
func (c *company) looks() []command {
	id := "ID"
	if c.first != "" {
		id = c.first
	}
	return []command{
		{"who does what", fmt.Sprintf("%s agents; %s bindings", c.o.Program, c.o.Program)},
		{"calls, and why", fmt.Sprintf("%s calls; %s explain call %s", c.o.Program, c.o.Program, id)},
		{"the day", c.o.Program + " report daily"},
		{"your edits", fmt.Sprintf("%s reload, after a change in %s", c.o.Program, filepath.Join(c.o.Data, "demo"))},
	}
}

// reachable is where a newcomer's phone sends SIP: loopback, or this machine's address in the network.
func (c *company) reachable() netip.AddrPort {
	if !c.o.LAN {
		return c.server
	}
	conn, err := (&net.Dialer{Timeout: time.Second}).Dial("udp", "192.0.2.1:9") // sends nothing; asks for the route only
	if err != nil {
		return c.server
	}
	defer conn.Close() //nolint:errcheck // it was only a question
	if at, err := netip.ParseAddrPort(conn.LocalAddr().String()); err == nil {
		return netip.AddrPortFrom(at.Addr(), c.server.Port())
	}
	return c.server
}
