package siptest

import (
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	prtp "github.com/pion/rtp"
)

// One RTP packet each 20 ms, PCMU at 8 kHz:
//
//	 0                   1                   2                   3
//	|V=2|P|X|  CC   |M|     PT=0    |       sequence number         |
//	|                  timestamp, + 160 each packet                 |
//	|                             SSRC                              |
//	|                 160 bytes of µ-law …                          |
const (
	rate  = 8000
	frame = rate / 50
)

// Media is the RTP side of a call.
type Media struct {
	p    *Handset
	conn *net.UDPConn
	port int

	mu      sync.Mutex // guards what follows
	far     *net.UDPAddr
	heard   []float64 // the last second
	packets int
	digits  string // telephone-events, by their end
	sending bool
	version int
	lastEnd uint32
}

func newMedia(p *Handset) *Media {
	m := &Media{p: p}
	host, _, _ := net.SplitHostPort(p.local)
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.ParseIP(host)})
	if err != nil {
		p.t.Fatalf("siptest: RTP: %v", err)
	}
	m.conn = conn
	a, _ := conn.LocalAddr().(*net.UDPAddr)
	m.port = a.Port
	if p.begin() {
		go m.runHear()
	} else {
		conn.Close()
	}
	return m
}

func (m *Media) closeMedia() { m.conn.Close() }

// offer is our SDP: PCMU and telephone-event.
func (m *Media) offer(direction string) string {
	host, _, _ := net.SplitHostPort(m.p.local)
	family := "IP4"
	if strings.Contains(host, ":") {
		family = "IP6"
	}
	m.mu.Lock()
	m.version++
	v := m.version
	m.mu.Unlock()
	return fmt.Sprintf("v=0\r\no=- %d %d IN %s %s\r\ns=-\r\nc=IN %s %s\r\nt=0 0\r\nm=audio %d RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=%s\r\n",
		m.port, v, family, host, family, host, m.port, direction)
}

// learn takes the far address out of an SDP.
func (m *Media) learn(sdp []byte) {
	host, port := "", 0
	for line := range strings.Lines(string(sdp)) {
		line = strings.TrimRight(line, "\r\n")
		if rest, ok := strings.CutPrefix(line, "c=IN IP"); ok {
			if f := strings.Fields(rest); len(f) > 1 {
				host = f[1]
			}
		}
		if rest, ok := strings.CutPrefix(line, "m=audio "); ok {
			port, _ = strconv.Atoi(strings.Fields(rest)[0])
		}
	}
	if ip := net.ParseIP(host); ip != nil && port > 0 {
		m.mu.Lock()
		m.far = &net.UDPAddr{IP: ip, Port: port}
		m.mu.Unlock()
	}
}

// Far returns where our RTP goes, "" before an SDP came.
func (m *Media) Far() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.far == nil {
		return ""
	}
	return m.far.String()
}

// Send begins to send a tone of that frequency in Hz, until the phone is closed; a later call changes nothing.
func (m *Media) Send(hertz float64) {
	m.mu.Lock()
	first := !m.sending
	m.sending = true
	m.mu.Unlock()
	if first && m.p.begin() {
		go m.runSend(hertz)
	}
}

// runSend sends a frame each 20 ms.
func (m *Media) runSend(hertz float64) {
	defer m.p.group.Done()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	pkt := prtp.Packet{Header: prtp.Header{Version: 2, SSRC: uint32(m.port) << 8, Marker: true}}
	for n := 0; ; n++ {
		select {
		case <-m.p.stop:
			return
		case <-ticker.C:
		}
		pkt.SequenceNumber, pkt.Timestamp = uint16(n), uint32(n*frame)
		pkt.Payload = tone(hertz, n*frame)
		m.write(&pkt)
		pkt.Marker = false
	}
}

func (m *Media) write(pkt *prtp.Packet) {
	raw, err := pkt.Marshal()
	if err != nil {
		return
	}
	m.mu.Lock()
	far := m.far
	m.mu.Unlock()
	if far != nil {
		_, _ = m.conn.WriteToUDP(raw, far) // a far port that is closed is no concern of the phone
	}
}

// SendDigit sends one telephone-event (RFC 4733) of 100 ms, its end three times.
func (m *Media) SendDigit(digit byte) {
	event := strings.IndexByte("0123456789*#ABCD", digit)
	stamp := uint32(time.Now().UnixMilli() * 8)
	for i := range 8 {
		duration, end := min(i+1, 5)*frame, byte(0)
		if i >= 5 {
			end = 0x80
		}
		m.write(&prtp.Packet{
			Header:  prtp.Header{Version: 2, PayloadType: 101, SSRC: uint32(m.port)<<8 | 1, SequenceNumber: uint16(i), Timestamp: stamp, Marker: i == 0},
			Payload: []byte{byte(event), end | 10, byte(duration >> 8), byte(duration)},
		})
		if !m.p.sleep(20 * time.Millisecond) {
			return
		}
	}
}

// runHear reads RTP until the socket is closed.
func (m *Media) runHear() {
	defer m.p.group.Done()
	buf := make([]byte, 2048)
	var pkt prtp.Packet
	for {
		n, err := m.conn.Read(buf)
		if err != nil {
			return
		}
		if pkt.Unmarshal(buf[:n]) == nil {
			m.hear(&pkt)
		}
	}
}

func (m *Media) hear(pkt *prtp.Packet) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.packets++
	switch pkt.PayloadType {
	case 0:
		for _, b := range pkt.Payload {
			m.heard = append(m.heard, fromMuLaw(b))
		}
		if over := len(m.heard) - rate; over > 0 {
			m.heard = append(m.heard[:0], m.heard[over:]...)
		}
	case 101:
		if len(pkt.Payload) >= 4 && pkt.Payload[1]&0x80 != 0 && pkt.Payload[0] < 16 && pkt.Timestamp != m.lastEnd {
			m.lastEnd = pkt.Timestamp
			m.digits += string("0123456789*#ABCD"[pkt.Payload[0]])
		}
	}
}

// Packets returns how many RTP packets came.
func (m *Media) Packets() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.packets
}

// Digits returns the telephone-events that came.
func (m *Media) Digits() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.digits
}

// Forget empties the ear, so that what is measured next is new.
func (m *Media) Forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.heard, m.packets = nil, 0
}

// Hears measures the last 200 ms: the strongest tone among those given, and whether it stands out. 0 is silence, or none of them.
func (m *Media) Hears(among ...float64) float64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.heard) < rate/5 {
		return 0
	}
	return strongest(m.heard[len(m.heard)-rate/5:], among)
}

// WantTone waits until the tone is heard, and fails the test when patience ends.
func (m *Media) WantTone(t testing.TB, hertz float64) {
	t.Helper()
	for end := time.Now().Add(m.p.Patience); time.Now().Before(end); {
		if m.Hears(hertz) == hertz {
			return
		}
		if !m.p.sleep(20 * time.Millisecond) {
			break
		}
	}
	t.Fatalf("siptest: %s does not hear %v Hz (%d packets)", m.p.User, hertz, m.Packets())
}
