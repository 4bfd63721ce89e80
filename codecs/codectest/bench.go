package codectest

import (
	"fmt"
	"testing"

	"ringway/codecs"
)

// Bench measures encoding, decoding and concealing 20 ms of a sound as lively as speech, at each rate.
func Bench(b *testing.B, c codecs.Codec) {
	b.Helper()
	for _, rate := range c.Rates() {
		b.Run(fmt.Sprintf("encode/%dHz", rate), func(b *testing.B) { benchEncode(b, c, rate) })
		b.Run(fmt.Sprintf("decode/%dHz", rate), func(b *testing.B) { benchDecode(b, c, rate) })
		b.Run(fmt.Sprintf("conceal/%dHz", rate), func(b *testing.B) { benchConceal(b, c, rate) })
	}
}

func benchEncode(b *testing.B, c codecs.Codec, rate int) {
	l := open(b, c, codecs.EncoderOptions{Rate: rate})
	pcm, packet := Babble(rate, 2*rate), rate/50
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if _, err := l.enc.Encode(l.wire, pcm[i:i+packet]); err != nil {
			b.Fatal(err)
		}
		if i += packet; i == len(pcm) {
			i = 0
		}
	}
}

func benchDecode(b *testing.B, c codecs.Codec, rate int) {
	l := open(b, c, codecs.EncoderOptions{Rate: rate})
	var packets [][]byte
	for pcm := Babble(rate, 2*rate); len(pcm) > 0; pcm = pcm[rate/50:] {
		n, err := l.enc.Encode(l.wire, pcm[:rate/50])
		if err != nil {
			b.Fatal(err)
		}
		packets = append(packets, append([]byte(nil), l.wire[:n]...))
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if _, err := l.dec.Decode(l.pcm, packets[i]); err != nil {
			b.Fatal(err)
		}
		if i++; i == len(packets) {
			i = 0
		}
	}
}

// benchConceal loses every second packet, so that each loss starts anew.
func benchConceal(b *testing.B, c codecs.Codec, rate int) {
	l := open(b, c, codecs.EncoderOptions{Rate: rate})
	pcm := Babble(rate, rate)
	l.sendAll(pcm, rate/50)
	n, err := l.enc.Encode(l.wire, pcm[:rate/50])
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		_, _ = l.dec.Conceal(l.pcm[:rate/50], nil)
		_, _ = l.dec.Decode(l.pcm, l.wire[:n])
	}
}
