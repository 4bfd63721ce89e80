//go:build real

package main

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"ringway/sip/siptest"
	"ringway/store"
)

// Faults that befall the whole process: it is stopped and goes on, its descriptors are used up, its disk is full.

// handset opens an agent's phone, registered.
func (s *site) handset(account string) *siptest.Handset {
	s.t.Helper()
	p := siptest.NewPhone(s.t, siptest.Phone{User: account, Password: "pw-" + account, Domain: "wayfare.example",
		Server: fmt.Sprintf("127.0.0.1:%d", s.port), Patience: 20 * time.Second})
	p.Register()
	return p
}

// connect lets one phone call the other, with a tone in each direction.
func connect(t *testing.T, from, to *siptest.Handset, number string) (out, in *siptest.Call) {
	t.Helper()
	out = from.Invite(number)
	in = to.ExpectCall()
	in.Ring(1)
	in.Answer()
	in.Send(1000)
	out.Expect(200)
	out.Send(440)
	in.ExpectAck()
	return out, in
}

// hear says that both hear each other, anew.
func hear(t *testing.T, out, in *siptest.Call) {
	t.Helper()
	out.Forget()
	in.Forget()
	in.WantTone(t, 440)
	out.WantTone(t, 1000)
}

// The process stands still for ten seconds: nobody is hung up for it, a timer that ran out meanwhile fires once, and the
// conversation and the caller in the queue go on.
func TestStoppedForTenSeconds(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	mei, wei, ken := s.handset("mei"), s.handset("wei"), s.handset("ken")
	out, in := connect(t, mei, wei, "202")
	waiting := s.handset("aiko").Invite("help")
	waiting.Expect(200)
	tries := ken.Invite("201") // rings for 10 s at mei's phone, which does not mind
	ringing := mei.ExpectCall()
	ringing.Ring(1)
	tries.Expect(180)
	s.signal(syscall.SIGSTOP)
	time.Sleep(11 * time.Second)
	s.signal(syscall.SIGCONT)
	ringing.ExpectCancel()
	if res := tries.ExpectFinal(); res.StatusCode < 400 {
		t.Errorf("the call that rang too long got %s", res.StartLine())
	}
	hear(t, out, in)
	if now := s.status(); now.Calls != 2 || now.Bindings != 4 || now.Waiting != 1 {
		t.Errorf("after it went on there are %d calls, %d phones, %d waiting", now.Calls, now.Bindings, now.Waiting)
	}
	time.Sleep(3 * time.Second) // nothing more happens
	hear(t, out, in)
	if now := s.status(); now.Calls != 2 || now.Waiting != 1 {
		t.Errorf("a little later there are %d calls, %d waiting", now.Calls, now.Waiting)
	}
	out.Bye()
	in.ExpectBye()
	waiting.Bye()
	s.idle()
	s.written()
	if n := len(s.calls()); n != 3 {
		t.Errorf("%d CDRs, want 3", n)
	}
	if got := s.count("SELECT COUNT(*) FROM calls WHERE disposition = ?", string(store.DispositionAnswered)); got != 2 {
		t.Errorf("%d calls are on record as answered, want 2", got)
	}
}

// No descriptor is left: calls that are up go on, a call that needs another port is refused and may come again, the log
// warns of connections that can't be taken, and all is well when there is room again.
func TestDescriptorsUsedUp(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	mei, wei := s.handset("mei"), s.handset("wei")
	out, in := connect(t, mei, wei, "202")
	ken := s.handset("ken")
	restore := s.limit(unix.RLIMIT_NOFILE, s.descriptors())
	refused := ken.Invite("201")
	if res := refused.ExpectFinal(); res.StatusCode != 503 || res.GetHeader("Retry-After") == nil {
		t.Errorf("a call without a port gets\n%s", res.String())
	}
	conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", s.port))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if !within(5*time.Second, func() bool { return strings.Contains(s.logged(), "connection could not be accepted") }) {
		t.Error("the log does not warn of connections")
	}
	hear(t, out, in)
	restore()
	if _, err := fmt.Fprintf(conn, "OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP %s;branch=z9hG4bKfd\r\nMax-Forwards: 70\r\n"+
		"From: <sip:a@example.org>;tag=1\r\nTo: <sip:127.0.0.1>\r\nCall-ID: fd\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n", conn.LocalAddr()); err != nil {
		t.Fatal(err)
	}
	if err := conn.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(conn).ReadString('\n'); !strings.HasPrefix(line, "SIP/2.0 200") {
		t.Errorf("the connection that waited gets %q, %v", line, err)
	}
	again := ken.Invite("201")
	ringing := mei.ExpectCall()
	ringing.Answer()
	again.Expect(200)
	again.Bye()
	out.Bye()
	in.ExpectBye()
	s.idle()
}

// The disk is full: calls go on and the status says that records wait; with room again, all of them are there.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	mei, wei := s.handset("mei"), s.handset("wei")
	before, other := connect(t, mei, wei, "202")
	s.settledRecords(false)
	restore := s.limit(unix.RLIMIT_FSIZE, 1)
	before.Bye()
	other.ExpectBye()
	for range 5 {
		out, in := connect(t, wei, mei, "201")
		hear(t, out, in)
		out.Bye()
		in.ExpectBye()
	}
	s.settledRecords(true)
	restore()
	s.settledRecords(false)
	s.idle()
	s.written()
	if n := s.count("SELECT COUNT(*) FROM calls WHERE cause = 'normal'"); n != 6 {
		t.Errorf("%d calls are on record, want 6", n)
	}
	if h := s.status().Records; h.Lost != 0 {
		t.Errorf("%d records are lost", h.Lost)
	}
}

// settledRecords waits until records wait for the disk, or until none does.
func (s *site) settledRecords(degraded bool) {
	s.t.Helper()
	done := func() bool { h := s.status().Records; return h.Degraded == degraded && (h.Waiting > 0) == degraded }
	if !within(15*time.Second, done) {
		s.t.Fatalf("the records are %+v", s.status().Records)
	}
}

// descriptors is how many the switch has open.
func (s *site) descriptors() uint64 {
	s.t.Helper()
	list, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", s.serve.Process.Pid))
	if err != nil {
		s.t.Fatal(err)
	}
	return uint64(len(list))
}

// limit sets a limit of the running switch, and returns what takes it back.
func (s *site) limit(resource int, to uint64) (restore func()) {
	s.t.Helper()
	var old unix.Rlimit
	pid := s.serve.Process.Pid
	if err := unix.Prlimit(pid, resource, nil, &old); err != nil {
		s.t.Fatal(err)
	}
	if err := unix.Prlimit(pid, resource, &unix.Rlimit{Cur: to, Max: old.Max}, nil); err != nil {
		s.t.Fatal(err)
	}
	return func() {
		if err := unix.Prlimit(pid, resource, &old, nil); err != nil {
			s.t.Error(err)
		}
	}
}
