package transport

import (
	"net/netip"
	"sync"
)

const (
	answersAtOnce = 32   // wait for each other
	answersAtMost = 1024 // wait while a socket takes no more; further ones wait at it themselves
)

// answers gathers what goes out over UDP while a batch of datagrams is dealt with, so that one system call sends it all:
//
//	recvmmsg ─▶ begin ─▶ message, message, …, message ─▶ end ─▶ sendmmsg
//	                        ╲ Write: answers wait here ╱
//
// Only responses wait, as nobody acts on an error of theirs. Those of other goroutines that come meanwhile wait too, a
// millisecond at most; whoever sends takes along what is added during it, so the order of writing stays that of sending.
type answers struct {
	layer *Layer

	mu      sync.Mutex // guards what follows
	batches int        // under way
	sending bool       // somebody sends
	bag     answerBag

	out answerBag // owned by who sends
}

// answerBag is a number of answers, one text behind the other.
type answerBag struct {
	text  []byte
	parts []answerPart
}

type answerPart struct {
	socket *udpSocket
	to     netip.AddrPort
	end    int // of its text
}

func (b *answerBag) add(u *udpSocket, to netip.AddrPort, text []byte) {
	b.text = append(b.text, text...)
	b.parts = append(b.parts, answerPart{u, to, len(b.text)})
}

func (b *answerBag) empty() {
	b.text, b.parts = b.text[:0], b.parts[:0]
	if cap(b.text) > 256<<10 {
		b.text = nil // large ones came once
	}
}

// begin says that a batch is under way on this goroutine.
func (a *answers) begin() {
	a.mu.Lock()
	a.batches++
	a.mu.Unlock()
}

// end sends what was gathered.
func (a *answers) end() {
	a.mu.Lock()
	a.batches--
	a.sendLocked()
	a.mu.Unlock()
}

// take takes a response over, while a batch is under way; it is false when it should be sent at once.
func (a *answers) take(u *udpSocket, to netip.AddrPort, text []byte) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.batches == 0 && !a.sending || len(a.bag.parts) >= answersAtMost {
		return false
	}
	a.bag.add(u, to, text)
	if len(a.bag.parts) >= answersAtOnce {
		a.sendLocked()
	}
	return true
}

// sendLocked sends until nothing waits, unless somebody does so already. It lets go of the lock meanwhile.
func (a *answers) sendLocked() {
	if a.sending {
		return
	}
	a.sending = true
	for len(a.bag.parts) > 0 {
		a.bag, a.out = a.out, a.bag
		a.mu.Unlock()
		a.send()
		a.out.empty()
		a.mu.Lock()
	}
	a.sending = false
}

// send sends the bag that is out, the answers of one socket after those of another.
func (a *answers) send() {
	parts, from := a.out.parts, 0
	for len(parts) > 0 {
		n := 1
		for n < len(parts) && parts[n].socket == parts[0].socket {
			n++
		}
		failed := parts[0].socket.writeAll(a.out.text, from, parts[:n])
		a.layer.sent(n-failed, parts[n-1].end-from)
		a.layer.count.SendErrors.Add(uint64(failed))
		parts, from = parts[n:], parts[n-1].end
	}
}
