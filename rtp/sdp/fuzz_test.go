package sdp

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ringway/codecs"
	"ringway/codecs/builtin"

	"pgregory.net/rapid"
)

// FuzzParse: whatever arrives is refused with its line, or read; what was read can be written, read again as the same, and
// answered line by line.
func FuzzParse(f *testing.F) {
	offers, _ := filepath.Glob(filepath.Join(folder, "*.offer"))
	for _, file := range offers {
		body, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	set := builtin.All()
	f.Fuzz(func(t *testing.T, body []byte) {
		s, err := Parse(body)
		if err != nil {
			var fault *LineError
			if !errors.As(err, &fault) {
				t.Fatalf("%v is no LineError", err)
			}
			return
		}
		wire := s.Marshal()
		back, err := Parse(wire)
		if err != nil {
			t.Fatalf("what we wrote is refused: %v\n%s", err, wire)
		}
		if again := back.Marshal(); !bytes.Equal(again, wire) {
			t.Fatalf("not the same a second time:\n%s\n%s", wire, again)
		}
		answerFits(t, s, set)
	})
}

type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// answerFits checks RFC 3264 §6: as many lines as the offer, of the same kind and protocol, in order, at most one accepted.
func answerFits(t failer, offer *Session, set *codecs.Set) {
	t.Helper()
	answer, a, err := Answer(offer, AnswerOptions{Local: local(), Codecs: set})
	if len(answer.Media) != len(offer.Media) {
		t.Fatalf("%d lines answered by %d", len(offer.Media), len(answer.Media))
	}
	open := 0
	for i, m := range answer.Media {
		if o := offer.Media[i]; m.Kind != o.Kind || m.Proto != o.Proto {
			t.Fatalf("line %d: %s %s answered by %s %s", i, o.Kind, o.Proto, m.Kind, m.Proto)
		}
		if m.Port != 0 {
			open++
			if i != a.Media || strings.Contains(m.Proto, "S") && strings.Contains(strings.ToUpper(m.Proto), "SAVP") {
				t.Fatalf("line %d (%s) is open, agreed was %d", i, m.Proto, a.Media)
			}
		}
	}
	if accepted := err == nil; accepted != (open == 1) || open > 1 {
		t.Fatalf("%d open lines, error %v", open, err)
	}
	if _, err := Parse(answer.Marshal()); err != nil {
		t.Fatalf("our answer is refused: %v\n%s", err, answer.Marshal())
	}
}

func TestAnswerAlwaysFitsTheOffer(t *testing.T) {
	set := builtin.All()
	rapid.Check(t, func(t *rapid.T) {
		lines := []string{"v=0", "c=IN IP4 192.0.2.7"}
		for i := range rapid.IntRange(0, MaxMedia).Draw(t, "lines") {
			kind := rapid.SampledFrom([]string{"audio", "audio", "video", "image", "application", "text"}).Draw(t, "kind")
			proto := rapid.SampledFrom([]string{"RTP/AVP", "RTP/AVPF", "RTP/SAVP", "UDP/TLS/RTP/SAVPF", "udptl", "TCP/MSRP"}).Draw(t, "proto")
			port := rapid.SampledFrom([]int{0, 4000 + 2*i}).Draw(t, "port")
			formats := rapid.SliceOfN(rapid.IntRange(0, 127), 1, 10).Draw(t, "formats")
			lines = append(lines, fmt.Sprintf("m=%s %d %s %s", kind, port, proto, strings.Trim(fmt.Sprint(formats), "[]")))
			for _, pt := range formats {
				if word := rapid.SampledFrom([]string{"", "opus/48000/2", "PCMU/8000", "telephone-event/8000", "x/1"}).Draw(t, "name"); word != "" && pt > 95 {
					lines = append(lines, fmt.Sprintf("a=rtpmap:%d %s", pt, word))
				}
			}
			lines = append(lines, "a="+rapid.SampledFrom(directionNames[:]).Draw(t, "direction"))
		}
		offer, err := Parse([]byte(strings.Join(lines, "\n")))
		if err != nil {
			t.Fatalf("%v", err)
		}
		answerFits(t, offer, set)
	})
}

func BenchmarkParseAndAnswer(b *testing.B) {
	body, err := os.ReadFile(filepath.Join(folder, "linphone-opus.offer"))
	if err != nil {
		b.Fatal(err)
	}
	set := builtin.All()
	b.ReportAllocs()
	for b.Loop() {
		offer, err := Parse(body)
		if err != nil {
			b.Fatal(err)
		}
		answer, _, err := Answer(offer, AnswerOptions{Local: local(), Codecs: set})
		if err != nil {
			b.Fatal(err)
		}
		answer.Marshal()
	}
}
