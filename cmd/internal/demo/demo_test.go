package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"ringway/config"
	"ringway/sip/phone"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m, goleak.Cleanup(os.Exit)) }

// screen is what the demo prints, and tells when a phrase stands on it.
type screen struct {
	mu      sync.Mutex // guards what follows
	text    strings.Builder
	waiting map[string]chan struct{}
}

func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text.Write(b)
	for phrase, c := range s.waiting {
		if strings.Contains(s.text.String(), phrase) {
			close(c)
			delete(s.waiting, phrase)
		}
	}
	return len(b), nil
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// shows closes the channel when phrase is printed.
func (s *screen) shows(phrase string) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := make(chan struct{})
	if s.waiting == nil {
		s.waiting = map[string]chan struct{}{}
	}
	s.waiting[phrase] = c
	return c
}

// TestOnce runs the whole company twice on one data folder: a newcomer's first start, and the next.
func TestOnce(t *testing.T) {
	data := t.TempDir()
	for start := range 2 {
		var out screen
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		err := Run(ctx, Options{Data: data, Once: true, Port: -1, Out: &out})
		cancel()
		if err != nil {
			t.Fatalf("start %d: %v\n%s", start, err, &out)
		}
		for _, want := range []string{"language 5", "heard the customer: 425 Hz, ", "the customer heard", "1020 Hz, ",
			"customer opus, agent ", "answered, ", "ended by caller", "The first call works, both ways."} {
			if !strings.Contains(out.String(), want) && !(start == 1 && want == "language 5") { // Mei may still have wrap-up
				t.Errorf("start %d does not say %q:\n%s", start, want, &out)
			}
		}
		if first := strings.Contains(out.String(), "The sample company is in"); first != (start == 0) {
			t.Errorf("start %d speaks of a new folder: %t", start, first)
		}
	}
}

// TestGuideUntilCtrlC runs it as a newcomer does, and ends it in the middle.
func TestGuideUntilCtrlC(t *testing.T) {
	data := t.TempDir()
	var out screen
	shown := out.shows("Ctrl-C ends it all.")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- Run(ctx, Options{Data: data, Port: -1, Program: "./ringway", Out: &out}) }()
	select {
	case <-shown:
	case err := <-done:
		t.Fatalf("ended by itself: %v\n%s", err, &out)
	case <-time.After(time.Minute):
		t.Error("no guide")
	}
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"user sam, password ", "*45", "k1.", "baresip -f ", `-e "/dial *45"`, "sipp 127.0.0.1:", "./ringway explain call ", "./ringway report daily", " Asia/Taipei\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the guide lacks %q:\n%s", want, &out)
		}
	}
	for _, name := range []string{"sam/accounts", "sam/config", "app/accounts", "app/config", "call.xml"} {
		text, err := os.ReadFile(filepath.Join(data, "demo", "try", name))
		if err != nil || len(text) == 0 || strings.Contains(string(text), "DEMO_") {
			t.Errorf("%s: %v\n%s", name, err, text)
		}
	}
}

// The lines tell the time of the company, not of the machine that the demo runs on.
func TestLinesTellTheCompanysTime(t *testing.T) {
	c := &company{config: &config.Config{Settings: config.Settings{Zone: "Asia/Taipei"}}}
	if got := c.clock(time.Date(2026, 3, 2, 12, 0, 5, 0, time.UTC)); got != "20:00:05 Asia/Taipei" {
		t.Errorf("noon UTC is %s", got)
	}
}

func TestAnErrorInTheConfigurationIsShown(t *testing.T) {
	data := t.TempDir()
	dir := filepath.Join(data, "demo")
	if err := config.Init(dir); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "queues.yaml")
	if err := os.WriteFile(path, []byte("queues:\n  help: {rang: most_capable}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out screen
	err := Run(t.Context(), Options{Data: data, Once: true, Port: -1, Out: &out})
	if err == nil || !strings.Contains(out.String(), "queues.yaml:2:") {
		t.Fatalf("%v\n%s", err, &out)
	}
}

func TestBusyPortsAreSteppedOver(t *testing.T) {
	taken, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, text, _ := net.SplitHostPort(taken.LocalAddr().String())
	var port int
	if _, err := fmt.Sscan(text, &port); err != nil {
		t.Fatal(err)
	}
	list := config.Defaults().Listeners
	move, err := mover(list, Options{Port: port})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range move(list) {
		if !l.Address.Addr().IsLoopback() || int(l.Address.Port()) <= port {
			t.Errorf("%s listens on %s, with %d taken", l.Protocol, l.Address, port)
		}
	}
	move, err = mover(list, Options{Port: port, LAN: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range move(list) {
		if !l.Address.Addr().IsUnspecified() {
			t.Errorf("--lan listens on %s", l.Address)
		}
	}
	if _, err := mover(nil, Options{}); err == nil {
		t.Error("no listeners are no error")
	}
}

// TestFailuresAreSaid holds the words for what went wrong.
func TestFailuresAreSaid(t *testing.T) {
	good := Heard{Packets: 150, Tone: time.Second, Beats: 3, Delay: 1500 * time.Microsecond}
	for want, h := range map[string]Heard{
		"425 Hz, 1.5 ms behind": good,
		"NOTHING":               {},
		"NOT CLEARLY":           {Packets: 150, Other: time.Second},
	} {
		if got := said(h, customerBeat); !strings.Contains(got, want) {
			t.Errorf("%+v is %q", h, got)
		}
	}
	if (visit{toAgent: good}).heardBoth() {
		t.Error("one ear is enough")
	}
	if v := (visit{start: time.Now(), err: errors.New("the switch did not answer in time")}); !strings.Contains(v.sentence(nil), "did not answer") {
		t.Errorf("said %q", v.sentence(nil))
	}
}

// TestRobotTakesOneCallAtATime lets the newcomer's phone ring a robot twice.
func TestRobotTakesOneCallAtATime(t *testing.T) {
	var out screen
	c, err := open(t.Context(), Options{Data: t.TempDir(), Port: -1, Out: &out, Log: slog.New(slog.DiscardHandler), Program: "ringway"})
	if err != nil {
		t.Fatal(err)
	}
	o := phoneTo(c.server, c.config.Settings.Realm)
	o.User, o.Password = newcomer, c.config.Secret(c.config.Settings.Accounts[newcomer].Password)
	sam, err := phone.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	ends := make(chan phone.Event, 64)
	answered := make(chan struct{})
	line, err := openLine(desks[0], customerBeat, agentBeat, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer line.close()
	call := func(notify func(phone.Event)) *phone.Call {
		one, err := sam.Call(phone.CallOptions{To: "201", Media: line.media(), Notify: notify})
		if err != nil {
			t.Fatal(err)
		}
		return one
	}
	first := call(func(e phone.Event) {
		if e.Kind == phone.Answered {
			close(answered)
		}
		if e.Kind == phone.Ended {
			ends <- e
		}
	})
	await(t, answered)
	call(func(e phone.Event) {
		if e.Kind == phone.Ended {
			ends <- e
		}
	})
	if e := await(t, ends); e.Status < 400 || !e.Far { // which one is the dialplan's choice
		t.Errorf("the second call ended with %d, %s", e.Status, e.Reason)
	}
	first.Hangup()
	if e := await(t, ends); e.Status != 0 && e.Status != 480 || e.Far {
		t.Errorf("the first call ended with %+v", e)
	}
	ctx, cancel := context.WithTimeout(context.Background(), goodbye)
	defer cancel()
	sam.Close(ctx)
	if err := c.close(); err != nil {
		t.Error(err)
	}
}

// await reads from a channel, in bounded time.
func await[T any](t *testing.T, c <-chan T) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(15 * time.Second):
		t.Fatal("nothing came")
	}
	return v
}
