package rtp

import "net/netip"

// packetRoom is the longest datagram that is taken: speech packets of 60 ms L16 at 8 kHz fit, and an Ethernet frame.
const packetRoom = 1536

// datagram is a received packet. buf may be changed and handed to socket.send; it is good until the round ends.
type datagram struct {
	buf  []byte
	from endpoint
}

// handler is who gets the datagrams of a socket.
type handler interface{ receive(batch []datagram) }

// rounds is who is told about the poller's rounds: begin, then datagrams, then ended. Ended returns false to stop.
type rounds interface {
	begin(ticked bool)
	ended() bool
}

// poller is what a media loop asks of the operating system. A busy socket is one that many legs share. All methods but wake and enter are for whoever
// has the loop's place: its goroutine, or who entered.
type poller interface {
	open(at netip.AddrPort, h handler, busy bool) (socket, error)
	run(r rounds)      // until ended returns false
	wake()             // begins a round soon; from any goroutine
	enter() bool       // takes the place of a loop that is parked, and true; false while it is at work. From any goroutine
	leave()            // … and gives the place back; what was queued leaves
	tick(on bool)      // a round at least every tickTime
	linger()           // this round called C: wait a moment for more before parking
	room(n int) []byte // n bytes for a packet of our own, good until the round ends
	close()            // closes what the poller itself opened
}

// socket is one UDP socket. What is sent is queued and leaves when the round ends or 64 are waiting.
type socket interface {
	send(b []byte, to *target)
	counts() socketCounts
	close()
}

// socketCounts tell what a socket could not do.
type socketCounts struct {
	Overflow   uint64 // datagrams the kernel dropped because the receive buffer was full
	Unsent     uint64 // datagrams dropped because the send buffer was full
	Rejected   uint64 // datagrams that the kernel refused to send
	Truncated  uint64 // datagrams longer than packetRoom
	BufferSize int    // receive buffer granted, in bytes
}
