package node

import (
	"bytes"
	"context"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"ringway/config"
	"ringway/console"
)

// answering is a phone that never registers and answers every OPTIONS.
func answering(t *testing.T) netip.AddrPort {
	t.Helper()
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.MustParseAddrPort("127.0.0.1:0")))
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		buf := make([]byte, 4096)
		for {
			n, from, err := conn.ReadFromUDPAddrPort(buf)
			if err != nil {
				return
			}
			if !bytes.HasPrefix(buf[:n], []byte("OPTIONS ")) {
				continue
			}
			answer := "SIP/2.0 200 OK\r\n"
			for _, line := range strings.Split(string(buf[:n]), "\r\n")[1:] {
				name, _, _ := strings.Cut(line, ":")
				switch strings.ToLower(name) {
				case "to":
					line += ";tag=static"
					fallthrough
				case "via", "from", "call-id", "cseq":
					answer += line + "\r\n"
				}
			}
			if _, err := conn.WriteToUDPAddrPort([]byte(answer+"Content-Length: 0\r\n\r\n"), from); err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() {
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
		<-done
	})
	return conn.LocalAddr().(*net.UDPAddr).AddrPort()
}

func TestAQualifiedStaticContactMakesAnAgentAvailable(t *testing.T) {
	at := answering(t)
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	dir := filepath.Join(t.TempDir(), "company")
	if err := config.Init(dir); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "ringway.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text = bytes.Replace(text, []byte("wei:    {"), []byte(`wei: {contact: "`+at.String()+`", `), 1)
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	n := start(t, dir, t.TempDir())
	defer stop(t, n)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	v, err := n.Agent(ctx, console.AgentCommand{Agent: "wei", Verb: "join"})
	for ; err == nil && v.State != "available" && ctx.Err() == nil; time.Sleep(20 * time.Millisecond) {
		v, err = n.Agent(ctx, console.AgentCommand{Agent: "wei", Verb: "join"})
	}
	if err != nil || v.State != "available" {
		t.Fatalf("wei is %q (%v), want available: her phone answers OPTIONS", v.State, err)
	}
	if c, known := n.edge.Contacts("wei", n.clock.Now()); !known || len(c) != 1 || c[0].Flow.Remote != at {
		t.Fatalf("wei would be rung at %+v, want %s", c, at)
	}
}

func TestAStaticContactIsGoneAfterTwoSilences(t *testing.T) {
	s := statics{missed: map[string]int{}, alive: map[string]bool{}}
	for i, step := range []struct{ answered, alive, changed bool }{
		{false, false, false}, {true, true, true}, {false, true, false}, {true, true, false},
		{false, true, false}, {false, false, true}, {false, false, false}, {true, true, true},
	} {
		if alive, changed := s.heard("wei", step.answered); alive != step.alive || changed != step.changed {
			t.Fatalf("step %d: alive %t, changed %t; want %t, %t", i, alive, changed, step.alive, step.changed)
		}
	}
	if gone := s.forget(nil); len(gone) != 1 || s.lives("wei") {
		t.Fatalf("a removed contact: %v gone, lives %t", gone, s.lives("wei"))
	}
}
