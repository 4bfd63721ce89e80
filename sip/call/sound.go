package call

import (
	"context"
	"fmt"
	"strings"

	"ringway/dialplan"
	"ringway/rtp"
)

// playing is one Play under way: its sounds one after the other.
type playing struct {
	sounds    []*rtp.Source
	next      int
	loop      bool
	interrupt string
	playback  *rtp.Playback
	reply     func(string, error)
}

// music is what plays in the background.
type music struct {
	source   *rtp.Source
	playback *rtp.Playback
}

// Play plays files; a digit may interrupt.
func (h *channel) Play(ctx context.Context, p dialplan.Play) (string, error) {
	c := (*Call)(h)
	sounds := make([]*rtp.Source, 0, len(p.Files))
	for _, f := range p.Files {
		src, err := c.m.o.Sounds.Sound(f, p.Language)
		if err != nil || src == nil {
			return "", fmt.Errorf("prompt %q: %w", f, dialplan.ErrMissing)
		}
		sounds = append(sounds, src)
	}
	play := &playing{sounds: sounds, loop: p.Loop, interrupt: p.Interrupt}
	return ask(ctx, c, verb[string]{
		start: func(reply func(string, error)) {
			play.reply = reply
			c.startPlaying(play)
		},
		stop: func(error) { c.stopPlaying(play, "", nil) },
	})
}

func (c *Call) startPlaying(p *playing) {
	switch {
	case c.a.media == nil || c.a.leg.Agreed() == nil:
		p.reply("", fmt.Errorf("playing before answer or progress: %w", dialplan.ErrRefused))
		return
	case c.joined:
		p.reply("", fmt.Errorf("playing into a conversation: %w", dialplan.ErrRefused))
		return
	case len(p.sounds) == 0:
		p.reply("", nil)
		return
	}
	if c.playing != nil {
		c.stopPlaying(c.playing, "", nil)
	}
	for i, d := range c.digits { // typed ahead
		if interrupts(p.interrupt, d) {
			c.digits = append(c.digits[:i], c.digits[i+1:]...)
			p.reply(string(d), nil)
			return
		}
	}
	c.playing = p
	c.playNext()
}

// playNext plays the next sound of the list, or ends the Play.
func (c *Call) playNext() {
	p := c.playing
	if p.next == len(p.sounds) {
		if !p.loop {
			c.stopPlaying(p, "", nil)
			return
		}
		p.next = 0
	}
	src := p.sounds[p.next]
	p.next++
	p.playback = c.a.media.Play(src, rtp.PlayOptions{Loop: p.loop && len(p.sounds) == 1})
	if p.playback == nil {
		c.stopPlaying(p, "", dialplan.ErrRefused)
	}
}

// playDone goes on when a sound is over.
func (c *Call) playDone(p *party, e rtp.Event) {
	if p != c.a || c.playing == nil || e.Playback != c.playing.playback {
		return
	}
	if e.Result == rtp.PlayFailed {
		c.stopPlaying(c.playing, "", fmt.Errorf("sound cannot be played: %w", dialplan.ErrRefused))
		return
	}
	c.playNext()
}

// stopPlaying ends a Play and lets the music go on.
func (c *Call) stopPlaying(p *playing, digit string, err error) {
	if c.playing != p {
		return
	}
	c.playing = nil
	if p.playback != nil {
		p.playback.Stop()
	}
	p.reply(digit, err)
	c.resumeMusic()
}

// StartMusic plays a sound round and round in the background.
func (h *channel) StartMusic(ctx context.Context, name string) error {
	c := (*Call)(h)
	src, err := c.m.o.Sounds.Sound(name, c.info.Claims.Language)
	if err != nil || src == nil {
		return fmt.Errorf("music %q: %w", name, dialplan.ErrMissing)
	}
	_, err = ask(ctx, c, verb[none]{start: func(reply func(none, error)) {
		c.stopMusic()
		c.music = &music{source: src}
		c.resumeMusic()
		reply(none{}, nil)
	}})
	return err
}

// StopMusic ends the background music.
func (h *channel) StopMusic(ctx context.Context) error {
	c := (*Call)(h)
	_, err := ask(ctx, c, verb[none]{start: func(reply func(none, error)) {
		c.stopMusic()
		reply(none{}, nil)
	}})
	return err
}

// resumeMusic starts the music where nothing covers it.
func (c *Call) resumeMusic() {
	if c.music == nil || c.playing != nil || c.bridge != nil || c.a == nil || c.a.media == nil || c.a.leg.Agreed() == nil || c.state >= Ending {
		return
	}
	c.music.playback = c.a.media.Play(c.music.source, rtp.PlayOptions{Loop: true})
}

func (c *Call) stopMusic() {
	if c.music != nil && c.music.playback != nil {
		c.music.playback.Stop()
	}
	c.music = nil
}

// stopSounds ends all that the caller hears from us; verbs get their reply from the closed channel.
func (c *Call) stopSounds() {
	c.stopMusic()
	if p := c.playing; p != nil {
		c.playing = nil
		p.reply("", dialplan.ErrEnded)
	}
}

// interrupts tells whether a digit stops a Play: "any" is every one.
func interrupts(set string, digit byte) bool {
	return set == "any" || strings.IndexByte(set, digit) >= 0
}
