package transaction

import (
	"encoding/binary"
	"net/netip"

	"ringway/sip/transport"
)

// Requests other than INVITE that have their final answer linger only to give it again (RFC 3261 §17.2.2): 32 s each, which at
// thousands of REGISTER a second is most of what the table holds. So of such a transaction only its key and its bytes
// stay, in memory without pointers that the garbage collector never walks:
//
//	          oldest                  youngest
//	slots   │ key merge due to text │ … │ … │      a ring; all live equally long, so they end in the order they came
//	                          ╲
//	pages         …, OK\r\nVia: …│SIP/2.0 200 OK\r\nVia: …│      64 KiB each; one goes when its last answer has
const (
	pageSize   = 64 << 10
	firstSlots = 64
)

// keptAnswer is the slot of one answered transaction.
type keptAnswer struct {
	key        key
	merge      mergeKey
	due        int64 // tick of the wheel
	to         path
	page       uint64 // number of the page since the start
	from, size uint32 // of the text in its page
}

// path is a transport.Flow without pointers; zones do not come with datagrams.
type path struct {
	local, remote         [16]byte
	localPort, remotePort uint16
	local4, remote4       bool
}

// keptAnswers is a shard's part of them, under its lock.
type keptAnswers struct {
	places      map[key]uint64 // → number of the slot since the start
	slots       []keptAnswer   // a ring, a power of two long
	first, next uint64         // numbers of the oldest slot and of the one to come
	pages       [][]byte
	firstPage   uint64
	spare       []byte // one page to use again
}

func newKeptAnswers() keptAnswers {
	return keptAnswers{places: map[key]uint64{}, slots: make([]keptAnswer, firstSlots)}
}

func (k *keptAnswers) len() int { return int(k.next - k.first) }

// add keeps an answer; it copies the text.
func (k *keptAnswers) add(a keptAnswer, text []byte) {
	if k.len() == len(k.slots) {
		k.grow()
	}
	if n := len(k.pages); n == 0 || cap(k.pages[n-1])-len(k.pages[n-1]) < len(text) {
		k.pages = append(k.pages, k.newPage(len(text)))
	}
	last := len(k.pages) - 1
	a.page, a.from, a.size = k.firstPage+uint64(last), uint32(len(k.pages[last])), uint32(len(text))
	k.pages[last] = append(k.pages[last], text...)
	k.slots[k.next&uint64(len(k.slots)-1)] = a
	k.places[a.key] = k.next
	k.next++
}

func (k *keptAnswers) newPage(atLeast int) []byte {
	if p := k.spare; cap(p) >= atLeast {
		k.spare = nil
		return p[:0]
	}
	return make([]byte, 0, max(pageSize, atLeast))
}

func (k *keptAnswers) grow() {
	bigger := make([]keptAnswer, 2*len(k.slots))
	for i := k.first; i < k.next; i++ {
		bigger[i&uint64(len(bigger)-1)] = k.slots[i&uint64(len(k.slots)-1)]
	}
	k.slots = bigger
}

// find returns a copy of the answer, since its page may be used again as soon as the lock is released.
func (k *keptAnswers) find(id key) (to transport.Flow, text []byte, ok bool) {
	place, ok := k.places[id]
	if !ok {
		return to, nil, false
	}
	a := &k.slots[place&uint64(len(k.slots)-1)]
	page := k.pages[a.page-k.firstPage]
	return a.to.flow(), append([]byte(nil), page[a.from:a.from+a.size]...), true
}

// oldest is the slot that ends next, nil when there is none.
func (k *keptAnswers) oldest() *keptAnswer {
	if k.len() == 0 {
		return nil
	}
	return &k.slots[k.first&uint64(len(k.slots)-1)]
}

// drop forgets the oldest.
func (k *keptAnswers) drop() {
	a := k.oldest()
	if k.places[a.key] == k.first {
		delete(k.places, a.key)
	}
	*a = keptAnswer{}
	k.first++
	oldest := k.firstPage + uint64(len(k.pages))
	if next := k.oldest(); next != nil {
		oldest = next.page
	}
	for ; k.firstPage < oldest; k.firstPage++ {
		if cap(k.pages[0]) == pageSize {
			k.spare = k.pages[0]
		}
		k.pages[0] = nil
		k.pages = k.pages[1:]
	}
	if k.len() == 0 && len(k.slots) > firstSlots {
		*k = newKeptAnswers() // after a rush neither slots nor pages stay
	}
}

// pathOf packs a flow over UDP.
func pathOf(f transport.Flow) path {
	return path{
		local: f.Local.Addr().As16(), localPort: f.Local.Port(), local4: f.Local.Addr().Is4(),
		remote: f.Remote.Addr().As16(), remotePort: f.Remote.Port(), remote4: f.Remote.Addr().Is4(),
	}
}

func (p *path) flow() transport.Flow {
	return transport.Flow{Proto: transport.UDP, Local: addrPort(p.local, p.localPort, p.local4), Remote: addrPort(p.remote, p.remotePort, p.remote4)}
}

func addrPort(a [16]byte, port uint16, is4 bool) netip.AddrPort {
	if is4 {
		var b [4]byte
		binary.BigEndian.PutUint32(b[:], binary.BigEndian.Uint32(a[12:]))
		return netip.AddrPortFrom(netip.AddrFrom4(b), port)
	}
	return netip.AddrPortFrom(netip.AddrFrom16(a), port)
}
