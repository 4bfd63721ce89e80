package rtp

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync/atomic"
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
//	─ order{Codecs} ───────────────────────▶ binds a socket per stream
//	◀─────────────────────────── []port ────
//	─ targets{[]port, Warm, Run} ──────────▶ sends 50 packets a second on each stream, and reads
//	◀──────────────────────────── "run" ────  warmed up: the switch notes its CPU time
//	◀──────────────────────────── tally ────  over: and again

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

type generator struct {
	began    time.Time
	streams  []stream
	counting atomic.Bool
	over     atomic.Bool
	sent     uint64
	received uint64
	delays   []uint32 // µs
}

// stream is one sender.
type stream struct {
	fd     int
	name   unix.RawSockaddrInet4
	codec  string
	pt     byte
	step   uint32
	frames [][]byte
	seq    uint16
	ts     uint32
	ssrc   uint32
	n      int
}

func (g *generator) run() error {
	in, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	var o order
	if err := in.Decode(&o); err != nil {
		return err
	}
	ports, err := g.bind(o)
	if err != nil {
		return err
	}
	if err := out.Encode(ports); err != nil {
		return err
	}
	var to targets
	if err := in.Decode(&to); err != nil {
		return err
	}
	for i := range g.streams {
		g.streams[i].name = unix.RawSockaddrInet4{Family: unix.AF_INET, Addr: [4]byte{127, 0, 0, 1}}
		binary.BigEndian.PutUint16((*[2]byte)(unsafe.Pointer(&g.streams[i].name.Port))[:], to.Ports[i])
	}
	done := make(chan struct{})
	go func() { defer close(done); g.runReceiver() }()
	g.send(to.Warm)
	g.counting.Store(true)
	if err := out.Encode("run"); err != nil {
		return err
	}
	g.sent = 0
	g.send(to.Run)
	g.counting.Store(false)
	g.over.Store(true)
	<-done
	t := tally{Sent: g.sent, Received: g.received}
	slices.Sort(g.delays)
	if n := len(g.delays); n > 0 {
		at := func(q float64) time.Duration { return time.Duration(g.delays[int(q*float64(n-1))]) * time.Microsecond }
		t.P50, t.P99, t.Max = at(0.5), at(0.99), at(1)
	}
	return out.Encode(t)
}

func (g *generator) bind(o order) (ports []uint16, err error) {
	frames := map[string][][]byte{}
	for i, name := range o.Codecs {
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			return nil, err
		}
		if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
			return nil, err
		}
		name4, err := unix.Getsockname(fd)
		if err != nil {
			return nil, err
		}
		ports = append(ports, uint16(name4.(*unix.SockaddrInet4).Port))
		if frames[name] == nil {
			frames[name] = lively(name)
		}
		f := formats[name]
		g.streams = append(g.streams, stream{fd: fd, codec: name, pt: f.PayloadType, step: uint32(f.ClockRate / 50), frames: frames[name], ssrc: uint32(i + 1)})
	}
	return ports, nil
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
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	start := time.Now()
	buf := make([]byte, 1600)
	for tick := 0; ; tick++ {
		due := time.Duration(tick) * time.Millisecond
		if due >= d {
			return
		}
		if wait := due - time.Since(start); wait > 0 {
			ts := unix.NsecToTimespec(int64(wait))
			_ = unix.Nanosleep(&ts, nil)
		}
		for i := tick % 20; i < len(g.streams); i += 20 {
			g.packet(&g.streams[i], buf)
		}
	}
}

func (g *generator) packet(s *stream, buf []byte) {
	payload := s.frames[s.n%len(s.frames)]
	s.n++
	putHeader(buf, header{pt: s.pt, seq: s.seq, ts: s.ts, ssrc: s.ssrc})
	s.seq++
	s.ts += s.step
	n := headerSize + copy(buf[headerSize:], payload)
	if s.codec != "opus" {
		binary.BigEndian.PutUint64(buf[headerSize:], uint64(time.Since(g.began)))
	}
	_, _, e := unix.RawSyscall6(unix.SYS_SENDTO, uintptr(s.fd), uintptr(unsafe.Pointer(&buf[0])), uintptr(n), unix.MSG_DONTWAIT,
		uintptr(unsafe.Pointer(&s.name)), unix.SizeofSockaddrInet4)
	if e == 0 {
		g.sent++
	}
}

func (g *generator) runReceiver() {
	runtime.LockOSThread()
	set, err := unix.EpollCreate1(0)
	if err != nil {
		panic(err)
	}
	for i := range g.streams {
		ev := unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(i)}
		if err := unix.EpollCtl(set, unix.EPOLL_CTL_ADD, g.streams[i].fd, &ev); err != nil {
			panic(err)
		}
	}
	events := make([]unix.EpollEvent, 256)
	buf := make([]byte, 1600)
	for !g.over.Load() {
		n, err := unix.EpollWait(set, events, 10)
		if err != nil && err != unix.EINTR {
			panic(err)
		}
		for i := range max(n, 0) {
			g.receive(&g.streams[events[i].Fd], buf)
		}
	}
}

func (g *generator) receive(s *stream, buf []byte) {
	for {
		n, _, e := unix.RawSyscall6(unix.SYS_RECVFROM, uintptr(s.fd), uintptr(unsafe.Pointer(&buf[0])), uintptr(len(buf)), unix.MSG_DONTWAIT, 0, 0)
		if e != 0 {
			return
		}
		if !g.counting.Load() || n < headerSize+8 || buf[1]&0x7f != s.pt {
			continue
		}
		g.received++
		sent := binary.BigEndian.Uint64(buf[headerSize:])
		if now := uint64(time.Since(g.began)); s.codec == "PCMU" && sent < now && now-sent < uint64(time.Minute) {
			g.delays = append(g.delays, uint32((now-sent)/1000))
		}
	}
}
