package node

import (
	"context"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ringway/sip/siptest"
)

// Strangers flood the switch with requests of users whom nobody knows, each with a Call-ID and branch of its own: the heap
// stays bounded, no transaction remains, and meanwhile phones register and call as ever (conformance §4).
func TestFloods(t *testing.T) {
	for _, method := range []string{"REGISTER", "INVITE", "OPTIONS", "MESSAGE"} {
		t.Run(method, func(t *testing.T) {
			a := openAnnex(t, annexOptions{})
			out, in := a.talk(a.phone("p01"), a.phone("p02"))
			first := openFlood(t, a.server, method)
			first.run(4_000) // tables of fixed room fill
			before := live()
			f := openFlood(t, a.server, method)
			flooded := make(chan struct{})
			go f.runUntilDone(8_000, flooded)
			for i := 0; ; i++ {
				c, d := a.talk(a.phone(fmt.Sprintf("p%02d", 10+2*i)), a.phone(fmt.Sprintf("p%02d", 11+2*i)))
				alive(t, c, d)
				c.Bye()
				d.ExpectBye()
				select {
				case <-flooded:
				default:
					if i < 40 {
						continue
					}
				}
				break
			}
			<-flooded
			alive(t, out, in)
			if after := live(); after > before+24<<20 {
				t.Errorf("%d requests of %s made the heap grow from %d to %d KiB", f.sent.Load(), method, before>>10, after>>10)
			}
			if n := a.Status(context.Background()).Bindings; n > 84 {
				t.Errorf("%d phones are registered", n)
			}
			out.Bye()
			in.ExpectBye()
			a.settled(10 * time.Second)
			if f.answers.Load() == 0 {
				t.Error("the flood was not heard")
			}
		})
	}
}

// flood sends requests that nobody wants, from a few sockets.
type flood struct {
	method        string
	conns         []*net.UDPConn
	wg            sync.WaitGroup
	sent, answers atomic.Int64
}

func openFlood(t *testing.T, server, method string) *flood {
	t.Helper()
	to, err := net.ResolveUDPAddr("udp", server)
	if err != nil {
		t.Fatal(err)
	}
	f := &flood{method: method}
	for i := range 4 {
		c, err := net.DialUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 7, byte(1+i))}, to)
		if err != nil {
			t.Fatal(err)
		}
		f.conns = append(f.conns, c)
		f.wg.Add(1)
		go f.runCount(c)
	}
	t.Cleanup(func() {
		for _, c := range f.conns {
			c.Close()
		}
		f.wg.Wait()
	})
	return f
}

func (f *flood) runUntilDone(n int, done chan<- struct{}) {
	defer close(done)
	f.run(n)
}

// run sends n requests, 4,000 a second in bursts of 100.
func (f *flood) run(n int) {
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	for i := range n {
		c := f.conns[i%len(f.conns)]
		uri, to := "sip:wayfare.example", "<sip:ghost@wayfare.example>"
		if f.method != "REGISTER" {
			uri, to = "sip:800@wayfare.example", "<sip:800@wayfare.example>"
		}
		_, _ = fmt.Fprintf(c, "%s %s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bKf%d;rport\r\nMax-Forwards: 70\r\n"+
			"From: <sip:ghost%d@wayfare.example>;tag=%d\r\nTo: %s\r\nCall-ID: %s-%d\r\nCSeq: 1 %s\r\nContact: <sip:ghost@%s>\r\nContent-Length: 0\r\n\r\n",
			f.method, uri, c.LocalAddr(), i, i, i, to, c.LocalAddr(), i, f.method, c.LocalAddr())
		f.sent.Add(1)
		if i%100 == 99 {
			<-tick.C
		}
	}
}

func (f *flood) runCount(c *net.UDPConn) {
	defer f.wg.Done()
	buf := make([]byte, 65536)
	for {
		if _, err := c.Read(buf); err != nil {
			return
		}
		f.answers.Add(1)
	}
}

// guesser is a phone that gives a wrong password.
func (a *annex) guesser(account, password string) *siptest.Handset {
	p := a.silentPhone(a.t, siptest.Phone{User: account})
	p.Password = password
	return p
}
