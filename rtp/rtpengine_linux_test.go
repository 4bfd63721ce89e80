package rtp

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// rtpengine is Debian's rtpengine in user space, for a measurement side by side under the same generator.
type rtpengine struct {
	cmd *exec.Cmd
	ng  net.Conn
}

// startRTPEngine starts it on loopback, or skips the benchmark where the program is not installed.
func startRTPEngine(b *testing.B) *rtpengine {
	b.Helper()
	path, err := exec.LookPath("rtpengine")
	if err != nil {
		b.Skip("rtpengine is not installed")
	}
	control, err := freePort()
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(path, "--interface=lo/127.0.0.1", "--listen-ng="+control, "--foreground", "--table=-1", "--log-stderr",
		"--log-level=1", "--num-threads=2", "--port-min=36000", "--port-max=52000", "--pidfile="+b.TempDir()+"/pid")
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	r := &rtpengine{cmd: cmd}
	b.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	if r.ng, err = net.Dial("udp", control); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { r.ng.Close() })
	for limit := time.Now().Add(30 * time.Second); ; {
		if _, err := r.ask("command", "ping"); err == nil {
			return r
		} else if time.Now().After(limit) {
			b.Fatal(err)
		}
		time.Sleep(50 * ms)
	}
}

// freePort is a place on loopback that nobody listens on.
func freePort() (string, error) {
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer c.Close()
	return c.LocalAddr().String(), nil
}

// ask sends one command of the ng protocol (bencode behind a cookie) and returns the answer.
func (r *rtpengine) ask(pairs ...string) ([]byte, error) {
	var m strings.Builder
	cookie := strconv.FormatInt(time.Now().UnixNano(), 36)
	fmt.Fprintf(&m, "%s d", cookie)
	for _, s := range pairs {
		fmt.Fprintf(&m, "%d:%s", len(s), s)
	}
	m.WriteString("e")
	if _, err := r.ng.Write([]byte(m.String())); err != nil {
		return nil, err
	}
	buf := make([]byte, 8192)
	_ = r.ng.SetReadDeadline(time.Now().Add(2 * time.Second))
	for {
		n, err := r.ng.Read(buf)
		if err != nil {
			return nil, err
		}
		if bytes.HasPrefix(buf[:n], []byte(cookie)) {
			return buf[:n], nil
		}
	}
}

var audioPort = regexp.MustCompile(`m=audio (\d+) `)

// port sends a description of a stream at a port and returns the port in the answer.
func (r *rtpengine) port(b *testing.B, at netip.AddrPort, pairs ...string) uint16 {
	b.Helper()
	sdp := fmt.Sprintf("v=0\r\no=- 1 1 IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\nm=audio %d RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n",
		at.Addr(), at.Addr(), at.Port())
	answer, err := r.ask(append(pairs, "sdp", sdp)...)
	if err != nil {
		b.Fatal(err)
	}
	m := audioPort.FindSubmatch(answer)
	if m == nil {
		b.Fatalf("rtpengine answers %q", answer)
	}
	port, _ := strconv.Atoi(string(m[1]))
	return uint16(port)
}

// cpu is its CPU time, from the 14th and 15th field of its stat.
func (r *rtpengine) cpu() time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", r.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * time.Second / 100
}

// BenchmarkRTPEngine1000Calls is the load of BenchmarkRelay1000Calls on rtpengine.
func BenchmarkRTPEngine1000Calls(b *testing.B) {
	r := startRTPEngine(b)
	measure(b, load{streams: calls(1000, "PCMU", "PCMU"), warm: 2 * time.Second, run: 8 * time.Second, cpu: r.cpu,
		setUp: func(b *testing.B, from []netip.AddrPort) []uint16 {
			to := make([]uint16, len(from))
			for i := 0; i < len(from); i += 2 {
				id := fmt.Sprintf("call-%d", i)
				to[i+1] = r.port(b, from[i], "call-id", id, "command", "offer", "from-tag", "a")
				to[i] = r.port(b, from[i+1], "call-id", id, "command", "answer", "from-tag", "a", "to-tag", "b")
			}
			return to
		}})
}
