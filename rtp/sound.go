package rtp

// Source is a sound: 16-bit mono PCM at 8, 16, 32 or 48 kHz. It is immutable, and its identity is the pointer: keep one
// per prompt, because encodings are cached for it and shared by all callers.
type Source struct {
	name string
	rate int
	pcm  []int16
}

// NewSource makes a sound of pcm at rate Hz, which must not be changed afterwards. name is for logs.
func NewSource(name string, rate int, pcm []int16) *Source {
	return &Source{name: name, rate: rate, pcm: pcm}
}

// Name is the sound's name.
func (s *Source) Name() string { return s.name }
