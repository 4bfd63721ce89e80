package g722

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"

	"ringway/codecs"
)

// signal needs no floating point, so it is the same on every machine: noise of speech-like slope, white noise, and a
// square wave at full scale, which drives every limiter of the codec.
func signal() []int16 {
	random := rand.New(rand.NewPCG(7, 22))
	var pcm []int16
	slow := 0
	for range 4 * rate {
		slow += (int(random.Int32N(8001)) - 4000 - slow/8)
		pcm = append(pcm, int16(min(max(slow, -32768), 32767)))
	}
	for range rate {
		pcm = append(pcm, int16(random.Uint32()))
	}
	for i := range rate {
		pcm = append(pcm, [2]int16{32767, -32768}[i/40%2])
	}
	return pcm
}

// The sums were made by another implementation, spandsp's libspandsp 2, from the same samples and code words: bit-exact in
// both directions, also for code words that no encoder makes.
func TestBitExactWithSpandsp(t *testing.T) {
	enc, err := Codec().NewEncoder(codecs.EncoderOptions{Rate: rate})
	if err != nil {
		t.Fatal(err)
	}
	pcm := signal()
	wire := make([]byte, len(pcm)/2)
	if _, err := enc.Encode(wire, pcm); err != nil {
		t.Fatal(err)
	}
	if got := sum(wire); got != "4c8963445126dafb6fbde3e082806c9bd647d91cb72100d97caeacb7a122f751" {
		t.Errorf("encoded: %s", got)
	}
	random := rand.New(rand.NewPCG(9, 22))
	for range 4 * rate {
		wire = append(wire, byte(random.Uint32()))
	}
	dec, err := Codec().NewDecoder(rate)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]int16, 2*len(wire))
	if _, err := dec.Decode(out, wire); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 0, 2*len(out))
	for _, s := range out {
		b = binary.LittleEndian.AppendUint16(b, uint16(s))
	}
	if got := sum(b); got != "6dec28147982c7a9b070a1ff08ba1c6c016ccde9b937c0b0d0633dd973b16d3d" {
		t.Errorf("decoded: %s", got)
	}
}

func sum(b []byte) string { return fmt.Sprintf("%x", sha256.Sum256(b)) }
