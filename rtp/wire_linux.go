package rtp

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	batchSize  = 64      // datagrams a system call
	fewAtOnce  = 4       // datagrams a system call, for a socket with one leg
	maxBatches = 4       // batches a port and round, so that none starves the others
	slabCount  = 16      // batches a round before what is queued must leave
	wantBuffer = 8 << 20 // receive buffer asked for
)

// epoll is the poller on Linux. The sockets stand in an epoll set of their own, and a second one, the bell, stands between
// it and Go's netpoller: the loop's goroutine parks there, and once woken it drains everything with raw system calls that
// never block, so a round costs one wake-up for all packets that came since the last.
//
//	Go netpoller ──▶ bell ──▶ set ─┬─ RTP and RTCP sockets   recvmmsg of 64, at most 4 times a round
//	 (parks here)     one shot     ├─ timerfd                every tickTime while sessions exist
//	                               └─ eventfd                commands wait in the mailbox
//
// The bell rings once and is wound up before the loop parks. Without it each packet that comes while the loop is at work
// anyway would wake an idle thread of the netpoller for nothing: 20,000 a second with a socket per leg.
//
// What is in the set is edge-triggered: the kernel need not look at a socket again that was just emptied. One that was
// not, because a round takes only so much of it, is remembered here instead.
type epoll struct {
	set     int
	bell    int
	file    *os.File // the bell
	raw     syscall.RawConn
	wakefd  int
	timerfd int
	ticks   uint64 // read from timerfd
	socks   []*udp // by descriptor
	full    []*udp // sockets that the last round did not empty
	again   []*udp // the same of the round before, spare
	events  [128]unix.EpollEvent
	r       rounds
	stopped bool
	lingers bool // the round called C
	waking  atomic.Bool
	place   sync.Mutex // held by the loop's goroutine unless it is parked, else by who entered

	slabs   []*slab
	used    int    // the slab in use
	next    int    // its next free buffer
	queue   []*udp // those that have something to send
	own     []byte // packets of our own
	ownUsed int
	batch   [batchSize]datagram
}

// slab is one batch of receive buffers with everything recvmmsg wants to know about them. It is heap memory: its headers
// hold pointers into itself.
type slab struct {
	heads [batchSize]mmsghdr
	iov   [batchSize]unix.Iovec
	names [batchSize]unix.RawSockaddrInet6
	bufs  [batchSize][packetRoom]byte
}

type mmsghdr struct {
	unix.Msghdr
	n uint32
}

// target is where packets go, in the kernel's words. It is immutable.
type target struct {
	at   endpoint
	name [unix.SizeofSockaddrInet6]byte
	size uint32
}

// newTarget prepares a destination for sockets of the family of local.
func newTarget(to netip.AddrPort, local netip.Addr) *target {
	t := &target{at: endpointOf(to)}
	if !t.at.valid() {
		return nil
	}
	binary.BigEndian.PutUint16(t.name[2:], to.Port())
	if local.Is4() {
		if !to.Addr().Unmap().Is4() {
			return nil
		}
		a := to.Addr().Unmap().As4()
		binary.NativeEndian.PutUint16(t.name[:], unix.AF_INET)
		copy(t.name[4:], a[:])
		t.size = unix.SizeofSockaddrInet4
		return t
	}
	a := to.Addr().As16()
	binary.NativeEndian.PutUint16(t.name[:], unix.AF_INET6)
	copy(t.name[8:], a[:])
	t.size = unix.SizeofSockaddrInet6
	return t
}

func newPoller() (poller, error) {
	set, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("rtp: epoll: %w", err)
	}
	bell, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		_ = unix.Close(set)
		return nil, fmt.Errorf("rtp: epoll: %w", err)
	}
	p := &epoll{set: set, bell: bell, wakefd: -1, timerfd: -1, own: make([]byte, 64*packetRoom)}
	for range slabCount {
		p.slabs = append(p.slabs, newSlab())
	}
	if err := p.arm(); err != nil {
		p.close()
		return nil, fmt.Errorf("rtp: epoll: %w", err)
	}
	return p, nil
}

func (p *epoll) arm() (err error) {
	if err = unix.SetNonblock(p.bell, true); err != nil {
		return err
	}
	if p.wakefd, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err != nil {
		return err
	}
	if p.timerfd, err = unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_CLOEXEC|unix.TFD_NONBLOCK); err != nil {
		return err
	}
	for _, fd := range []int{p.wakefd, p.timerfd} { // edge-triggered: the first need not be read
		ev := unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLET&0xffffffff, Fd: int32(fd)}
		if err = unix.EpollCtl(p.set, unix.EPOLL_CTL_ADD, fd, &ev); err != nil {
			return err
		}
	}
	if err = p.wind(unix.EPOLL_CTL_ADD); err != nil {
		return err
	}
	p.file = os.NewFile(uintptr(p.bell), "media loop")
	p.raw, err = p.file.SyscallConn()
	return err
}

func newSlab() *slab {
	s := new(slab)
	for i := range s.heads {
		s.iov[i].Base = &s.bufs[i][0]
		s.heads[i].Iov = &s.iov[i]
		s.heads[i].SetIovlen(1)
		s.heads[i].Name = (*byte)(unsafe.Pointer(&s.names[i]))
		s.heads[i].Namelen = unix.SizeofSockaddrInet6
		s.iov[i].SetLen(packetRoom)
	}
	return s
}

func (p *epoll) run(r rounds) {
	p.r = r
	drain := p.drain
	for !p.stopped {
		if err := p.raw.Read(drain); err != nil {
			return // the file was closed: only by close, after run
		}
	}
}

// wind lets the bell ring again: at once where the set has something.
func (p *epoll) wind(op int) error {
	ev := unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLONESHOT, Fd: int32(p.set)}
	return unix.EpollCtl(p.bell, op, p.set, &ev)
}

// drain works until nothing is ready, and winds up the bell. False parks the goroutine until it rings.
func (p *epoll) drain(uintptr) bool {
	p.place.Lock()
	p.ready(p.bell, 0)
	for !p.stopped {
		n := p.ready(p.set, 0)
		if n == 0 && len(p.full) == 0 && p.lingers {
			n = p.lingerOn()
		}
		if n == 0 && len(p.full) == 0 {
			_ = p.wind(unix.EPOLL_CTL_MOD) // fails only for a bad descriptor
			p.place.Unlock()
			return false
		}
		p.round(p.events[:n])
	}
	return true // and keeps the place: nobody may enter a loop that ends
}

// lingerTime is how long a loop that transcodes waits for the next packet in the system call itself before it parks, in
// milliseconds; yieldTime is how long others may have used its processor meanwhile for it not to wait at all.
const (
	lingerTime = 1
	yieldTime  = 20 * time.Microsecond
)

func (p *epoll) linger() { p.lingers = true }

// lingerOn waits for packets without parking. When all goroutines are parked, Go's monitor thread sleeps deeply; the next
// call of a codec in C wakes it, and then it looks around every 20 µs for some milliseconds. A loop that parks a thousand
// times a second keeps it at that for good, which was a quarter of all CPU time of transcoding. Whoever else wants this
// processor goes first, and a request to stop (for the garbage collector) ends the wait as a signal does.
func (p *epoll) lingerOn() int {
	p.lingers = false
	began := time.Now()
	runtime.Gosched()
	if time.Since(began) > yieldTime {
		return 0
	}
	return p.ready(p.set, lingerTime)
}

// ready asks one of the two epoll sets what is ready, and waits for it at most some milliseconds.
func (p *epoll) ready(set, wait int) int {
	n, _, e := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(set), uintptr(unsafe.Pointer(&p.events[0])), uintptr(len(p.events)), uintptr(wait), 0, 0)
	if e != 0 {
		return 0 // a signal; the bell rings at once when it is wound up
	}
	return int(n)
}

func (p *epoll) round(ready []unix.EpollEvent) {
	ticked := false
	for i := range ready {
		switch int(ready[i].Fd) {
		case p.timerfd: // the kernel winds it up again when it is read
			ticked = true
			_, _, _ = unix.RawSyscall(unix.SYS_READ, uintptr(p.timerfd), uintptr(unsafe.Pointer(&p.ticks)), unsafe.Sizeof(p.ticks))
		case p.wakefd:
			p.waking.Store(false)
		}
	}
	p.r.begin(ticked)
	p.full, p.again = p.again[:0], p.full
	for _, s := range p.again {
		s.drain()
	}
	for i := range ready {
		if s := p.sock(ready[i].Fd); s != nil {
			s.drain()
		}
	}
	p.stopped = !p.r.ended()
	p.flush()
}

func (p *epoll) sock(fd int32) *udp {
	if int(fd) < len(p.socks) {
		return p.socks[fd]
	}
	return nil
}

// keep makes a socket known by its descriptor; nil forgets it.
func (p *epoll) keep(fd int, s *udp) {
	for fd >= len(p.socks) {
		p.socks = append(p.socks, nil)
	}
	p.socks[fd] = s
}

// flush sends what is queued and takes the buffers back.
func (p *epoll) flush() {
	for _, s := range p.queue {
		s.flush()
	}
	p.queue = p.queue[:0]
	p.used, p.next, p.ownUsed = 0, 0, 0
}

// buffers are n receive buffers of one slab, from first on; they stay free until taken.
func (p *epoll) buffers(n int) (b *slab, first int) {
	if p.next+n > batchSize {
		p.used, p.next = p.used+1, 0
	}
	if p.used == len(p.slabs) {
		p.flush()
	}
	return p.slabs[p.used], p.next
}

// taken makes n of the buffers given last the round's.
func (p *epoll) taken(n int) { p.next += n }

func (p *epoll) room(n int) []byte {
	if p.ownUsed+n > len(p.own) {
		for _, s := range p.queue {
			s.flush()
		}
		p.queue, p.ownUsed = p.queue[:0], 0
	}
	p.ownUsed += n
	return p.own[p.ownUsed-n : p.ownUsed : p.ownUsed]
}

func (p *epoll) wake() {
	if p.waking.Swap(true) {
		return
	}
	one := [8]byte{7: 0}
	binary.NativeEndian.PutUint64(one[:], 1)
	_, _ = unix.Write(p.wakefd, one[:])
}

func (p *epoll) enter() bool { return p.place.TryLock() }

func (p *epoll) leave() {
	p.flush()
	p.place.Unlock()
}

func (p *epoll) tick(on bool) {
	var spec unix.ItimerSpec
	if on {
		spec.Interval = unix.NsecToTimespec(int64(tickTime))
		spec.Value = spec.Interval
	}
	_ = unix.TimerfdSettime(p.timerfd, 0, &spec, nil)
}

func (p *epoll) close() {
	for _, s := range p.socks {
		if s != nil {
			s.close()
		}
	}
	for _, fd := range []int{p.wakefd, p.timerfd} {
		if fd >= 0 {
			_ = unix.Close(fd)
		}
	}
	if p.file != nil {
		_ = p.file.Close()
	} else {
		_ = unix.Close(p.bell)
	}
	_ = unix.Close(p.set)
}

const tickTime = 5 * time.Millisecond
