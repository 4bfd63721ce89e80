package node

import (
	"strconv"
	"testing"

	"ringway/sip/siptest"
)

// All media ports are taken: a new call gets 503 with Retry-After, those that are up go on, the log warns, and as soon as a
// port is free again calls get in. Callers without an offer need a port of their own each, since the far address is not
// known yet.
func TestMediaPortsExhausted(t *testing.T) {
	t.Parallel()
	a := openAnnex(t, annexOptions{rtp: "ports: 27000-27007"}) // four pairs
	p := a.silentPhone(t, siptest.Phone{User: "p01", NoMedia: true})
	p.Register()
	var up []*siptest.Call
	for {
		c := p.Invite("800")
		res := c.ExpectFinal()
		if res.StatusCode == 200 {
			up = append(up, c)
			continue
		}
		wantRefusal(t, res.StatusCode, res.GetHeader("Retry-After"))
		break
	}
	if len(up) == 0 || len(up) > 4 {
		t.Errorf("%d calls got one of four ports", len(up))
	}
	if a.log.count("no media port") == 0 {
		t.Error("the log says nothing of ports")
	}
	for _, c := range up {
		c.Forget()
		eventually(t, p.Patience, "music goes on", func() bool { return c.Packets() > 10 })
	}
	up[0].Bye()
	again := p.Invite("800")
	again.Expect(200)
	again.Bye()
	for _, c := range up[1:] {
		c.Bye()
	}
	a.settled(p.Patience)
}

// wantRefusal says that a call was refused as overload is: to be tried again soon.
func wantRefusal(t *testing.T, status int, retry interface{ Value() string }) {
	t.Helper()
	if status != 503 {
		t.Fatalf("the call got %d, want 503", status)
	}
	if retry == nil {
		t.Fatal("the 503 has no Retry-After")
	}
	if s, err := strconv.Atoi(retry.Value()); err != nil || s < 1 || s > 60 {
		t.Errorf("Retry-After is %q", retry.Value())
	}
}
