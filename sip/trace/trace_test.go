package trace

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"ringway/sip/transport"
)

var start = time.Date(2026, 6, 1, 9, 0, 0, 123456000, time.UTC)

// rig is a recorder with a clock of its own.
type rig struct {
	*Recorder
	at   time.Time
	legs []string
}

func newRig(bytes int) *rig {
	g := &rig{at: start}
	g.Recorder = New(Options{Bytes: bytes, Now: func() time.Time { return g.at }, Calls: func(string) []string { return g.legs }})
	return g
}

var (
	phone = netip.MustParseAddrPort("192.0.2.7:5062")
	ours  = netip.MustParseAddrPort("198.51.100.1:5060")
)

func (g *rig) say(callID, text string, incoming bool) {
	g.at = g.at.Add(10 * time.Millisecond)
	g.Tap(Message{At: g.at, Flow: transport.Flow{Proto: transport.UDP, Local: ours, Remote: phone}, Incoming: incoming, CallID: callID, Text: text})
}

func texts(list []Message) string {
	var out []string
	for _, m := range list {
		line, _, _ := strings.Cut(m.Text, "\r\n")
		out = append(out, line)
	}
	return strings.Join(out, "|")
}

func TestRingKeepsCalls(t *testing.T) {
	g := newRig(0)
	g.say("a", "SIP/2.0 200 OK\r\n\r\n", true) // of a call that nobody saw begin
	g.say("r", "REGISTER sip:x SIP/2.0\r\n\r\n", true)
	g.say("a", "INVITE sip:help SIP/2.0\r\n\r\n", true)
	g.say("b", "INVITE sip:mei SIP/2.0\r\n\r\n", false)
	g.say("b", "SIP/2.0 180 Ringing\r\n\r\n", true)
	g.say("a", "SIP/2.0 180 Ringing\r\n\r\n", false)
	got, complete := g.Messages("a", "b")
	if texts(got) != "INVITE sip:help SIP/2.0|INVITE sip:mei SIP/2.0|SIP/2.0 180 Ringing|SIP/2.0 180 Ringing" || !complete || got[2].CallID != "b" {
		t.Errorf("%s %t", texts(got), complete)
	}
	if got, complete := g.Messages("r", "a"); len(got) != 2 || complete {
		t.Errorf("%s %t", texts(got), complete)
	}
	g.Clear()
	if got, _ := g.Messages("a", "b"); len(got) > 0 {
		t.Error("what was cleared is still there")
	}
}

func TestRingIsBounded(t *testing.T) {
	g := newRig(shards * 100_000)
	long := strings.Repeat("x", 1000)
	for i := range 5000 {
		g.say(fmt.Sprint("call", i), "INVITE sip:x SIP/2.0\r\n\r\n"+long, true)
	}
	kept := 0
	for i := range g.shards {
		if s := &g.shards[i]; s.bytes > s.most || s.order.Len() != len(s.calls) {
			t.Errorf("shard %d holds %d of %d bytes in %d calls", i, s.bytes, s.most, len(s.calls))
		} else {
			kept += len(s.calls)
		}
	}
	if kept < 400 || kept > 800 {
		t.Errorf("%d calls are kept", kept)
	}
	if got, _ := g.Messages("call4999"); len(got) != 1 {
		t.Error("the last one is gone")
	}
	for i := range maxMessages + 50 {
		g.say("call4999", fmt.Sprintf("INFO %d SIP/2.0\r\n\r\n", i), true)
	}
	got, complete := g.Messages("call4999")
	if len(got) != maxMessages || complete || !strings.HasPrefix(got[0].Text, "INVITE") || !strings.HasPrefix(got[len(got)-1].Text, "INFO 299") {
		t.Errorf("%d messages, complete %t: %s", len(got), complete, texts(got[len(got)-1:]))
	}
}

func TestCaptures(t *testing.T) {
	g := newRig(0)
	byAddress, err := g.Start(Order{Filter: Filter{ByAddress, "192.0.2.0/24"}, For: time.Minute, Bytes: 60, By: "ada"})
	if err != nil {
		t.Fatal(err)
	}
	byAccount, _ := g.Start(Order{Filter: Filter{ByAccount, "mei"}, For: time.Second})
	g.say("r", "REGISTER sip:x SIP/2.0\r\nTo: <sip:mei@x>\r\n\r\n", true)
	g.say("r", "SIP/2.0 401 Unauthorized\r\n\r\n", false)
	g.say("q", "REGISTER sip:x SIP/2.0\r\nTo: <sip:meiling@x>\r\n\r\nsip:mei@", true)
	got, _ := g.Captured(byAccount.ID)
	if texts(got) != "REGISTER sip:x SIP/2.0|SIP/2.0 401 Unauthorized" {
		t.Errorf("by account: %s", texts(got))
	}
	got, _ = g.Captured(byAddress.ID)
	all := g.Captures()
	if len(got) != 1 || all[0].State != Full || all[1].State != Running || all[0].By != "ada" {
		t.Errorf("by address: %s %+v", texts(got), all)
	}
	g.at = g.at.Add(2 * time.Second)
	g.Refresh()
	if g.active.Load() != nil || g.Captures()[1].State != Over {
		t.Error("a capture runs on beyond its time")
	}
	for range MaxCaptures - 2 {
		if _, err := g.Start(Order{Filter: Filter{ByAddress, "::1"}, For: time.Hour * 9}); err != nil {
			t.Fatal(err)
		}
	}
	if c := g.Captures()[2]; c.Until.Sub(c.Started) != MaxTime || c.MaxBytes != MaxBytes {
		t.Errorf("unbounded: %+v", c)
	}
	if _, err := g.Start(Order{Filter: Filter{ByCall, "c"}}); !errors.Is(err, ErrTooMany) {
		t.Error(err)
	}
	if c, err := g.StopCapture("3"); err != nil || c.State != Over {
		t.Errorf("%+v %v", c, err)
	}
	if err := g.Delete("1"); err != nil || len(g.Captures()) != MaxCaptures-1 || !errors.Is(g.Delete("1"), ErrNoCapture) {
		t.Error(err)
	}
	for _, bad := range []Filter{{ByAddress, "example.org"}, {ByAccount, "a b"}, {"header", "x"}} {
		if _, err := g.Start(Order{Filter: bad}); !errors.Is(err, ErrFilter) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

// TestACaptureOfACallHasItsLegs: those that came before it, since it began, and those that come later.
func TestACaptureOfACallHasItsLegs(t *testing.T) {
	g := newRig(0)
	g.say("a", "INVITE sip:help SIP/2.0\r\n\r\n", true)
	g.legs, g.at = []string{"a"}, g.at.Add(time.Millisecond)
	c, err := g.Start(Order{Filter: Filter{ByCall, "call-1"}, For: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	g.say("b", "INVITE sip:mei SIP/2.0\r\n\r\n", false)
	g.say("z", "INVITE sip:other SIP/2.0\r\n\r\n", false)
	g.legs = []string{"a", "b"}
	g.Refresh()
	g.say("a", "SIP/2.0 180 Ringing\r\n\r\n", false)
	g.say("b", "SIP/2.0 200 OK\r\n\r\n", true)
	got, _ := g.Captured(c.ID)
	if texts(got) != "INVITE sip:mei SIP/2.0|SIP/2.0 180 Ringing|SIP/2.0 200 OK" {
		t.Error(texts(got))
	}
}

func TestManyAtOnce(t *testing.T) {
	r := New(Options{Calls: func(string) []string { return []string{"a0", "a1"} }})
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for n := range 300 {
				r.Tap(Message{At: time.Now(), Flow: transport.Flow{Local: ours, Remote: phone}, CallID: fmt.Sprint("a", i), Text: fmt.Sprintf("INVITE %d SIP/2.0\r\n\r\n", n)})
			}
		})
	}
	wg.Go(func() {
		for range 50 {
			c, err := r.Start(Order{Filter: Filter{ByCall, "x"}, For: time.Minute})
			r.Refresh()
			if err == nil {
				r.Captures()
				_, _ = r.Captured(c.ID)
				_ = r.Delete(c.ID)
			}
		}
	})
	wg.Wait()
	if got, _ := r.Messages("a3"); len(got) != maxMessages {
		t.Errorf("%d messages", len(got))
	}
}

const secretMessage = "INVITE sip:help@x SIP/2.0\r\n" +
	"Authorization: Digest username=\"mei\", realm=\"x\", nonce=\"n0nce/+=\", uri=\"sip:x\",\r\n response=\"0123456789abcdef\", cnonce=c1, nc=00000001, qop=auth\r\n" +
	"X-Ringway-Claims: eyJhbGciOi.eyJzdWIi.sig\r\n" +
	"Proxy-Authorization: Bearer abc.def\r\n" +
	"Subject: response=\"kept\"\r\n" +
	"Content-Type: application/sdp\r\n\r\n" +
	"v=0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20\r\na=ice-pwd:icepassword\r\na=rtpmap:0 PCMU/8000\r\n"

func TestSecretsAreMasked(t *testing.T) {
	got := Masked(secretMessage)
	if len(got) != len(secretMessage) {
		t.Errorf("%d bytes became %d", len(secretMessage), len(got))
	}
	for _, secret := range []string{"n0nce", "0123456789abcdef", "c1,", "eyJ", "sig", "abc.def", "WVNf", "icepassword"} {
		if strings.Contains(got, secret) {
			t.Errorf("%s shows in %s", secret, got)
		}
	}
	for _, kept := range []string{`username="mei"`, `uri="sip:x"`, "nc=00000001", "qop=auth", `Subject: response="kept"`, "a=rtpmap:0 PCMU/8000", "|2^20", "AES_CM_128"} {
		if !strings.Contains(got, kept) {
			t.Errorf("%s is gone from %s", kept, got)
		}
	}
	info := "INFO sip:x SIP/2.0\r\nContent-Type: application/dtmf-relay\r\n\r\nSignal=5\r\nDuration=160\r\n"
	if got := Masked(info); strings.Contains(got, "Signal=5") || !strings.Contains(got, "Duration=160") {
		t.Error(got)
	}
	if got := Masked("INFO sip:x SIP/2.0\r\nContent-Type: application/dtmf\r\n\r\n5"); !strings.HasSuffix(got, "\r\n\r\nx") {
		t.Error(got)
	}
}

func FuzzMasked(f *testing.F) {
	f.Add(secretMessage)
	f.Fuzz(func(t *testing.T, text string) {
		if got := Masked(text); len(got) != len(text) {
			t.Errorf("%d bytes became %d", len(text), len(got))
		}
	})
}

// TestPcap reads the file as tools do: magic, records, IP and UDP headers with right lengths and checksums.
func TestPcap(t *testing.T) {
	v6 := transport.Flow{Proto: transport.TCP, Local: netip.MustParseAddrPort("[::]:5060"), Remote: netip.MustParseAddrPort("[2001:db8::7]:40000")}
	list := []Message{
		{At: start, Flow: transport.Flow{Proto: transport.UDP, Local: netip.MustParseAddrPort("[::]:5060"), Remote: phone}, Incoming: true, Text: secretMessage},
		{At: start.Add(time.Second), Flow: v6, Text: "SIP/2.0 200 OK\r\n\r\nodd"},
		{At: start, Flow: transport.Flow{Local: ours, Remote: phone}, Text: strings.Repeat("x", 70000)},
	}
	var b bytes.Buffer
	self := func(f transport.Flow) netip.AddrPort {
		if f.Remote.Addr().Is4() {
			return ours
		}
		return netip.MustParseAddrPort("[2001:db8::1]:5060")
	}
	if err := WritePcap(&b, list, self); err != nil {
		t.Fatal(err)
	}
	file := b.Bytes()
	if binary.LittleEndian.Uint32(file) != pcapMagic || binary.LittleEndian.Uint32(file[20:]) != 101 {
		t.Fatalf("header % x", file[:24])
	}
	var got []string
	for file = file[24:]; len(file) > 0; {
		sec, usec, n := binary.LittleEndian.Uint32(file), binary.LittleEndian.Uint32(file[4:]), int(binary.LittleEndian.Uint32(file[8:]))
		ip := file[16 : 16+n]
		file = file[16+n:]
		var from, to netip.Addr
		udp := ip[40:]
		if ip[0]>>4 == 4 {
			if checksum(ip[:20]) != 0 || int(binary.BigEndian.Uint16(ip[2:])) != n {
				t.Errorf("an IP header is wrong: % x", ip[:20])
			}
			from, _ = netip.AddrFromSlice(ip[12:16])
			to, _ = netip.AddrFromSlice(ip[16:20])
			udp = ip[20:]
		} else {
			from, _ = netip.AddrFromSlice(ip[8:24])
			to, _ = netip.AddrFromSlice(ip[24:40])
		}
		pseudo := append(append([]byte{}, from.AsSlice()...), to.AsSlice()...)
		pseudo = binary.BigEndian.AppendUint32(pseudo, uint32(len(udp)))
		pseudo = append(pseudo, 0, 0, 0, 17)
		if checksum(append(pseudo, udp...)) != 0 || int(binary.BigEndian.Uint16(udp[4:])) != len(udp) {
			t.Errorf("a UDP header is wrong: % x", udp[:8])
		}
		got = append(got, fmt.Sprintf("%d.%06d %s:%d %s:%d %d", sec, usec, from, binary.BigEndian.Uint16(udp), to, binary.BigEndian.Uint16(udp[2:]), len(udp)-8))
		if bytes.Contains(udp, []byte("n0nce")) {
			t.Error("a secret is in the file")
		}
	}
	want := fmt.Sprintf("[1780304400.123456 192.0.2.7:5062 198.51.100.1:5060 %d 1780304401.123456 2001:db8::1:5060 2001:db8::7:40000 21 1780304400.123456 198.51.100.1:5060 192.0.2.7:5062 65507]", len(secretMessage))
	if fmt.Sprint(got) != want {
		t.Errorf("%v\nwant %s", got, want)
	}
}

func BenchmarkTap(b *testing.B) {
	r := New(Options{})
	m := Message{At: start, Flow: transport.Flow{Local: ours, Remote: phone}, CallID: "a", Text: "INVITE sip:x SIP/2.0\r\n" + strings.Repeat("x", 700)}
	other := m
	other.Text = "REGISTER sip:x SIP/2.0\r\n" + strings.Repeat("x", 700)
	b.Run("register", func(b *testing.B) {
		for b.Loop() {
			r.Tap(other)
		}
	})
	ids := make([]string, 4096)
	for i := range ids {
		ids[i] = fmt.Sprint("call-id-of-some-length-", i)
	}
	b.Run("call", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			m.CallID = ids[i%len(ids)]
			r.Tap(m)
		}
	})
}
