package console

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"ringway/console/staff"
	"ringway/store/report"
)

// What is too large is refused, not read. A server that stops reading may close before the client has written it all, so what
// counts is that nothing was done.
func TestTooLarge(t *testing.T) {
	o := opened(t)
	ada := o.as("ada")
	for _, key := range []string{"", "k"} {
		large := `{"id":"c-1","name":"` + strings.Repeat("x", 2<<20) + `"}`
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, o.api.URL()+"/api/v1/customers", strings.NewReader(large))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-CSRF-Token", ada.csrf)
		req.AddCookie(&http.Cookie{Name: sessionCookie, Value: ada.cookie})
		if key != "" {
			req.Header.Set("Idempotency-Key", key)
		}
		if resp, err := http.DefaultClient.Do(req); err == nil {
			resp.Body.Close()
			if resp.StatusCode != http.StatusRequestEntityTooLarge {
				t.Errorf("2 MiB with key %q: %s", key, resp.Status)
			}
		}
		ada.want("GET", "/api/v1/customers/c-1", nil, 404)
	}
	c := o.anonymous()
	c.key = "rw_" + strings.Repeat("x", 5000)
	c.want("GET", "/api/v1/status", nil, 401)
	c.key, c.cookie = "", strings.Repeat("y", 5000)
	c.want("GET", "/api/v1/status", nil, 401)
}

// A body that is cut off on its way, or is packed, is no fault of ours: it is told what is wrong, and nothing is done.
func TestBodyCutOff(t *testing.T) {
	o := opened(t)
	key := o.machine(staff.WriteCustomers).key
	for head, want := range map[string]string{"": "400", "Idempotency-Key: k\r\n": "400", "Content-Encoding: gzip\r\n": "415"} {
		c, err := net.Dial("tcp", o.api.Addr())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()                                                                                      //nolint:errcheck // it was half closed
		c.SetDeadline(time.Now().Add(time.Minute))                                                           //nolint:errcheck // then reading fails
		io.WriteString(c, "POST /api/v1/customers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "+key+"\r\n"+ //nolint:errcheck // then reading fails
			"Content-Type: application/json\r\n"+head+"Content-Length: 500\r\n\r\n{\"id\": \"c-1\"}")
		c.(*net.TCPConn).CloseWrite() //nolint:errcheck // then reading fails
		resp, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatalf("%q: %v", head, err)
		}
		if said, _ := io.ReadAll(resp.Body); !strings.HasPrefix(resp.Status, want) || !strings.Contains(string(said), `"code":"`) {
			t.Errorf("%q: %s %s", head, resp.Status, said)
		}
	}
	o.as("ada").want("GET", "/api/v1/customers/c-1", nil, 404)
}

// A fault of one operation costs one answer, and tells nothing of its inside.
func TestPanic(t *testing.T) {
	o := opened(t) // without a switch behind it
	o.api.Close()  //nolint:errcheck // another one is opened
	o.api = serve(t, Options{Now: o.clock.now, Parts: Parts{Staff: o.guard, Roster: people, Journal: o.db}})
	if text := o.as("ada").want("GET", "/api/v1/queues", nil, 500); strings.Contains(text, "nil") {
		t.Error(text)
	}
	o.as("ada").want("GET", "/api/v1/me", nil, 200)
}

// brokenReports fail as nobody expects.
type brokenReports struct{}

func (brokenReports) Make(context.Context, report.Query, report.Viewer) (*report.Table, error) {
	return nil, errors.New("the inside of it")
}

// What nobody expected is told to the log, and not to the caller.
func TestFailure(t *testing.T) {
	o := opened(t)
	o.api.Close() //nolint:errcheck // another one is opened
	var log bytes.Buffer
	o.api = serve(t, Options{Now: o.clock.now, Log: slog.New(slog.NewTextHandler(&log, nil)), Parts: Parts{Staff: o.guard, Roster: people, Journal: o.db, Reports: brokenReports{}}})
	if said := o.as("ada").want("GET", "/api/v1/reports/daily", nil, 500, `"code":"failed"`); strings.Contains(said, "inside") {
		t.Error(said)
	}
	o.api.Close() //nolint:errcheck // then nobody writes the log any more
	if !strings.Contains(log.String(), "the inside of it") {
		t.Errorf("the log says %s", log.String())
	}
}

// More connections than the bound are closed at once, and those that are in stay in.
func TestConnectionsAreBounded(t *testing.T) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := limit(inner, limits{all: 2, source: 2})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				io.Copy(c, c) //nolint:errcheck // until the test closes it
				c.Close()     //nolint:errcheck // nothing is lost
			}()
		}
	}()
	dial := func() (net.Conn, bool) {
		c, err := net.Dial("tcp", inner.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		c.SetDeadline(time.Now().Add(10 * time.Second)) //nolint:errcheck // a TCP connection has deadlines
		if _, err := c.Write([]byte("x\n")); err != nil {
			return c, false
		}
		_, err = bufio.NewReader(c).ReadString('\n')
		return c, err == nil
	}
	first, in := dial()
	second, in2 := dial()
	third, in3 := dial()
	if !in || !in2 || in3 {
		t.Errorf("let in: %t %t %t, want two", in, in2, in3)
	}
	first.Close() //nolint:errcheck // to make room
	for range 200 {
		c, in := dial()
		c.Close() //nolint:errcheck // it was only a question
		if in {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	for _, c := range []io.Closer{second, third, l} {
		c.Close() //nolint:errcheck // the test is over
	}
	<-done
}

// One source can't take the room of all others; a proxy stands for many, and an IPv6 network for one.
func TestConnectionsOfOneSourceAreBounded(t *testing.T) {
	l := &limited{most: limits{all: 5, source: 2, trusted: []netip.Prefix{netip.MustParsePrefix("192.0.2.9/32")}}, from: map[string]int{}}
	enter := func(host string) string {
		return l.enter(l.sourceOf(&net.TCPAddr{IP: net.ParseIP(host), Port: 1}))
	}
	for i, c := range []struct{ host, full string }{
		{"192.0.2.1", ""}, {"192.0.2.1", ""}, {"192.0.2.1", "source"}, {"::ffff:192.0.2.1", "source"},
		{"2001:db8::1", ""}, {"2001:db8::2", ""}, {"2001:db8::3", "source"},
		{"192.0.2.9", ""}, {"192.0.2.9", "all"},
	} {
		if got := enter(c.host); got != c.full {
			t.Errorf("%d: %s is stopped by %q, want %q", i, c.host, got, c.full)
		}
	}
	l.leave("192.0.2.1")
	for i, want := range []string{"", "all"} {
		if got := enter("192.0.2.9"); got != want {
			t.Errorf("proxy %d: stopped by %q, want %q", i, got, want)
		}
	}
	for range 2 {
		l.leave("")
	}
	l.leave("192.0.2.1")
	l.leave("2001:db8::/64")
	l.leave("2001:db8::/64")
	if l.in != 0 || len(l.from) != 0 {
		t.Errorf("%d are in, of %v", l.in, l.from)
	}
}

// A listener closes what one source opens beyond its limit, and lets it in again once there is room.
func TestTheConsoleBoundsASource(t *testing.T) {
	s := serve(t, Options{PerSource: 3})
	var held []net.Conn
	in := func() bool {
		c, err := net.Dial("tcp", s.Addr())
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, c)
		c.SetDeadline(time.Now().Add(10 * time.Second)) //nolint:errcheck // a TCP connection has deadlines
		if _, err := io.WriteString(c, "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
			return false
		}
		_, err = bufio.NewReader(c).ReadString('\n')
		return err == nil
	}
	for i := range 4 {
		if got := in(); got != (i < 3) {
			t.Errorf("connection %d is let in: %t", i+1, got)
		}
	}
	held[0].Close() //nolint:errcheck // to make room
	again := false
	for deadline := time.Now().Add(10 * time.Second); !again && time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		again = in()
	}
	if !again {
		t.Error("nobody is let in again")
	}
	for _, c := range held {
		c.Close() //nolint:errcheck // the test is over
	}
}

// Where a request comes from is the connection's address; only a listed proxy is believed, and only as far as it saw itself.
func TestSource(t *testing.T) {
	for _, c := range []struct {
		remote, forwarded, trusted, want string
	}{
		{"192.0.2.1:99", "198.51.100.7", "", "192.0.2.1"},
		{"192.0.2.1:99", "198.51.100.7", "192.0.2.0/24", "198.51.100.7"},
		{"192.0.2.1:99", "6.6.6.6, 198.51.100.7", "192.0.2.0/24", "198.51.100.7"},
		{"192.0.2.1:99", "198.51.100.7, 192.0.2.9", "192.0.2.0/24", "198.51.100.7"},
		{"192.0.2.1:99", "198.51.100.7, nonsense", "192.0.2.0/24", "192.0.2.1"},
		{"192.0.2.1:99", "", "192.0.2.0/24", "192.0.2.1"},
		{"[::ffff:192.0.2.1]:99", "2001:db8::1", "192.0.2.0/24", "2001:db8::1"},
	} {
		var trusted []netip.Prefix
		if c.trusted != "" {
			trusted = append(trusted, netip.MustParsePrefix(c.trusted))
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.RemoteAddr = c.remote
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := source(withSource(r, trusted).Context()); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

// A browser that reports something gets thanks, once a minute it is logged, and it can't be used to fill memory.
func TestReportOfAStoppedScript(t *testing.T) {
	o := opened(t)
	for range 3 {
		status, _ := o.anonymous().send("POST", "/api/v1/csp-report", `{"csp-report":{"blocked-uri":"inline"}}`)
		if status != http.StatusNoContent {
			t.Errorf("a report: %d", status)
		}
	}
	if status, _ := o.anonymous().send("POST", "/api/v1/csp-report", strings.Repeat("x", 100<<10)); status != http.StatusNoContent {
		t.Errorf("a large report: %d", status)
	}
	if !staff.Agent.AtLeast(staff.Agent) || staff.Agent.AtLeast(staff.Manager) || staff.Role("").AtLeast(staff.Agent) {
		t.Error("roles are out of order")
	}
}
