package rtp

// Source is a sound: 16-bit mono PCM at 8, 16, 32 or 48 kHz. It is immutable, and its identity is the pointer: keep one
// per prompt, because encodings are cached for it and shared by all callers.
type Source struct {
	name string
	rate int
	pcm  []int16
}

// NewSource makes a sound of pcm, which must not be changed afterwards. name is for logs.
func NewSource(name string, rate int, pcm []int16) *Source {
	return &Source{name: name, rate: rate, pcm: pcm}
}

// Name is the sound's name.
func (s *Source) Name() string { return s.name }

// PlayOptions say how a sound is played.
type PlayOptions struct {
	Loop bool // start again at the end, as music does
}

// Playback is one sound being played to one session. Its end is told by a PlayDone event.
type Playback struct{ s *Session }

// Stop ends the playback; a PlayDone event with PlayStopped follows unless it was over.
func (p *Playback) Stop() {}
