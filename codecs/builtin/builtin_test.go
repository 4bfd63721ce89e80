package builtin

import "testing"

func TestEveryCodecIsFoundAsRtpmapNamesIt(t *testing.T) {
	set := All()
	seen := map[uint8]string{}
	for _, c := range set.All() {
		f := c.Format()
		if got, ok := set.Lookup(f.Name, f.ClockRate, f.Channels); !ok || got.Format() != f {
			t.Errorf("%s/%d/%d is not found", f.Name, f.ClockRate, f.Channels)
		}
		if other, ok := seen[f.PayloadType]; ok {
			t.Errorf("%s and %s share payload type %d", f.Name, other, f.PayloadType)
		}
		seen[f.PayloadType] = f.Name
	}
	for _, word := range []string{"OPUS", "g722", "pcma", "pcmu"} {
		if _, missing := set.Named([]string{word}); missing != nil {
			t.Errorf("%q is not found without regard to case", word)
		}
	}
}
