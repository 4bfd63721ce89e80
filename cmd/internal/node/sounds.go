package node

import (
	"fmt"
	"io/fs"
	"sync"

	"ringway/config"
	"ringway/rtp"
	"ringway/rtp/wav"
)

// sounds reads prompts and music once and keeps them: their encodings are cached by identity in the media engine.
type sounds struct {
	find *config.Sounds

	mu   sync.Mutex // guards what follows
	kept map[string]*rtp.Source
}

func newSounds(find *config.Sounds) *sounds {
	return &sounds{find: find, kept: map[string]*rtp.Source{}}
}

// Sound finds a prompt in a language, or a piece of music: a dialplan names either by its name alone.
func (s *sounds) Sound(name, language string) (*rtp.Source, error) {
	f, file, err := s.find.OpenPrompt(name, language)
	if err != nil {
		var errMusic error
		if f, file, errMusic = s.find.OpenMusic(name); errMusic != nil {
			return nil, err
		}
	}
	defer f.Close()
	return s.read(f, file)
}

func (s *sounds) read(f fs.File, file string) (*rtp.Source, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if src, ok := s.kept[file]; ok {
		return src, nil
	}
	clip, err := wav.Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	src := rtp.NewSource(file, clip.Rate, clip.PCM)
	s.kept[file] = src
	return src, nil
}
