//go:build real

package main

import (
	"fmt"
	"math"
	"net"
	"testing"
	"time"

	"ringway/codecs/g711"
)

// ear is the media address of a SIPp: RTP with PCMU goes to it instead of to SIPp.
type ear struct{ conn *net.UDPConn }

func newEar(t *testing.T, ip string) *ear {
	t.Helper()
	c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.ParseIP(ip)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return &ear{c}
}

func (e *ear) port() string { return fmt.Sprint(e.conn.LocalAddr().(*net.UDPAddr).Port) }

// listen decodes what arrives until the deadline, at most n packets.
func (e *ear) listen(t *testing.T, d time.Duration, n int) (packets int, pcm []int16) {
	t.Helper()
	decoder, err := g711.PCMU().NewDecoder(8000)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.conn.SetReadDeadline(time.Now().Add(d)); err != nil {
		t.Fatal(err)
	}
	buf, frame := make([]byte, 1500), make([]int16, 1500)
	for ; packets < n; packets++ {
		size, err := e.conn.Read(buf)
		if err != nil {
			break
		}
		if size <= 12 || buf[1]&0x7f != 0 {
			continue
		}
		m, err := decoder.Decode(frame, buf[12:size])
		if err != nil {
			t.Fatal(err)
		}
		pcm = append(pcm, frame[:m]...)
	}
	return packets, pcm
}

// silent demands that nothing comes for half a second, after what was on its way.
func (e *ear) silent(t *testing.T) {
	t.Helper()
	e.listen(t, 300*time.Millisecond, 1000)
	if n, _ := e.listen(t, 500*time.Millisecond, 1000); n > 0 {
		t.Errorf("%d packets came where silence was due", n)
	}
}

// hearsMusic demands a second of sound.
func (e *ear) hearsMusic(t *testing.T) {
	t.Helper()
	e.listen(t, 300*time.Millisecond, 1000)
	n, pcm := e.listen(t, 3*time.Second, 50)
	if level := rms(pcm); n < 50 || level < 200 {
		t.Errorf("%d packets with a level of %.0f came where music was due", n, level)
	}
}

func rms(pcm []int16) float64 {
	sum := 0.0
	for _, v := range pcm {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum / float64(max(len(pcm), 1)))
}
