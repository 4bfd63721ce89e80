package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"sort"
	"strings"

	"ringway/config/defaults"
)

// Sounds finds prompts and music: first in the folder of the configuration, then among the built-in ones. A folder holds
// LANGUAGE/NAME.wav and music/NAME.wav. It is immutable.
type Sounds struct {
	layers   []fs.FS
	language string // when the caller's has none
}

// ErrNoSound means that no file has the asked name.
var ErrNoSound = errors.New("no sound of this name")

const (
	musicFolder = "music"
	soundEnding = ".wav"
)

// NewSounds looks in folder, which need not exist, and in the built-in sounds.
func NewSounds(folder, language string) *Sounds {
	return &Sounds{layers: []fs.FS{os.DirFS(folder), defaults.FS}, language: language}
}

// Prompts lists the names that exist in the default language or in any other, sorted.
func (s *Sounds) Prompts() []string {
	return s.list(func(dir string) bool { return dir != musicFolder })
}

// Music lists the names of music, sorted.
func (s *Sounds) Music() []string {
	return s.list(func(dir string) bool { return dir == musicFolder })
}

func (s *Sounds) list(want func(dir string) bool) []string {
	seen := map[string]bool{}
	for _, layer := range s.layers {
		names, err := fs.Glob(layer, "*/*"+soundEnding)
		if err != nil {
			continue // the pattern is right: a layer that is not there has no names
		}
		for _, n := range names {
			if want(path.Dir(n)) {
				seen[strings.TrimSuffix(path.Base(n), soundEnding)] = true
			}
		}
	}
	out := make([]string, 0, len(seen))
	for n := range seen {
		out = append(out, n)
	}
	sort.Strings(out)
	return out
}

// OpenPrompt opens a prompt in the caller's language, or in one that is near: zh-TW, zh, then the default, then en.
// file is its place, the same for the same sound.
func (s *Sounds) OpenPrompt(name, language string) (f fs.File, file string, err error) {
	for _, dir := range s.languages(language) {
		if f, file, err := s.open(dir, name); err == nil {
			return f, file, nil
		}
	}
	return nil, "", fmt.Errorf("%w: prompt %q", ErrNoSound, name)
}

// OpenMusic opens a piece of music.
func (s *Sounds) OpenMusic(name string) (f fs.File, file string, err error) {
	if f, file, err = s.open(musicFolder, name); err != nil {
		return nil, "", fmt.Errorf("%w: music %q", ErrNoSound, name)
	}
	return f, file, nil
}

func (s *Sounds) open(dir, name string) (fs.File, string, error) {
	file := path.Join(dir, name+soundEnding)
	if !fs.ValidPath(file) || path.Dir(file) != dir {
		return nil, "", fs.ErrInvalid
	}
	for i, layer := range s.layers {
		if f, err := layer.Open(file); err == nil {
			return f, fmt.Sprintf("%d/%s", i, file), nil
		}
	}
	return nil, "", fs.ErrNotExist
}

// languages lists the folders to look in, best first.
func (s *Sounds) languages(want string) []string {
	out := []string{}
	for _, tag := range []string{want, s.language, "en"} {
		for tag != "" {
			out = append(out, tag)
			i := strings.LastIndexByte(tag, '-')
			tag = tag[:max(i, 0)]
		}
	}
	return out
}
