package g711

import (
	"testing"

	"ringway/codecs"
	"ringway/codecs/codectest"
)

func TestPCMU(t *testing.T) { codectest.Run(t, PCMU()) }
func TestPCMA(t *testing.T) { codectest.Run(t, PCMA()) }

// Values of ITU-T G.711 tables 1a, 2a: the code words of silence, of full scale and of the smallest steps, on the wire.
func TestCodeWords(t *testing.T) {
	for _, c := range []struct {
		codec codecs.Codec
		pcm   int16
		want  byte
	}{
		{PCMU(), 0, 0xff}, {PCMU(), 32767, 0x80}, {PCMU(), -32768, 0x00}, {PCMU(), 8, 0xfe}, {PCMU(), -8, 0x7e}, {PCMU(), 1000, 0xce},
		{PCMA(), 8, 0xd5}, {PCMA(), -8, 0x55}, {PCMA(), 32767, 0xaa}, {PCMA(), -32768, 0x2a}, {PCMA(), 1000, 0xfa},
	} {
		enc, err := c.codec.NewEncoder(codecs.EncoderOptions{Rate: 8000})
		if err != nil {
			t.Fatal(err)
		}
		var b [1]byte
		if _, err := enc.Encode(b[:], []int16{c.pcm}); err != nil || b[0] != c.want {
			t.Errorf("%s of %d is %#02x, want %#02x (%v)", c.codec.Format().Name, c.pcm, b[0], c.want, err)
		}
	}
}

// Each code word decodes to a value that encodes to itself; the two zeros of µ-law are one value.
func TestEveryCodeWordSurvives(t *testing.T) {
	for _, c := range []codecs.Codec{PCMU(), PCMA()} {
		enc, _ := c.NewEncoder(codecs.EncoderOptions{Rate: 8000})
		dec, _ := c.NewDecoder(8000)
		for w := range 256 {
			var pcm [1]int16
			var back [1]byte
			if _, err := dec.Decode(pcm[:], []byte{byte(w)}); err != nil {
				t.Fatal(err)
			}
			if _, err := enc.Encode(back[:], pcm[:]); err != nil {
				t.Fatal(err)
			}
			if back[0] != byte(w) && !(c == PCMU() && w == 0x7f) {
				t.Errorf("%s: %#02x → %d → %#02x", c.Format().Name, w, pcm[0], back[0])
			}
		}
	}
}

func BenchmarkPCMU(b *testing.B) { codectest.Bench(b, PCMU()) }
func BenchmarkPCMA(b *testing.B) { codectest.Bench(b, PCMA()) }
