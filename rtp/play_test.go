package rtp

import (
	"slices"
	"testing"
	"time"

	prtp "github.com/pion/rtp"

	"ringway/codecs/codectest"
)

func sound(hz float64, rate int, length time.Duration) *Source {
	return NewSource("tone", rate, codectest.Sine(hz, 8000, rate, int(length*time.Duration(rate)/time.Second)))
}

func TestPlayAnyRateToAnyCodec(t *testing.T) {
	e := open(t, Options{})
	for _, codec := range []string{"PCMU", "PCMA", "G722", "opus"} {
		for _, rate := range []int{8000, 16000, 48000} {
			p := newPhone(t, "127.0.0.1")
			p.call(e, codec)
			began := time.Now()
			b := p.s.Play(sound(600, rate, 500*ms), PlayOptions{})
			ev := p.event(PlayDone)
			if ev.Playback != b || ev.Result != PlayFinished {
				t.Errorf("%s from %d Hz: %+v", codec, rate, ev)
			}
			if took := time.Since(began); took < 480*ms {
				t.Errorf("half a second took %v", took)
			}
			got := p.await(25)
			continuous(t, got)
			pcm, r := listen(t, codec, got)
			tone(t, pcm, r, 600)
		}
	}
}

// TestMusicIsEncodedOnce plays the same music to many callers, in two codecs.
func TestMusicIsEncodedOnce(t *testing.T) {
	e := open(t, Options{})
	music := sound(500, 16000, 300*ms)
	var phones []*phone
	for i := range 40 {
		p := newPhone(t, "127.0.0.1")
		p.call(e, []string{"PCMU", "opus"}[i%2])
		p.s.Play(music, PlayOptions{Loop: true})
		phones = append(phones, p)
	}
	for i, p := range phones {
		got := p.await(40) // longer than the music: it began again
		continuous(t, got)
		pcm, rate := listen(t, []string{"PCMU", "opus"}[i%2], got)
		tone(t, pcm, rate, 500)
	}
	if n := e.Stats().Encodings; n != 2 {
		t.Errorf("encoded %d times", n)
	}
}

func TestPacingIsSteadyAndSpread(t *testing.T) {
	e := open(t, Options{})
	music := sound(500, 8000, 300*ms)
	for range 40 {
		p := newPhone(t, "127.0.0.1")
		p.call(e, "PCMU")
		p.s.Play(music, PlayOptions{Loop: true})
		p.await(1)
	}
	var load [4]int
	e.loops[0].call(func() {
		for i, n := range e.loops[0].wheel.load {
			load[i%4] += n
		}
	})
	for _, n := range load {
		if n < 8 || n > 12 {
			t.Errorf("40 players fall on the four ticks of a packet time as %v", load)
			break
		}
	}
}

// TestMusicThenTalkThenMusic is one stream to the phone that waits.
func TestMusicThenTalkThenMusic(t *testing.T) {
	e := open(t, Options{})
	a, b := newPhone(t, "127.0.0.1"), newPhone(t, "127.0.0.1")
	a.lease(e, LeaseOptions{Expected: a.addr()})
	music := a.s.Play(sound(500, 8000, time.Second), PlayOptions{Loop: true}) // before the leg has a codec
	if err := a.s.Apply(a.params("PCMU")); err != nil {
		t.Fatal(err)
	}
	b.call(e, "opus")
	a.await(5)
	if err := Join(a.s, b.s); err != nil {
		t.Fatal(err)
	}
	v := newVoice(t, "opus", 900, time.Second, 20*ms)
	b.say(v.pt, v.next(t), v.step)
	b.settle()
	a.forget()
	music.Stop()
	music.Stop()
	if ev := a.event(PlayDone); ev.Result != PlayStopped {
		t.Errorf("%+v", ev)
	}
	for range 30 {
		b.say(v.pt, v.next(t), v.step)
	}
	agent := func(got []prtp.Packet) []prtp.Packet { // what is marked as the agent's beginning, behind the last of the music
		i := slices.IndexFunc(got, func(p prtp.Packet) bool { return p.Marker })
		return got[max(i, 0):]
	}
	got := a.awaitFor(func(got []prtp.Packet) bool { return len(agent(got)) >= 29 })
	continuous(t, got)
	got = agent(got)
	if !got[0].Marker {
		t.Error("no marker when the agent begins")
	}
	pcm, rate := listen(t, "PCMU", got)
	tone(t, pcm, rate, 900)
	again := a.s.Play(sound(500, 8000, time.Second), PlayOptions{})
	got = a.await(40)
	continuous(t, got)
	if a.s.Play(sound(700, 8000, 100*ms), PlayOptions{}); a.event(PlayDone).Playback != again {
		t.Error("the first playback was not replaced")
	}
	if ev := a.event(PlayDone); ev.Result != PlayFinished {
		t.Errorf("%+v", ev)
	}
	a.s.Play(sound(700, 8000, time.Minute), PlayOptions{})
	a.s.Release()
	if ev := a.event(PlayDone); ev.Result != PlayStopped {
		t.Errorf("%+v", ev)
	}
	if a.s.Play(music.Source(), PlayOptions{}); a.event(PlayDone).Result != PlayStopped {
		t.Error("played on a released session")
	}
}

func TestEmptySoundFails(t *testing.T) {
	e := open(t, Options{})
	p := newPhone(t, "127.0.0.1")
	p.call(e, "PCMU")
	p.s.Play(NewSource("empty", 8000, nil), PlayOptions{})
	if ev := p.event(PlayDone); ev.Result != PlayFailed {
		t.Errorf("%+v", ev)
	}
}

func TestSoundCacheIsBounded(t *testing.T) {
	e := open(t, Options{SoundCache: 10_000})
	p := newPhone(t, "127.0.0.1")
	p.call(e, "PCMU")
	for range 10 {
		p.s.Play(sound(500, 8000, 500*ms), PlayOptions{}) // 4,000 bytes each
		p.await(1)
		p.forget()
	}
	waitFor(t, func() bool {
		e.sounds.mu.Lock()
		defer e.sounds.mu.Unlock()
		return len(e.sounds.jobs) == 0 && e.sounds.bytes <= 10_000 && len(e.sounds.known) <= 3
	})
}

// waitFor polls a condition that another goroutine brings about.
func waitFor(t testing.TB, f func() bool) {
	t.Helper()
	for limit := time.Now().Add(10 * time.Second); !f(); time.Sleep(ms) {
		if time.Now().After(limit) {
			t.Fatal("it never happened")
		}
	}
}
