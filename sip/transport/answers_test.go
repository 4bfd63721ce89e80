package transport

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"
)

// postOffice is a layer of two sockets that reads nothing, and a peer of each.
type postOffice struct {
	*Layer
	peers [2]*net.UDPConn
}

func openPostOffice(t *testing.T) *postOffice {
	t.Helper()
	p := &postOffice{}
	var listen []Listener
	for i, at := range []string{"127.0.0.1:0", "[::1]:0"} {
		listen = append(listen, Listener{Proto: UDP, Addr: netip.MustParseAddrPort(at)})
		c, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.MustParseAddrPort(at)))
		if err != nil {
			t.Fatal("this test needs ::1 beside 127.0.0.1 on the loopback interface: ", err)
		}
		t.Cleanup(func() { c.Close() })
		p.peers[i] = c
	}
	l, err := Open(Options{Listen: listen})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Stop)
	p.Layer = l
	return p
}

func (p *postOffice) write(t *testing.T, peer int, text string) {
	t.Helper()
	f := Flow{Proto: UDP, Local: p.Addrs()[peer].Addr, Remote: p.peers[peer].LocalAddr().(*net.UDPAddr).AddrPort()}
	if err := p.Write(f, []byte(text)); err != nil {
		t.Fatal(err)
	}
}

// arrived reads what a peer has got, one line for each datagram.
func (p *postOffice) arrived(t *testing.T, peer int) string {
	t.Helper()
	var got []string
	buf := make([]byte, 65536)
	for wait := 50 * time.Millisecond; ; {
		_ = p.peers[peer].SetReadDeadline(time.Now().Add(wait))
		n, err := p.peers[peer].Read(buf)
		if err != nil {
			return strings.Join(got, "\n")
		}
		got = append(got, string(buf[:n]))
	}
}

func answerText(n int) string { return fmt.Sprintf("SIP/2.0 200 %d", n) }

// While a batch is dealt with, answers to both families wait for its end and go out in the order they were written; a request
// waits for nothing.
func TestAnswersOfABatchGoTogether(t *testing.T) {
	p := openPostOffice(t)
	p.answers.begin()
	for i := range 6 {
		p.write(t, i%2, answerText(i))
	}
	p.write(t, 0, "OPTIONS sip:a SIP/2.0")
	same(t, "before the end", p.arrived(t, 0), "OPTIONS sip:a SIP/2.0")
	same(t, "sent before the end", p.Stats().Sent, 1)
	p.answers.end()
	same(t, "IPv4", p.arrived(t, 0), answerText(0)+"\n"+answerText(2)+"\n"+answerText(4))
	same(t, "IPv6", p.arrived(t, 1), answerText(1)+"\n"+answerText(3)+"\n"+answerText(5))
	same(t, "sent", p.Stats().Sent, 7)
	same(t, "bytes", p.Stats().BytesOut, uint64(6*len(answerText(0))+len("OPTIONS sip:a SIP/2.0")))
	p.write(t, 0, answerText(9))
	same(t, "without a batch", p.arrived(t, 0), answerText(9))
}

// A long batch keeps nobody waiting for its end: answers leave when there are enough for one system call.
func TestAnswersDoNotWaitForALongBatch(t *testing.T) {
	p := openPostOffice(t)
	p.answers.begin()
	for i := range answersAtOnce + 1 {
		p.write(t, 0, answerText(i))
	}
	same(t, "before the end", strings.Count(p.arrived(t, 0), "\n")+1, answersAtOnce)
	p.answers.end()
	same(t, "after it", p.arrived(t, 0), answerText(answersAtOnce))
}

// One that can't be sent costs only itself.
func TestAnswerThatCannotBeSent(t *testing.T) {
	p := openPostOffice(t)
	p.answers.begin()
	p.write(t, 0, answerText(1))
	p.write(t, 0, "SIP/2.0 "+strings.Repeat("x", maxDatagram-8))
	f := Flow{Proto: UDP, Local: p.Addrs()[0].Addr, Remote: netip.MustParseAddrPort("192.0.2.1:9")} // from a loopback address there is no way
	if err := p.Write(f, []byte(answerText(2))); err != nil {
		t.Fatal(err)
	}
	p.write(t, 0, answerText(3))
	p.answers.end()
	got := p.arrived(t, 0)
	if !strings.HasPrefix(got, answerText(1)+"\n") || !strings.HasSuffix(got, "\n"+answerText(3)) {
		t.Errorf("%.100q … of %d bytes", got, len(got))
	}
	same(t, "errors", p.Stats().SendErrors, 1)
	same(t, "sent", p.Stats().Sent, 3)
}

// Answers of many goroutines, with and without batches, all arrive.
func TestAnswersOfManyGoroutines(t *testing.T) {
	p := openPostOffice(t)
	_ = p.peers[0].SetReadBuffer(4 << 20)
	var group sync.WaitGroup
	const writers, each = 8, 100
	for w := range writers {
		group.Add(1)
		go func() {
			defer group.Done()
			for i := range each {
				if w%2 == 0 {
					p.answers.begin()
				}
				p.write(t, 0, answerText(w*each+i))
				if w%2 == 0 {
					p.answers.end()
				}
			}
		}()
	}
	group.Wait()
	lines := strings.Split(p.arrived(t, 0), "\n")
	same(t, "arrived", len(lines), writers*each)
	last := map[int]int{}
	for _, line := range lines {
		var n int
		if _, err := fmt.Sscanf(line, "SIP/2.0 200 %d", &n); err != nil {
			t.Fatal(err)
		}
		if before, ok := last[n/each]; ok && n <= before {
			t.Fatalf("%d came after %d of the same goroutine", n, before)
		}
		last[n/each] = n
	}
}
