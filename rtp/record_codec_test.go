package rtp

import (
	"math"
	"testing"
	"time"
)

// A re-INVITE in the middle of a recording gives one side another codec: it is heard on.
func TestRecordingFollowsAnotherCodec(t *testing.T) {
	e := open(t, Options{})
	a, b := newPhone(t, "127.0.0.1"), newPhone(t, "127.0.0.1")
	sa, sb := a.call(e, "PCMU"), b.call(e, "PCMU")
	if err := Join(sa, sb); err != nil {
		t.Fatal(err)
	}
	out := newReel(t)
	rec, err := e.Record(out.options(sa, sb))
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	var changed time.Duration
	o := newHum(t, "PCMU", 440)
	for tick, n := time.NewTicker(20*ms), 0; n < 80; n++ {
		<-tick.C
		if n == 40 {
			if err := sa.Apply(a.params("G722")); err != nil {
				t.Fatal(err)
			}
			o, changed = newHum(t, "G722", 1000), time.Since(began)
		}
		a.say(o.pt, o.packet(8000), o.step)
	}
	over := time.Since(began)
	rec.Stop()
	<-out.done
	sides, rate := out.sides(t)
	for _, part := range []struct {
		from, to time.Duration
		hz       float64
	}{{changed / 4, changed * 3 / 4, 440}, {changed + (over-changed)/4, over - (over-changed)/4, 1000}} {
		if got := pitch(sides[0][part.from*8/ms:part.to*8/ms], rate); math.Abs(got-part.hz) > 15 {
			t.Errorf("from %v to %v: %.0f Hz, want %.0f", part.from, part.to, got, part.hz)
		}
	}
}
