package transaction

import (
	"bytes"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"ringway/sip/transport"
)

func keptFlow(i int) transport.Flow {
	f := transport.Flow{Proto: transport.UDP, Local: netip.MustParseAddrPort("192.0.2.1:5060"), Remote: netip.MustParseAddrPort(fmt.Sprintf("192.0.2.9:%d", 1024+i))}
	if i%2 == 1 {
		f.Local, f.Remote = netip.MustParseAddrPort("[2001:db8::1]:5060"), netip.MustParseAddrPort(fmt.Sprintf("[2001:db8::9]:%d", 1024+i))
	}
	return f
}

// Answers of all sizes come and go in order; each is found as it was, on its flow, until it is dropped.
func TestKeptAnswers(t *testing.T) {
	k := newKeptAnswers()
	text := func(i int) []byte { return []byte(strings.Repeat(fmt.Sprint(i, " "), 1+i%3000)) }
	const window, all = 500, 5000
	for i := range all {
		k.add(keptAnswer{key: key{uint64(i), 7}, to: pathOf(keptFlow(i)), due: int64(i)}, text(i))
		if i >= window {
			if o := k.oldest(); o.due != int64(i-window) {
				t.Fatalf("the oldest is %d, want %d", o.due, i-window)
			}
			k.drop()
			if _, _, ok := k.find(key{uint64(i - window), 7}); ok {
				t.Fatalf("%d was dropped, and is found", i-window)
			}
		}
		for _, j := range []int{i, max(0, i-window/2), max(0, i-window+1)} {
			to, got, ok := k.find(key{uint64(j), 7})
			if !ok || to != keptFlow(j) || !bytes.Equal(got, text(j)) {
				t.Fatalf("at %d: %d is found %v on %v with %d bytes", i, j, ok, to, len(got))
			}
		}
	}
	for k.len() > 0 {
		k.drop()
	}
	if len(k.pages) != 0 || len(k.places) != 0 || len(k.slots) != firstSlots || k.oldest() != nil {
		t.Errorf("emptied, it holds %d pages, %d places, %d slots", len(k.pages), len(k.places), len(k.slots))
	}
}

// A forged branch that comes twice at once replaces the answer; dropping the first must not lose the second.
func TestKeptAnswerReplaced(t *testing.T) {
	k := newKeptAnswers()
	for i := range 2 {
		k.add(keptAnswer{key: key{1, 1}, to: pathOf(keptFlow(i))}, []byte{byte('a' + i)})
	}
	k.drop()
	if _, text, ok := k.find(key{1, 1}); !ok || string(text) != "b" {
		t.Errorf("found %v %q", ok, text)
	}
}
