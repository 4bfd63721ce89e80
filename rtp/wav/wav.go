// Package wav reads prompts and music from WAV files, and writes recordings that survive a crash. It knows what a switch
// needs: 16-bit PCM at the rates of its codecs. All else is refused with a sentence that says how to convert it.
package wav

import (
	"errors"
	"fmt"
	"time"
)

// A WAV file is a RIFF container: chunks with a four-letter name and a little-endian size, padded to even lengths.
//
//	"RIFF" size "WAVE"
//	"fmt " 16   format(2) channels(2) rate(4) bytes/s(4) block(2) bits(2)
//	"LIST" …    skipped, like all other chunks
//	"data" size samples, interleaved by channel
const (
	headerSize = 44 // of what Writer writes
	formatPCM  = 1
	formatExt  = 0xfffe // the real format stands in the first two bytes of the sub-format, at offset 24
	unknown    = 0xffffffff
)

// MaxDuration is the longest sound that Read takes; a prompt or a music loop is shorter by far.
const MaxDuration = 10 * time.Minute

// ErrFormat is wrapped by every complaint about the contents of a file, as opposed to failures to read it.
var ErrFormat = errors.New("wav")

// Clip is a sound in memory: mono, 16 bits.
type Clip struct {
	Rate int // Hz: 8000, 16000 or 48000
	PCM  []int16
}

// Duration is how long the clip plays.
func (c *Clip) Duration() time.Duration {
	return time.Duration(len(c.PCM)) * time.Second / time.Duration(max(c.Rate, 1))
}

// convert is the advice of every complaint that sox can cure.
const convert = "convert it with: sox IN -r 16000 -c 1 -b 16 -e signed-integer OUT.wav"

func complain(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrFormat}, args...)...)
}
