package node

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"ringway/config"
	"ringway/config/diag"
	"ringway/console"
)

// company starts a switch on the starter configuration, on loopback ports of its own.
func company(t *testing.T) *Node {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "company")
	if err := config.Init(dir); err != nil {
		t.Fatal(err)
	}
	return start(t, dir, t.TempDir())
}

// loopback moves listeners to free ports of the loopback address.
func loopback([]config.Listener) []config.Listener {
	at := netip.MustParseAddrPort("127.0.0.1:0")
	return []config.Listener{{Protocol: "udp", Address: at}, {Protocol: "tcp", Address: at}}
}

func start(t *testing.T, dir, data string) *Node {
	t.Helper()
	c, found, source := config.Load(dir)
	if c == nil {
		var b strings.Builder
		if err := diag.Render(&b, found, source); err != nil {
			t.Fatal(err)
		}
		t.Fatal(b.String())
	}
	n, err := Start(context.Background(), Options{Config: c, Data: data, Version: "test", Console: noConsole, Listen: loopback})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func stop(t *testing.T, n *Node) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := n.Stop(ctx); err != nil {
		t.Error(err)
	}
}

func TestStartAndStopLeaveNothing(t *testing.T) {
	defer goleak.VerifyNone(t)
	n := company(t)
	if s := n.Status(context.Background()); len(s.Listeners) != 2 || s.Config == "" {
		t.Errorf("status is %+v", s)
	}
	stop(t, n)
}

func TestASecondSwitchLeavesTheFirstAlone(t *testing.T) {
	defer goleak.VerifyNone(t)
	n := company(t)
	defer stop(t, n)
	_, err := Start(context.Background(), Options{Config: n.config(), Data: n.o.Data, Version: "test", Console: noConsole, Listen: loopback})
	if !errors.Is(err, console.ErrRunning) {
		t.Fatalf("a second switch on the same data folder: %v, want %v", err, console.ErrRunning)
	}
	if s := n.Status(context.Background()); s.Config == "" {
		t.Fatal("the first switch does not answer any more")
	}
}

// TestATakenAddressSaysWhatToDo: the start fails, names the key, and leaves nothing.
func TestATakenAddressSaysWhatToDo(t *testing.T) {
	defer goleak.VerifyNone(t)
	n := company(t)
	defer stop(t, n)
	_, sip, _ := strings.Cut(n.Addrs()[0], " ")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for key, o := range map[string]Options{
		"listeners": {Console: noConsole, Listen: func([]config.Listener) []config.Listener {
			return []config.Listener{{Protocol: "udp", Address: netip.MustParseAddrPort(sip)}}
		}},
		"console": {Console: func(string) string { return l.Addr().String() }, Listen: loopback},
	} {
		o.Config, o.Data, o.Version = n.config(), t.TempDir(), "test"
		if _, err := Start(t.Context(), o); err == nil || !strings.Contains(err.Error(), "under "+key+" in ringway.yaml") {
			t.Errorf("%s: %v", key, err)
		}
	}
}

// noConsole keeps switches of tests from asking for the console's port.
func noConsole(string) string { return "" }

// The roster tells what teams are called, as people.yaml has it.
func TestTeamsHaveNames(t *testing.T) {
	n := &Node{}
	n.cur.Store(&current{config: starter(t)})
	if p, known := (roster{n}).Person("mei"); !known || p.Team != "taipei" || p.TeamName != "Taipei desk" {
		t.Errorf("%+v", p)
	}
}
