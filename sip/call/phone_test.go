package call

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// phone is a scripted SIP user agent: it says what the test says and shares no code with the switch.
type phone struct {
	t    testing.TB
	name string
	sip  *net.UDPConn
	rtp  *net.UDPConn
	to   netip.AddrPort // the switch
	seq  int
}

var serial atomic.Int64

func newPhone(t testing.TB, name string, to netip.AddrPort) *phone {
	t.Helper()
	p := &phone{t: t, name: name, sip: loopback(t), rtp: loopback(t), to: to}
	return p
}

func loopback(t testing.TB) *net.UDPConn {
	t.Helper()
	c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func addrOf(c *net.UDPConn) netip.AddrPort { return c.LocalAddr().(*net.UDPAddr).AddrPort() }

// packet is one SIP message as text.
type packet struct {
	line    string // start line
	headers [][2]string
	body    string
}

func (m *packet) get(name string) string {
	for _, h := range m.headers {
		if strings.EqualFold(h[0], name) {
			return h[1]
		}
	}
	return ""
}

func (m *packet) all(name string) (out []string) {
	for _, h := range m.headers {
		if strings.EqualFold(h[0], name) {
			out = append(out, h[1])
		}
	}
	return out
}

// is tells whether a message is a request "INVITE" or a response to one "200 INVITE".
func (m *packet) is(what string) bool {
	status, method, response := strings.Cut(what, " ")
	if !response {
		return strings.HasPrefix(m.line, what+" ")
	}
	return strings.HasPrefix(m.line, "SIP/2.0 "+status+" ") && strings.HasSuffix(m.get("CSeq"), " "+method)
}

func readPacket(text string) *packet {
	head, body, _ := strings.Cut(text, "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	m := &packet{line: lines[0], body: body}
	for _, l := range lines[1:] {
		k, v, _ := strings.Cut(l, ":")
		m.headers = append(m.headers, [2]string{k, strings.TrimSpace(v)})
	}
	return m
}

func (p *phone) send(text string) {
	p.t.Helper()
	if _, err := p.sip.WriteToUDPAddrPort([]byte(text), p.to); err != nil {
		p.t.Fatal(err)
	}
}

// expect waits for one of the given messages; 100 and repetitions of what is named in skip are passed over.
func (p *phone) expect(what string, skip ...string) *packet {
	p.t.Helper()
	deadline := time.Now().Add(5 * time.Second)
	for {
		m := p.read(deadline)
		if m == nil {
			p.t.Fatalf("%s: no %q came", p.name, what)
		}
		if m.is(what) {
			return m
		}
		if strings.HasPrefix(m.line, "SIP/2.0 100 ") || skipped(m, skip) {
			continue
		}
		p.t.Fatalf("%s: got %q (CSeq %s), want %q", p.name, m.line, m.get("CSeq"), what)
	}
}

func skipped(m *packet, skip []string) bool {
	for _, s := range skip {
		if m.is(s) {
			return true
		}
	}
	return false
}

func (p *phone) read(deadline time.Time) *packet {
	buf := make([]byte, 65536)
	_ = p.sip.SetReadDeadline(deadline)
	n, _, err := p.sip.ReadFromUDPAddrPort(buf)
	if err != nil {
		return nil
	}
	return readPacket(string(buf[:n]))
}

// quiet fails when anything but the named messages comes within d.
func (p *phone) quiet(d time.Duration, skip ...string) {
	p.t.Helper()
	deadline := time.Now().Add(d)
	for {
		m := p.read(deadline)
		if m == nil {
			return
		}
		if !skipped(m, skip) && !strings.HasPrefix(m.line, "SIP/2.0 100 ") {
			p.t.Fatalf("%s: unexpected %q", p.name, m.line)
		}
	}
}

// sdp is a description of the phone's media; formats like "0 8".
func (p *phone) sdp(formats string, extra ...string) string {
	p.seq++
	return fmt.Sprintf("v=0\r\no=- 1 %d IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio %d RTP/AVP %s\r\n%s", p.seq,
		addrOf(p.rtp).Port(), formats, strings.Join(append(extra, ""), "\r\n"))
}

// dialog is one dialog of a phone, with all that its requests need.
type dialog struct {
	p             *phone
	callID        string
	local, remote string // From and To of our requests, with tags
	target        string // Request-URI
	seq           int
	branch        string // of our last INVITE
	invite        *packet
	inviteSeq     int
}

// call sends an INVITE.
func (p *phone) call(exten, sdp string, extra ...string) *dialog {
	p.t.Helper()
	n := serial.Add(1)
	d := &dialog{p: p, callID: fmt.Sprintf("%s-%d@example.org", p.name, n), local: fmt.Sprintf("\"%s\" <sip:%s@example.org>;tag=%d", strings.ToUpper(p.name), p.name, n),
		remote: fmt.Sprintf("<sip:%s@example.org>", exten), target: fmt.Sprintf("sip:%s@%s", exten, p.to)}
	d.request("INVITE", sdp, extra...)
	return d
}

// request sends a request inside the dialog, or the one that makes it.
func (d *dialog) request(method, body string, extra ...string) {
	d.p.t.Helper()
	if method != "ACK" && method != "CANCEL" {
		d.seq++
		if method == "INVITE" {
			d.inviteSeq = d.seq
			d.branch = fmt.Sprintf("z9hG4bK%d", serial.Add(1))
		}
	}
	seq, branch := d.seq, fmt.Sprintf("z9hG4bK%d", serial.Add(1))
	if method == "ACK" || method == "CANCEL" {
		seq = d.inviteSeq
	}
	if method == "INVITE" || method == "CANCEL" {
		branch = d.branch
	}
	d.p.send(d.text(method, seq, branch, body, extra))
}

func (d *dialog) text(method string, seq int, branch, body string, extra []string) string {
	at := addrOf(d.p.sip)
	if body != "" && !strings.Contains(strings.Join(extra, "\n"), "Content-Type") {
		extra = append(extra, "Content-Type: application/sdp")
	}
	if !strings.Contains(strings.Join(extra, "\n"), "Max-Forwards") {
		extra = append(extra, "Max-Forwards: 70")
	}
	return fmt.Sprintf("%s %s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=%s;rport\r\nFrom: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %d %s\r\n"+
		"Contact: <sip:%s@%s>\r\n%s\r\nContent-Length: %d\r\n\r\n%s", method, d.target, at, branch, d.local, d.remote, d.callID, seq, method,
		d.p.name, at, strings.Join(extra, "\r\n"), len(body), body)
}

// learn takes tag and target from a response.
func (d *dialog) learn(m *packet) *packet {
	d.remote = m.get("To")
	if c := m.get("Contact"); c != "" {
		d.target = strings.Trim(c, "<>")
	}
	return m
}

// answered waits for the 200 and acknowledges it.
func (d *dialog) answered(skip ...string) *packet {
	d.p.t.Helper()
	m := d.learn(d.p.expect("200 INVITE", append(skip, "180 INVITE", "183 INVITE")...))
	d.request("ACK", "")
	return m
}

// failed waits for a failure and acknowledges it as its transaction does.
func (d *dialog) failed(status string) *packet {
	d.p.t.Helper()
	m := d.p.expect(status+" INVITE", "180 INVITE", "183 INVITE", "200 CANCEL")
	d.p.send(strings.Replace(d.text("ACK", d.inviteSeq, d.branch, "", nil), "To: "+d.remote, "To: "+m.get("To"), 1))
	return m
}

// hangup ends the dialog from the phone's side.
func (d *dialog) hangup() {
	d.p.t.Helper()
	d.request("BYE", "")
	d.p.expect("200 BYE", "200 INVITE")
}

// rings waits for an INVITE to the phone.
func (p *phone) rings() *dialog {
	p.t.Helper()
	m := p.expect("INVITE", "INVITE")
	tag := fmt.Sprintf(";tag=%s%d", p.name, serial.Add(1))
	return &dialog{p: p, callID: m.get("Call-ID"), local: m.get("To") + tag, remote: m.get("From"),
		target: strings.Trim(strings.SplitN(m.get("Contact"), ";", 2)[0], "<>"), invite: m}
}

// reply answers the INVITE that rings the phone.
func (d *dialog) reply(status int, sdp string, extra ...string) {
	d.p.t.Helper()
	d.p.respond(d.invite, status, d.local, sdp, extra...)
}

// respond answers any request; to is the To header with our tag, "" leaves the request's.
func (p *phone) respond(m *packet, status int, to, body string, extra ...string) {
	p.t.Helper()
	if to == "" {
		to = m.get("To")
	}
	if body != "" {
		extra = append(extra, "Content-Type: application/sdp")
	}
	p.send(fmt.Sprintf("SIP/2.0 %d Whatever\r\nVia: %s\r\nFrom: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %s\r\nContact: <sip:%s@%s>\r\n%sContent-Length: %d\r\n\r\n%s",
		status, strings.Join(m.all("Via"), "\r\nVia: "), m.get("From"), to, m.get("Call-ID"), m.get("CSeq"), p.name, addrOf(p.sip),
		strings.Join(append(extra, ""), "\r\n"), len(body), body))
}

// accept answers with 200 and waits for the ACK.
func (d *dialog) accept(sdp string) {
	d.p.t.Helper()
	d.reply(200, sdp)
	d.p.expect("ACK", "INVITE")
}

// gone waits for the BYE and answers it.
func (d *dialog) gone() *packet {
	d.p.t.Helper()
	m := d.p.expect("BYE", "200 INVITE", "ACK")
	d.p.respond(m, 200, "", "")
	return m
}

// cancelled waits for the CANCEL, answers it and the INVITE.
func (d *dialog) cancelled() *packet {
	d.p.t.Helper()
	m := d.p.expect("CANCEL", "INVITE")
	d.p.respond(m, 200, d.local, "")
	d.reply(487, "")
	d.p.expect("ACK", "CANCEL", "INVITE")
	return m
}

// mediaPort is the port of the first m= line of a message's description.
func mediaPort(m *packet) uint16 {
	_, rest, _ := strings.Cut(m.body, "m=audio ")
	var port uint16
	_, _ = fmt.Sscanf(rest, "%d", &port)
	return port
}

// speak sends n PCMU packets of one value to a port of the switch.
func (p *phone) speak(port uint16, n int, value byte) {
	to := netip.AddrPortFrom(p.to.Addr(), port)
	frame := make([]byte, 172)
	frame[0] = 0x80
	for i := range frame[12:] {
		frame[12+i] = value
	}
	for i := range n {
		frame[2], frame[3] = byte(i>>8), byte(i)
		ts := uint32(i * 160)
		frame[4], frame[5], frame[6], frame[7] = byte(ts>>24), byte(ts>>16), byte(ts>>8), byte(ts)
		frame[11] = p.name[0]
		_, _ = p.rtp.WriteToUDPAddrPort(frame, to)
		time.Sleep(5 * time.Millisecond)
	}
}

// hears waits for a PCMU packet of one value.
func (p *phone) hears(value byte) {
	p.t.Helper()
	deadline := time.Now().Add(5 * time.Second)
	buf := make([]byte, 2048)
	for {
		_ = p.rtp.SetReadDeadline(deadline)
		n, _, err := p.rtp.ReadFromUDPAddrPort(buf)
		if err != nil {
			p.t.Fatalf("%s does not hear %#x", p.name, value)
		}
		if n > 12 && buf[n-1] == value {
			return
		}
	}
}
