package rtp

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	prtp "github.com/pion/rtp"

	"ringway/codecs"
	"ringway/codecs/builtin"
	"ringway/rtp/wav"
)

// reel is where a test's recording goes.
type reel struct {
	*os.File
	done chan Recorded
}

func (r *reel) options(left, right *Session) RecordOptions {
	return RecordOptions{Name: "test", Left: left, Right: right, Open: func() (Tape, error) { return r, nil }, Done: func(d Recorded) { r.done <- d }}
}

func newReel(t testing.TB) *reel {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "call.wav"))
	if err != nil {
		t.Fatal(err)
	}
	return &reel{f, make(chan Recorded, 1)}
}

// sides reads both channels of a recording.
func (r *reel) sides(t testing.TB) (out [2][]int16, rate int) {
	t.Helper()
	b, err := os.ReadFile(r.Name())
	if err != nil {
		t.Fatal(err)
	}
	rate = int(b[24]) | int(b[25])<<8
	for i := 44; i+3 < len(b); i += 4 {
		out[0] = append(out[0], int16(b[i])|int16(b[i+1])<<8)
		out[1] = append(out[1], int16(b[i+2])|int16(b[i+3])<<8)
	}
	return out, rate
}

// hum makes the packets of 20 ms of a sine.
type hum struct {
	enc  codecs.Encoder
	rate int
	hz   float64
	n    int
	step uint32
	pt   uint8
}

func newHum(t testing.TB, codec string, hz float64) *hum {
	t.Helper()
	f := formats[codec]
	c, ok := builtin.All().Lookup(f.Name, f.ClockRate, f.Channels)
	if !ok {
		t.Fatal("no codec", codec)
	}
	rates := c.Rates()
	rate := rates[min(1, len(rates)-1)]
	enc, err := c.NewEncoder(codecs.EncoderOptions{Rate: rate})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(enc.Close)
	return &hum{enc: enc, rate: rate, hz: hz, step: uint32(f.ClockRate / 50), pt: f.PayloadType}
}

func (o *hum) packet(level float64) []byte {
	pcm := make([]int16, o.rate/50)
	for i := range pcm {
		pcm[i] = int16(level * math.Sin(2*math.Pi*o.hz*float64(o.n)/float64(o.rate)))
		o.n++
	}
	b := make([]byte, 1500)
	n, err := o.enc.Encode(b, pcm)
	if err != nil {
		panic(err)
	}
	return b[:n]
}

// pitch is the frequency of the strongest part of pcm between 200 and 2,000 Hz, 0 for silence. It looks at 50 ms at a time: a
// packet that a busy machine sent late breaks the phase of a tone, and not the tone.
func pitch(pcm []int16, rate int) (hz float64) {
	var best float64
	window := rate / 20
	for f := 200.0; f <= 2000; f += 10 {
		var p float64
		for rest := pcm; len(rest) >= window; rest = rest[window:] {
			var re, im float64
			for i, v := range rest[:window] {
				s, c := math.Sincos(2 * math.Pi * f * float64(i) / float64(rate))
				re, im = re+float64(v)*c, im+float64(v)*s
			}
			p += math.Hypot(re, im) / float64(len(pcm))
		}
		if p > best && p > 300 {
			best, hz = p, f
		}
	}
	return hz
}

// onset is where pcm begins to be loud.
func onset(pcm []int16, rate int) time.Duration {
	for i, v := range pcm {
		if v > 1500 || v < -1500 {
			return time.Duration(i) * time.Second / time.Duration(rate)
		}
	}
	return -1
}

// Two phones talk; each is heard on its own channel, at the pitch that it spoke in, and both from the same moment on.
func TestRecordingHoldsBothSides(t *testing.T) {
	for _, c := range []struct {
		a, b string
		rate int
	}{{"PCMU", "PCMU", 8000}, {"PCMA", "opus", 8000}, {"G722", "opus", 16000}} {
		t.Run(c.a+" "+c.b, func(t *testing.T) {
			t.Parallel()
			e := open(t, Options{})
			a, b := newPhone(t, "127.0.0.1"), newPhone(t, "127.0.0.1")
			sa, sb := a.call(e, c.a), b.call(e, c.b)
			if err := Join(sa, sb); err != nil {
				t.Fatal(err)
			}
			out := newReel(t)
			rec, err := e.Record(out.options(sa, sb))
			if err != nil {
				t.Fatal(err)
			}
			ta, tb := newHum(t, c.a, 440), newHum(t, c.b, 1000)
			var between time.Duration // the two
			for tick, n := time.NewTicker(20*ms), 0; n < 75; n++ {
				<-tick.C
				level := 8000.0
				if n < 20 {
					level = 0 // both begin to be loud with the same packet
				}
				pa, pb := ta.packet(level), tb.packet(level)
				began := time.Now()
				a.say(ta.pt, pa, ta.step)
				b.say(tb.pt, pb, tb.step)
				if n == 0 { // the others follow the first by their timestamps
					between = time.Since(began)
				}
			}
			rec.Stop()
			got := <-out.done
			sides, rate := out.sides(t)
			if rate != c.rate || got.Err != nil || got.Lost != 0 || got.Duration < 1400*ms || len(sides[0])*1000/rate != int(got.Duration/ms) {
				t.Errorf("%d Hz, %+v, %d samples", rate, got, len(sides[0]))
			}
			mid := len(sides[0]) * 2 / 3
			l, r := pitch(sides[0][mid:mid+rate/4], rate), pitch(sides[1][mid:mid+rate/4], rate)
			if math.Abs(l-440) > 15 || math.Abs(r-1000) > 15 {
				t.Errorf("left %.0f Hz, right %.0f Hz", l, r)
			}
			x, y := onset(sides[0], rate), onset(sides[1], rate)
			if x < 0 || y < 0 || max(x-y, y-x) > 40*ms+between {
				t.Errorf("left begins at %v, right at %v", x, y)
			}
			if s := e.Stats(); s.Unrecorded != 0 || s.Recordings != 0 {
				t.Errorf("%+v", s)
			}
		})
	}
}

// On hold nothing is recorded, and afterwards the recording goes on.
func TestRecordingIsSilentWhileParted(t *testing.T) {
	e := open(t, Options{})
	a, b := newPhone(t, "127.0.0.1"), newPhone(t, "127.0.0.1")
	sa, sb := a.call(e, "PCMU"), b.call(e, "PCMU")
	out := newReel(t)
	rec, err := e.Record(out.options(sa, sb))
	if err != nil {
		t.Fatal(err)
	}
	o, began := newHum(t, "PCMU", 440), time.Now()
	var marks []time.Duration // when they were joined, parted, joined again, and all was over
	for tick, n := time.NewTicker(20*ms), 0; n < 90; n++ {
		<-tick.C
		switch n {
		case 0, 60:
			if err := Join(sa, sb); err != nil {
				t.Fatal(err)
			}
			marks = append(marks, time.Since(began))
		case 30:
			Part(sa, sb)
			marks = append(marks, time.Since(began))
		}
		a.say(0, o.packet(8000), 160)
	}
	marks = append(marks, time.Since(began))
	rec.Stop()
	<-out.done
	left := func() []int16 { s, _ := out.sides(t); return s[0] }()
	for i, hz := range []float64{440, 0, 440} {
		middle, half := (marks[i]+marks[i+1])/2, (marks[i+1]-marks[i])/4
		part := left[(middle-half)*8/ms : (middle+half)*8/ms]
		if got := pitch(part, 8000); math.Abs(got-hz) > 15 {
			t.Errorf("from %v to %v: %.0f Hz, want %.0f", middle-half, middle+half, got, hz)
		}
	}
}

// thief is a disk that is full after some bytes.
type thief struct {
	mu   sync.Mutex
	room int64
}

var errFull = errors.New("no space left on device")

func (f *thief) WriteAt(b []byte, at int64) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if at+int64(len(b)) > f.room {
		return 0, errFull
	}
	return len(b), nil
}

func (f *thief) Close() error { return nil }

func TestFullDiskEndsTheRecordingAndNotTheCall(t *testing.T) {
	e := open(t, Options{})
	a, b := newPhone(t, "127.0.0.1"), newPhone(t, "127.0.0.1")
	sa, sb := a.call(e, "PCMU"), b.call(e, "PCMU")
	if err := Join(sa, sb); err != nil {
		t.Fatal(err)
	}
	done := make(chan Recorded, 1)
	if _, err := e.Record(RecordOptions{Left: sa, Right: sb, Open: func() (Tape, error) { return &thief{room: 1000}, nil }, Done: func(r Recorded) { done <- r }}); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Record(RecordOptions{Left: sa, Right: sa}); err == nil {
		t.Error("a session was recorded with itself")
	}
	var got Recorded
	o := newHum(t, "PCMU", 440)
	for tick := time.NewTicker(20 * ms); got.Err == nil; {
		select {
		case got = <-done:
		case <-tick.C:
			a.say(0, o.packet(8000), 160)
		}
	}
	if !errors.Is(got.Err, errFull) || e.Stats().Unrecorded != 1 {
		t.Errorf("%+v %+v", got, e.Stats())
	}
	b.forget()
	a.say(0, o.packet(8000), 160)
	b.await(1)
}

func TestFileThatCannotBeMadeCostsTheRecordingOnly(t *testing.T) {
	e := open(t, Options{})
	a, b := newPhone(t, "127.0.0.1"), newPhone(t, "127.0.0.1")
	sa, sb := a.call(e, "PCMU"), b.call(e, "PCMU")
	for _, f := range []func() (Tape, error){func() (Tape, error) { return nil, os.ErrPermission }, func() (Tape, error) { panic("no") }} {
		done := make(chan Recorded, 1)
		rec, err := e.Record(RecordOptions{Left: sa, Right: sb, Open: f, Done: func(r Recorded) { done <- r }})
		if err != nil {
			t.Fatal(err)
		}
		if got := <-done; got.Err == nil {
			t.Error("no error")
		}
		rec.Stop()
	}
}

// Closing the engine ends recordings that run, and their files are whole.
func TestCloseEndsRecordings(t *testing.T) {
	e := open(t, Options{})
	a, b := newPhone(t, "127.0.0.1"), newPhone(t, "127.0.0.1")
	out := newReel(t)
	if _, err := e.Record(out.options(a.call(e, "PCMU"), b.call(e, "PCMU"))); err != nil {
		t.Fatal(err)
	}
	e.Close()
	if got := <-out.done; got.Err != nil {
		t.Error(got.Err)
	}
}

// press is a track that hears packets at times of the test's choice.
type press struct {
	*track
	pcm []int16
	buf []byte
}

func newPress(rate int) *press {
	return &press{track: newTrack(&tap{}, builtin.All(), rate, 0), buf: make([]byte, packetRoom)}
}

func (p *press) say(codec string, at time.Duration, h prtp.Header, payload []byte) {
	params := p.tap.told
	if f := formats[codec]; params == nil || params.Codec.Name != f.Name {
		params = &Params{Codec: f}
	}
	p.tap.hear(at, &packet{buf: payload, end: len(payload), seq: h.SequenceNumber, ts: h.Timestamp, ssrc: h.SSRC}, params)
}

// upTo goes on to a moment as a recording does.
func (p *press) upTo(now time.Duration) {
	p.hear(now, p.buf)
	if n := p.samples(now-trackLag) - p.written; n > 0 {
		out := make([]int16, 2*n)
		p.take(out, n)
		for i := range n {
			p.pcm = append(p.pcm, out[2*i])
		}
	}
}

// Ten minutes of a phone whose clock is off by 600 ppm, as much as an hour of one that is off by 100: at the end the two clocks
// differ by 360 ms, and the recording by none.
func TestDriftOfAnHourIsDrawnBack(t *testing.T) {
	for _, ppm := range []float64{600, -600} {
		p := newPress(8000)
		o := newHum(t, "PCMU", 440)
		loud, quiet := o.packet(8000), o.packet(0)
		var last time.Duration
		const packets = 600 * 50
		for i := range packets {
			at := time.Duration(float64(i) * float64(20*ms) * (1 - ppm/1e6))
			payload := quiet
			if i == packets-50 {
				payload, last = loud, at
			}
			p.say("PCMU", at, prtp.Header{SequenceNumber: uint16(i), Timestamp: uint32(i) * 160, SSRC: 1}, payload)
			if i%10 == 0 {
				p.upTo(at)
			}
			if len(p.pcm) > 16000 && i < packets-100 {
				p.pcm = p.pcm[:0]
			}
		}
		p.upTo(last + 2*time.Second)
		from := time.Duration(p.written-int64(len(p.pcm))) * time.Second / 8000
		if off := from + onset(p.pcm, 8000) - last; off < -15*ms || off > 15*ms {
			t.Errorf("%+.0f ppm: heard %v from where it was said", ppm, off)
		}
	}
}

// What is lost is silent, what comes in the wrong order is not, and a pause stays as long as it was.
func TestLossIsSilence(t *testing.T) {
	p := newPress(8000)
	o := newHum(t, "PCMU", 440)
	order := []int{}
	for i := range 100 {
		order = append(order, i)
	}
	order[20], order[21] = 21, 20
	for n, i := range order {
		if payload := o.packet(8000); i < 50 || i >= 60 {
			p.say("PCMU", time.Duration(n)*20*ms, prtp.Header{SequenceNumber: uint16(i), Timestamp: uint32(i) * 160, SSRC: 1}, payload)
		}
		p.upTo(time.Duration(n) * 20 * ms)
	}
	p.upTo(3 * time.Second)
	for _, part := range []struct {
		from, to int // packets
		hz       float64
	}{{2, 19, 440}, {22, 49, 440}, {51, 59, 0}, {61, 99, 440}} {
		if got := pitch(p.pcm[part.from*160:part.to*160], 8000); math.Abs(got-part.hz) > 15 {
			t.Errorf("packets %d to %d: %.0f Hz, want %.0f", part.from, part.to, got, part.hz)
		}
	}
	for i := 20; i < 22; i++ {
		if onset(p.pcm[i*160:(i+1)*160], 8000) < 0 {
			t.Errorf("packet %d, which came in the wrong order, is silent", i)
		}
	}
}

// A re-INVITE changes the codec; a new stream begins wherever it likes; one late packet moves nothing.
func TestStreamsThatChange(t *testing.T) {
	p := newPress(8000)
	u, g := newHum(t, "PCMU", 440), newHum(t, "G722", 1000)
	for i := range 150 {
		at := time.Duration(i) * 20 * ms
		switch {
		case i == 30: // stuck for 300 ms
			p.say("PCMU", at+300*ms, prtp.Header{SequenceNumber: uint16(i), Timestamp: uint32(i) * 160, SSRC: 1}, u.packet(8000))
		case i < 50:
			p.say("PCMU", at, prtp.Header{SequenceNumber: uint16(i), Timestamp: uint32(i) * 160, SSRC: 1}, u.packet(8000))
		case i < 100:
			p.say("G722", at, prtp.Header{SequenceNumber: uint16(i), Timestamp: uint32(i) * 160, SSRC: 1}, g.packet(8000))
		default:
			p.say("PCMU", at, prtp.Header{SequenceNumber: uint16(60000 + i), Timestamp: uint32(i)*160 + 1<<31, SSRC: 2}, u.packet(8000))
		}
		p.upTo(at)
	}
	p.upTo(4 * time.Second)
	for _, part := range []struct {
		from, to int
		hz       float64
	}{{2, 28, 440}, {35, 49, 440}, {53, 97, 1000}, {103, 148, 440}, {151, 180, 0}} {
		if got := pitch(p.pcm[part.from*160:part.to*160], 8000); math.Abs(got-part.hz) > 15 {
			t.Errorf("packets %d to %d: %.0f Hz, want %.0f", part.from, part.to, got, part.hz)
		}
	}
}

func TestTapCountsWhatFindsNoRoom(t *testing.T) {
	var p tap
	pk := &packet{buf: make([]byte, 160), end: 160}
	params := &Params{Codec: formats["PCMU"]}
	for range 1000 {
		p.hear(0, pk, params)
	}
	room := uint64(tapSize / (160 + tapHeader))
	if got := 1000 - p.lost.Load(); got > room || got < room-2 {
		t.Errorf("%d packets in a tap for %d", got, room)
	}
	if n := testing.AllocsPerRun(100, func() {
		p.hear(0, pk, params)
		for {
			if _, ok := p.take(time.Hour, make([]byte, 0)); !ok {
				break
			}
		}
	}); n != 0 {
		t.Errorf("%.1f allocations a packet", n)
	}
}

func TestRepairAfterACrash(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cut.wav")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, err := wav.NewWriter(f, 8000, 2)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(make([]int16, 2*4000)); err != nil { // half a second: the header tells of none yet
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte{1, 2, 3}, w.Size()); err != nil {
		t.Fatal(err)
	}
	d, err := wav.Repair(f, w.Size()+3)
	if err != nil || d != 500*ms {
		t.Fatal(d, err)
	}
	b, err := os.ReadFile(path)
	if err != nil || int64(len(b)) != w.Size() || b[40] != 16000&0xff || b[41] != 16000>>8 {
		t.Errorf("%d bytes, header %v", len(b), b[36:44])
	}
	for _, bad := range []string{"", "RIFF", string(make([]byte, 100))} {
		if err := os.WriteFile(path, []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := wav.Repair(f, int64(len(bad))); !errors.Is(err, wav.ErrFormat) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
