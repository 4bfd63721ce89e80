package transport

import (
	"os"
	"path/filepath"
	"testing"

	sipmsg "github.com/emiago/sipgo/sip"
)

// FuzzParse: any input is parsed or refused without a panic; what is accepted can be written, and what was written parses to the same
// again; a refusal is never larger than one and a half times the input.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob(filepath.Join(torture, "*.sip"))
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(raw))
	}
	lim := Limits{}.withDefaults()
	f.Fuzz(func(t *testing.T, text string) {
		peek(text)
		p := parse(text, lim, nil)
		if p.fault != nil {
			if b, _, ok := refusal(&p.scanned, p.fault, Flow{Proto: UDP}, len(text)); ok && len(b)*2 > len(text)*3 {
				t.Fatalf("%d bytes in, %d out", len(text), len(b))
			}
			return
		}
		first, err := Marshal(p.msg)
		if err != nil {
			t.Fatalf("accepted but not writable: %v", err)
		}
		again, err := Parse(string(first))
		if err != nil {
			t.Fatalf("written but not accepted: %v\n%s", err, first)
		}
		second, err := Marshal(again)
		if err != nil || string(second) != string(first) {
			t.Fatalf("not stable: %v\n%s\n%s", err, first, second)
		}
		if r, ok := again.(*sipmsg.Request); ok {
			NewResponse(r, 200, "OK")
		}
	})
}

// FuzzFrame: a stream is cut the same however it arrives, and never past its end.
func FuzzFrame(f *testing.F) {
	f.Add("\r\n\r\nOPTIONS sip:a SIP/2.0\r\nl: 3\r\n\r\nabc\r\n", 5)
	f.Fuzz(func(t *testing.T, text string, split int) {
		searched, whole := 0, 0
		at := cutFrame([]byte(text), &whole, 4096)
		if split < 0 || split > len(text) {
			return
		}
		if early := cutFrame([]byte(text[:split]), &searched, 4096); early.kind != frameMore && early.kind != frameLarge && early != at {
			t.Fatalf("%v, then %v", early, at)
		}
		if late := cutFrame([]byte(text), &searched, 4096); at.kind == frameMessage && late.kind == frameMessage && late != at {
			t.Fatalf("%v after a pause, %v at once", late, at)
		}
		if at.n > len(text) {
			t.Fatalf("%d of %d bytes", at.n, len(text))
		}
	})
}
