package rtp

import (
	"bytes"
	"fmt"
	"testing"

	prtp "github.com/pion/rtp"
)

func TestRelayBothWays(t *testing.T) {
	for _, perLeg := range []bool{false, true} {
		t.Run(fmt.Sprintf("socket per leg %v", perLeg), func(t *testing.T) {
			e := open(t, Options{SocketPerLeg: perLeg})
			a, b := pair(t, e, "PCMU", "PCMU")
			if p := a.s.Local().Port(); p%2 != 0 {
				t.Errorf("RTP on odd port %d", p)
			}
			for i := range 50 {
				a.say(0, bytes.Repeat([]byte{byte(i)}, 160), 160)
				b.say(0, bytes.Repeat([]byte{byte(100 + i)}, 160), 160)
			}
			for first, p := range map[byte]*phone{100: a, 0: b} {
				got := p.await(50)
				continuous(t, got)
				if !got[0].Marker || got[1].Marker {
					t.Error("the first packet, and only that, has the marker")
				}
				for i, pk := range got {
					if pk.Payload[0] != first+byte(i) || len(pk.Payload) != 160 || pk.PayloadType != 0 {
						t.Fatalf("packet %d is %v", i, pk)
					}
					if i > 0 && pk.Timestamp != got[i-1].Timestamp+160 {
						t.Fatalf("packet %d: timestamp", i)
					}
				}
			}
			if st := a.s.Stats(); st.Packets != 50 || st.Sent != 50 || st.Lost != 0 || st.Codec != "PCMU" || st.Remote != a.addr() {
				t.Errorf("stats %+v", st)
			}
		})
	}
}

func TestRelayMapsPayloadTypesAndStripsExtensions(t *testing.T) {
	e := open(t, Options{})
	a, b := newPhone(t, "127.0.0.1"), newPhone(t, "127.0.0.1")
	pa, pb := a.params("opus"), b.params("opus")
	pa.RecvPT, pa.SendPT = 111, 112
	a.callAs(e, pa)
	b.callAs(e, pb)
	if err := Join(a.s, b.s); err != nil {
		t.Fatal(err)
	}
	h := prtp.Header{PayloadType: 111, SequenceNumber: 1, Timestamp: 5, CSRC: []uint32{1, 2}, Marker: true}
	if err := h.SetExtension(1, []byte("abc")); err != nil {
		t.Fatal(err)
	}
	a.send(h, []byte("payload"))
	got := b.await(1)[0]
	if got.PayloadType != 96 || string(got.Payload) != "payload" || got.Extension || len(got.CSRC) != 0 || !got.Marker {
		t.Fatalf("B heard %v", got)
	}
	b.say(96, []byte("back"), 960)
	if got := a.await(1)[0]; got.PayloadType != 112 {
		t.Fatalf("A heard %v", got)
	}
	a.say(0, []byte("unknown payload type"), 960)
	a.settle()
	if st := a.s.Stats(); st.Dropped < 1 || len(b.heard()) != 1 {
		t.Fatalf("an unknown payload type went through: %+v", st)
	}
}

func TestRelayKeepsTheirOrderAndHoles(t *testing.T) {
	e := open(t, Options{})
	a, b := pair(t, e, "PCMA", "PCMA")
	for _, seq := range []uint16{65534, 65535, 1, 0, 4} { // 2 and 3 are lost
		a.send(prtp.Header{PayloadType: 8, SequenceNumber: seq, Timestamp: uint32(seq) * 160}, []byte{1})
	}
	got := b.await(5)
	for i, want := range []uint16{0, 1, 3, 2, 6} {
		if d := got[i].SequenceNumber - got[0].SequenceNumber; d != want {
			t.Errorf("packet %d is %d behind the first, want %d", i, d, want)
		}
	}
	if st := a.s.Stats(); st.Lost != 2 || st.Reordered != 1 {
		t.Errorf("stats %+v", st)
	}
}

// TestOneStreamWhoeverSpeaks changes SSRC, restarts numbers, changes the peer: the listener hears one stream.
func TestOneStreamWhoeverSpeaks(t *testing.T) {
	e := open(t, Options{})
	a, b := pair(t, e, "PCMU", "PCMU")
	c := newPhone(t, "127.0.0.1")
	c.call(e, "PCMU")
	a.mumble(5)
	b.await(5)
	a.ssrc, a.seq, a.ts = 77, 40000, 9
	a.mumble(5)
	b.await(10)
	a.seq = 100 // the same SSRC begins anew: one packet is not believed
	a.mumble(6)
	b.await(15)
	if err := Join(c.s, b.s); err != nil {
		t.Fatal(err)
	}
	c.mumble(5)
	got := b.await(20)
	continuous(t, got)
	for _, i := range []int{0, 5, 10, 15} {
		if !got[i].Marker {
			t.Errorf("packet %d has no marker", i)
		}
	}
	a.mumble(3)
	a.settle()
	if n := len(b.heard()); n != 20 {
		t.Errorf("A is parted and was heard: %d packets", n)
	}
	Part(b.s, c.s)
	c.mumble(3)
	c.settle()
	if n := len(b.heard()); n != 20 {
		t.Errorf("C is parted and was heard: %d packets", n)
	}
}

func TestDirections(t *testing.T) {
	e := open(t, Options{})
	a, b := pair(t, e, "PCMU", "PCMU")
	hold := a.params("PCMU")
	hold.Direction = 1 // recvonly: A put us on hold
	if err := a.s.Apply(hold); err != nil {
		t.Fatal(err)
	}
	b.mumble(3)
	b.settle()
	a.mumble(3)
	if b.await(3); len(a.heard()) != 0 {
		t.Fatal("A is on hold and hears")
	}
	if err := a.s.Apply(a.params("PCMU")); err != nil {
		t.Fatal(err)
	}
	b.mumble(3)
	a.await(3)
}

func TestGarbage(t *testing.T) {
	e := open(t, Options{})
	a, b := pair(t, e, "PCMU", "PCMU")
	a.mumble(1)
	b.await(1)
	for _, bad := range [][]byte{{}, {0x80}, bytes.Repeat([]byte{0xff}, 11), bytes.Repeat([]byte{0xff}, 64), bytes.Repeat([]byte{0x80}, 1500),
		append([]byte{0xa0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0}, 255), {0x80, 200, 0, 1}, bytes.Repeat([]byte{0xbf}, 40)} {
		a.raw(bad)
	}
	a.raw(make([]byte, 3000)) // longer than any speech
	a.mumble(1)
	b.await(2)
	if st := e.Stats(); st.Truncated != 1 {
		t.Errorf("engine %+v", st)
	}
}

func FuzzReceive(f *testing.F) {
	e := open(f, Options{})
	a, b := pair(f, e, "PCMU", "PCMU")
	_ = b
	f.Add([]byte{0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9, 1, 2, 3})
	f.Add([]byte{0x9f, 0x65, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9, 1, 2, 3})
	f.Fuzz(func(t *testing.T, packet []byte) {
		if len(packet) > packetRoom {
			return
		}
		before := e.Stats().Panics
		a.s.loop.call(func() {
			buf := make([]byte, packetRoom)
			a.s.port.receive([]datagram{{buf: buf[:copy(buf, packet)], from: endpointOf(a.addr())}})
		})
		if e.Stats().Panics != before {
			t.Fatal("panic")
		}
	})
}
