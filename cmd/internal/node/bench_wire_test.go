package node

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// The load handles SIP as text, without any of our packages: it has to be quick, and it must not share our bugs.

// peer is a socket of the load and the goroutine that reads it.
type peer struct {
	conn   *net.UDPConn
	at     string // of the socket, as it stands in Via and Contact
	to     netip.AddrPort
	branch atomic.Uint64
	wg     sync.WaitGroup
}

// openPeer binds a socket on a loopback address and hands what arrives to take, on one goroutine.
func openPeer(tb testing.TB, ip string, to netip.AddrPort, take func(*peer, []byte)) *peer {
	tb.Helper()
	conn, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(ip), 0)))
	if err != nil {
		tb.Fatal(err)
	}
	_ = conn.SetReadBuffer(8 << 20)
	p := &peer{conn: conn, at: conn.LocalAddr().String(), to: to}
	p.wg.Add(1)
	go p.runReader(take)
	tb.Cleanup(func() { conn.Close(); p.wg.Wait() })
	return p
}

func (p *peer) runReader(take func(*peer, []byte)) {
	defer p.wg.Done()
	buf := make([]byte, 65536)
	for {
		n, _, err := p.conn.ReadFromUDPAddrPort(buf)
		if err != nil {
			return
		}
		take(p, buf[:n])
	}
}

func (p *peer) send(b []byte) { _, _ = p.conn.WriteToUDPAddrPort(b, p.to) }

// via is the start line of a request and its topmost Via.
func (p *peer) via(method, uri string) []byte {
	b := make([]byte, 0, 1024)
	b = fmt.Appendf(b, "%s %s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bK%d;rport\r\nMax-Forwards: 70\r\n", method, uri, p.at, p.branch.Add(1))
	return b
}

// field is the value of a header as the switch writes it: its long name, on one line.
func field(msg []byte, name string) []byte {
	i := bytes.Index(msg, []byte("\r\n"+name+": "))
	if i < 0 {
		return nil
	}
	rest := msg[i+len(name)+4:]
	end := bytes.IndexByte(rest, '\r')
	if end < 0 {
		return nil
	}
	return rest[:end]
}

// status is the code of a response, or 0 of a request.
func status(msg []byte) int {
	if len(msg) < 12 || !bytes.HasPrefix(msg, []byte("SIP/2.0 ")) {
		return 0
	}
	n, _ := strconv.Atoi(string(msg[8:11]))
	return n
}

// parameter is name="…" inside a header.
func parameter(value []byte, name string) string {
	_, rest, _ := bytes.Cut(value, []byte(name+`="`))
	v, _, _ := bytes.Cut(rest, []byte(`"`))
	return string(v)
}

// userOf is the user part of the URI in a header.
func userOf(value []byte) string {
	_, rest, _ := bytes.Cut(value, []byte("sip:"))
	user, _, _ := bytes.Cut(rest, []byte("@"))
	return string(user)
}

// uriOf is the URI between angle brackets.
func uriOf(value []byte) string {
	_, rest, _ := bytes.Cut(value, []byte("<"))
	uri, _, _ := bytes.Cut(rest, []byte(">"))
	return string(uri)
}

// number is the CSeq's number.
func number(cseq []byte) int {
	digits, _, _ := bytes.Cut(cseq, []byte(" "))
	n, _ := strconv.Atoi(string(digits))
	return n
}

func md5hex(text []byte) string {
	sum := md5.Sum(text)
	return hex.EncodeToString(sum[:])
}

// authorization answers the challenge in a 401 with the password "tea".
func authorization(challenge []byte, user, method, uri string) []byte {
	nonce, realm := parameter(challenge, "nonce"), parameter(challenge, "realm")
	ha1 := md5hex(fmt.Appendf(nil, "%s:%s:tea", user, realm))
	ha2 := md5hex(fmt.Appendf(nil, "%s:%s", method, uri))
	response := md5hex(fmt.Appendf(nil, "%s:%s:00000001:c0ffee:auth:%s", ha1, nonce, ha2))
	return fmt.Appendf(nil, "Authorization: Digest username=\"%s\", realm=\"%s\", nonce=\"%s\", uri=\"%s\", response=\"%s\", algorithm=MD5, qop=auth, nc=00000001, cnonce=\"c0ffee\"\r\n",
		user, realm, nonce, uri, response)
}

// reply is a response to a request: what a response copies, a To tag, and more.
func (p *peer) reply(req []byte, code int, more string) []byte {
	b := make([]byte, 0, 1024)
	b = fmt.Appendf(b, "SIP/2.0 %d OK\r\n", code)
	for _, name := range []string{"Via", "From", "To", "Call-ID", "CSeq"} {
		v := field(req, name)
		b = fmt.Appendf(b, "%s: %s", name, v)
		if name == "To" && !bytes.Contains(v, []byte(";tag=")) {
			b = append(b, ";tag=e"...)
		}
		b = append(b, '\r', '\n')
	}
	return fmt.Appendf(b, "Contact: <sip:phone@%s>\r\n%s", p.at, more)
}

const nobody = "Content-Length: 0\r\n\r\n"

// speech is a session description. Its address differs from call to call, as phones' do; nobody listens there.
func speech(n int) string {
	body := fmt.Sprintf("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.1.%d.%d\r\nt=0 0\r\nm=audio %d RTP/AVP 0 8 101\r\n"+
		"a=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:20\r\na=sendrecv\r\n",
		n>>8&255, n&255, 2048+2*(n>>16%9000))
	return fmt.Sprintf("Content-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

// pace calls do n times at a steady rate, in small groups.
func pace(rate, n int, do func(i int)) {
	began := time.Now()
	for i := 0; i < n; {
		due := min(n, int(time.Since(began).Seconds()*float64(rate))+1)
		for ; i < due; i++ {
			do(i)
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// await waits until count has reached n, or has not moved for some seconds, and returns it.
func await(count *atomic.Int64, n int64) int64 {
	last, moved := count.Load(), time.Now()
	for {
		now := count.Load()
		if now != last {
			last, moved = now, time.Now()
		}
		if now >= n || time.Since(moved) > 5*time.Second {
			return now
		}
		time.Sleep(5 * time.Millisecond)
	}
}
