package node

import (
	"net"
	"sync/atomic"
	"testing"
	"time"

	prtp "github.com/pion/rtp"

	"ringway/sip/siptest"
)

// An outsider who knows the media ports of a call sprays speech at them before, at and after the answer: neither side ever
// hears it, and fewer than five packets go to the outsider (conformance §4).
func TestOutsidersStreamReachesNobody(t *testing.T) {
	t.Parallel()
	a := openAnnex(t, annexOptions{})
	outsider := openSprayer(t)
	alice, bob := a.phone("p01"), a.phone("p02")
	out := alice.Invite("p02")
	in := bob.ExpectCall()
	outsider.sprays(in.Far()) // from our offer on: before anybody answered
	in.Ring(1)
	in.Answer()
	in.Send(1000) // phones speak as soon as they answer
	out.Expect(200)
	out.Send(440)
	in.ExpectAck()
	outsider.sprays(out.Far())
	quiet(t, in, out, 3*time.Second) // the second in which strangers may begin, and more
	alive(t, out, in)
	if n := outsider.heard.Load(); n >= 5 {
		t.Errorf("the outsider got %d packets", n)
	}
	if outsider.sent.Load() < 100 {
		t.Errorf("the outsider sent only %d packets", outsider.sent.Load())
	}
	out.Bye()
	in.ExpectBye()
	a.settled(5 * time.Second)
}

// quiet says that for a while neither side hears the outsider's tone.
func quiet(t *testing.T, in, out *siptest.Call, d time.Duration) {
	t.Helper()
	for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if in.Hears(outsiders) != 0 || out.Hears(outsiders) != 0 {
			t.Fatal("the outsider is heard")
		}
	}
}

// outsiders is the tone of the outsider, in Hz: silence between two bytes of µ-law, which nobody else sends.
const outsiders = 2000

// sprayer sends RTP from another address of this machine.
type sprayer struct {
	conn        *net.UDPConn
	at          chan *net.UDPAddr
	sent, heard atomic.Int64
	done        chan struct{}
}

func openSprayer(t *testing.T) *sprayer {
	t.Helper()
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 9, 9)})
	if err != nil {
		t.Fatal(err)
	}
	s := &sprayer{conn: conn, at: make(chan *net.UDPAddr, 4), done: make(chan struct{}, 2)}
	go s.runSpray()
	go s.runListen()
	t.Cleanup(func() {
		close(s.at)
		conn.Close()
		<-s.done
		<-s.done
	})
	return s
}

// sprays adds a port, host:port.
func (s *sprayer) sprays(port string) {
	if at, err := net.ResolveUDPAddr("udp", port); err == nil {
		s.at <- at
	}
}

// runSpray sends a packet each 10 ms to each port.
func (s *sprayer) runSpray() {
	defer func() { s.done <- struct{}{} }()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	pkt := prtp.Packet{Header: prtp.Header{Version: 2, SSRC: 0xbad}, Payload: make([]byte, 160)}
	for i := range pkt.Payload { // a square wave of 2 kHz
		pkt.Payload[i] = []byte{0x10, 0x10, 0x90, 0x90}[i%4]
	}
	var ports []*net.UDPAddr
	for {
		select {
		case at, ok := <-s.at:
			if !ok {
				return
			}
			ports = append(ports, at)
		case <-tick.C:
			pkt.SequenceNumber++
			pkt.Timestamp += 160
			raw, err := pkt.Marshal()
			for _, at := range ports {
				if err == nil {
					_, _ = s.conn.WriteToUDP(raw, at)
					s.sent.Add(1)
				}
			}
		}
	}
}

// runListen counts what comes back.
func (s *sprayer) runListen() {
	defer func() { s.done <- struct{}{} }()
	buf := make([]byte, 2048)
	for {
		if _, err := s.conn.Read(buf); err != nil {
			return
		}
		s.heard.Add(1)
	}
}
