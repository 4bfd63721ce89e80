package rtp

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"runtime"
	"slices"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"ringway/codecs"
	"ringway/codecs/builtin"
	"ringway/codecs/codectest"
)

// The load generator is this test binary started a second time, so that the switch's process does nothing but its own
// work and getrusage counts that alone. They talk by lines of JSON:
//
//	switch                                   generator
//	─ order{Codecs} ───────────────────────▶ gives each stream an address of its own in 127.0.0.0/8
//	◀──────────────────────── []address ────
//	─ targets{[]port, Warm, Run} ──────────▶ sends 50 packets a second on each stream, and reads
//	◀──────────────────────────── "run" ────  warmed up: the switch notes its CPU time
//	◀──────────────────────────── tally ────  over: and again
//
// It must be cheap, or it takes the core that the switch needs and the delays it measures are its own: the streams of one
// codec share a socket and differ by address, so that it sends and reads 64 packets a system call, and it looks for
// packets by the clock instead of being woken for each. (On loopback the wake-up would be paid by the switch.)

const generatorKey = "RINGWAY_RTP_GENERATOR"

// order asks for streams: one for each codec named.
type order struct{ Codecs []string }

// targets say where each stream goes.
type targets struct {
	Ports     []uint16
	Warm, Run time.Duration
}

// tally is what the generator saw while it ran.
type tally struct {
	Sent, Received uint64
	P50, P99, Max  time.Duration // delay from send to receive; only streams whose payload is carried unchanged have one
	Late           time.Duration // p99 of how late the generator itself was: delays below mean nothing
}

// generate runs the load generator where this process was started as one.
func generate() bool {
	if os.Getenv(generatorKey) == "" {
		return false
	}
	g := &generator{began: time.Now()}
	if err := g.run(); err != nil {
		fmt.Fprintln(os.Stderr, "generator:", err)
		os.Exit(1)
	}
	return true
}

// lookEvery is how often it looks for packets between two portions: delays are measured as up to that much too long.
const lookEvery = 200 * time.Microsecond

type generator struct {
	began    time.Time
	streams  []stream
	trunks   map[string]*trunk // by codec
	counting bool
	sent     uint64
	received uint64
	delays   []uint32 // µs
	lates    []uint32 // µs
}

// stream is one sender.
type stream struct {
	trunk *trunk
	name  unix.RawSockaddrInet4 // where it sends
	from  sourceAddress
	seq   uint16
	ts    uint32
	ssrc  uint32
	n     int
}

// sourceAddress is the control message that gives a datagram its source (IP_PKTINFO).
type sourceAddress struct {
	unix.Cmsghdr
	unix.Inet4Pktinfo
	_ [4]byte // the kernel's alignment
}

// trunk is the socket of all streams of one codec.
type trunk struct {
	fd     int
	timed  bool // payloads carry their sending time
	pt     byte
	step   uint32
	frames [][]byte
	out    *slab
	n      int // packets in out
	in     *slab
}

func (g *generator) run() error {
	in, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	var o order
	if err := in.Decode(&o); err != nil {
		return err
	}
	addresses, err := g.bind(o)
	if err != nil {
		return err
	}
	if err := out.Encode(addresses); err != nil {
		return err
	}
	var to targets
	if err := in.Decode(&to); err != nil {
		return err
	}
	for i := range g.streams {
		g.streams[i].name = unix.RawSockaddrInet4{Family: unix.AF_INET, Addr: loopback.As4()}
		binary.BigEndian.PutUint16((*[2]byte)(unsafe.Pointer(&g.streams[i].name.Port))[:], to.Ports[i])
	}
	g.delays = make([]uint32, 0, len(g.streams)*int(to.Run/time.Second+2)*50)
	runtime.LockOSThread()
	g.send(to.Warm)
	if err := out.Encode("run"); err != nil {
		return err
	}
	g.sent, g.lates, g.counting = 0, nil, true
	g.send(to.Run)
	t := tally{Sent: g.sent, Received: g.received, Late: quantile(g.lates, 0.99)}
	t.P50, t.P99, t.Max = quantile(g.delays, 0.5), quantile(g.delays, 0.99), quantile(g.delays, 1)
	return out.Encode(t)
}

// quantile sorts times in µs and takes one.
func quantile(us []uint32, q float64) time.Duration {
	if len(us) == 0 {
		return 0
	}
	slices.Sort(us)
	return time.Duration(us[int(q*float64(len(us)-1))]) * time.Microsecond
}

// bind gives each stream an address and each codec a socket.
func (g *generator) bind(o order) (addresses []netip.AddrPort, err error) {
	g.trunks = map[string]*trunk{}
	for i, codec := range o.Codecs {
		t := g.trunks[codec]
		if t == nil {
			if t, err = newTrunk(codec); err != nil {
				return nil, err
			}
			g.trunks[codec] = t
		}
		a := [4]byte{127, byte(1 + i>>16), byte(i >> 8), byte(i)}
		s := stream{trunk: t, ssrc: uint32(i + 1)}
		s.from.Level, s.from.Type, s.from.Spec_dst = unix.IPPROTO_IP, unix.IP_PKTINFO, a
		s.from.SetLen(unix.CmsgLen(unix.SizeofInet4Pktinfo))
		g.streams = append(g.streams, s)
		port, err := t.port()
		if err != nil {
			return nil, err
		}
		addresses = append(addresses, netip.AddrPortFrom(netip.AddrFrom4(a), port))
	}
	return addresses, nil
}

func newTrunk(codec string) (*trunk, error) {
	f := formats[codec]
	t := &trunk{timed: codec == "PCMU", pt: f.PayloadType, step: uint32(f.ClockRate / 50), frames: lively(codec), out: newSlab(), in: newSlab()}
	var err error
	if t.fd, err = unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0); err != nil {
		return nil, err
	}
	if unix.SetsockoptInt(t.fd, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, 4*wantBuffer) != nil {
		_ = unix.SetsockoptInt(t.fd, unix.SOL_SOCKET, unix.SO_RCVBUF, wantBuffer)
	}
	for i := range t.in.heads {
		t.in.heads[i].Name, t.in.heads[i].Namelen = nil, 0
	}
	return t, unix.Bind(t.fd, &unix.SockaddrInet4{})
}

func (t *trunk) port() (uint16, error) {
	name, err := unix.Getsockname(t.fd)
	if err != nil {
		return 0, err
	}
	return uint16(name.(*unix.SockaddrInet4).Port), nil
}

// lively encodes two seconds of something as busy as speech.
func lively(name string) (frames [][]byte) {
	f := formats[name]
	c, _ := builtin.All().Lookup(f.Name, f.ClockRate, f.Channels)
	rate := c.Rates()[0]
	enc, err := c.NewEncoder(codecs.EncoderOptions{Rate: rate})
	if err != nil {
		panic(err)
	}
	for pcm := codectest.Babble(rate, 2*rate); len(pcm) > 0; pcm = pcm[rate/50:] {
		b := make([]byte, 1500)
		n, err := enc.Encode(b, pcm[:rate/50])
		if err != nil {
			panic(err)
		}
		frames = append(frames, b[:n])
	}
	return frames
}

// send sends for a while: every stream once in 20 ms, a twentieth of them each millisecond.
func (g *generator) send(d time.Duration) {
	start := time.Now()
	for tick := 0; ; tick++ {
		due := time.Duration(tick) * time.Millisecond
		if due >= d {
			return
		}
		for {
			g.receive()
			wait := due - time.Since(start)
			if wait <= 0 {
				g.lates = append(g.lates, uint32(-wait/time.Microsecond))
				break
			}
			ts := unix.NsecToTimespec(int64(min(wait, lookEvery)))
			_ = unix.Nanosleep(&ts, nil)
		}
		for i := tick % 20; i < len(g.streams); i += 20 {
			g.packet(&g.streams[i])
		}
		for _, t := range g.trunks {
			g.sent += t.flush()
		}
	}
}

// packet queues the next packet of a stream.
func (g *generator) packet(s *stream) {
	t := s.trunk
	if t.n == batchSize {
		g.sent += t.flush()
	}
	buf := t.out.bufs[t.n][:]
	putHeader(buf, header{pt: t.pt, seq: s.seq, ts: s.ts, ssrc: s.ssrc})
	n := headerSize + copy(buf[headerSize:], t.frames[s.n%len(t.frames)])
	s.n++
	s.seq++
	s.ts += t.step
	if t.timed {
		binary.BigEndian.PutUint64(buf[headerSize:], uint64(time.Since(g.began)))
	}
	t.out.iov[t.n].SetLen(n)
	h := &t.out.heads[t.n]
	h.Name, h.Namelen = (*byte)(unsafe.Pointer(&s.name)), unix.SizeofSockaddrInet4
	h.Control = (*byte)(unsafe.Pointer(&s.from))
	h.SetControllen(int(unsafe.Sizeof(s.from)))
	t.n++
}

// flush sends what is queued and returns how many packets the kernel took.
func (t *trunk) flush() (sent uint64) {
	for i := 0; i < t.n; {
		n, _, e := unix.RawSyscall6(unix.SYS_SENDMMSG, uintptr(t.fd), uintptr(unsafe.Pointer(&t.out.heads[i])), uintptr(t.n-i), unix.MSG_DONTWAIT, 0, 0)
		switch {
		case e == 0:
			i, sent = i+int(n), sent+uint64(n)
		case e != unix.EINTR:
			i++
		}
	}
	t.n = 0
	return sent
}

// receive reads all that is there.
func (g *generator) receive() {
	for _, t := range g.trunks {
		for n := batchSize; n == batchSize; {
			got, _, e := unix.RawSyscall6(unix.SYS_RECVMMSG, uintptr(t.fd), uintptr(unsafe.Pointer(&t.in.heads[0])), batchSize, unix.MSG_DONTWAIT, 0, 0)
			if e != 0 {
				break
			}
			n = int(got)
			now := uint64(time.Since(g.began))
			for i := range n {
				g.count(t, t.in.bufs[i][:t.in.heads[i].n], now)
			}
		}
	}
}

func (g *generator) count(t *trunk, b []byte, now uint64) {
	if !g.counting || len(b) < headerSize+8 || b[1]&0x7f != t.pt {
		return
	}
	g.received++
	sent := binary.BigEndian.Uint64(b[headerSize:])
	if t.timed && sent < now && now-sent < uint64(time.Minute) {
		g.delays = append(g.delays, uint32((now-sent)/1000))
	}
}
