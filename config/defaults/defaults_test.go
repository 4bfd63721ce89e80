package defaults

import (
	"bytes"
	"encoding/binary"
	"io/fs"
	"math"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"ringway/rtp/wav"
)

const most = 2_000_000 // bytes that may be embedded

func TestAllThatIsEmbeddedIsSmall(t *testing.T) {
	size := int64(0)
	err := fs.WalkDir(files, ".", func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		size += info.Size()
		return err
	})
	if err != nil || size > most {
		t.Errorf("%d bytes, wanted at most %d (%v)", size, most, err)
	}
}

// script reads prompts.txt: language → names.
func script(t *testing.T) map[string][]string {
	t.Helper()
	b, err := os.ReadFile("prompts.txt")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) > 2 && !strings.HasPrefix(line, "#") {
			out[f[0]] = append(out[f[0]], f[1])
		}
	}
	for _, names := range out {
		slices.Sort(names)
	}
	return out
}

func TestEveryLanguageSaysTheSame(t *testing.T) {
	said := script(t)
	for _, language := range []string{"en", "zh-TW", "ja"} {
		if !slices.Equal(said[language], said["en"]) {
			t.Errorf("%s has %v,\nen has %v", language, said[language], said["en"])
		}
		for _, name := range said[language] {
			if _, err := fs.Stat(FS, language+"/"+name+".wav"); err != nil {
				t.Errorf("prompts.txt names it, but make-prompts.sh was not run: %v", err)
			}
		}
	}
	if len(said) != 3 {
		t.Errorf("%d languages", len(said))
	}
}

func TestPromptsAreOfOneLevel(t *testing.T) {
	names, err := fs.Glob(FS, "*/*.wav")
	if err != nil || len(names) < 90 {
		t.Fatalf("%d sounds, %v", len(names), err)
	}
	for _, name := range names {
		c := clip(t, name)
		if c.Rate != 8000 {
			t.Errorf("%s: %d Hz", name, c.Rate)
		}
		if d := c.Duration(); d < 200*time.Millisecond || d > 20*time.Second {
			t.Errorf("%s lasts %v", name, d)
		}
		rms, peak := levels(c.PCM)
		low, high := -24.0, -17.0
		if path.Dir(name) == "music" {
			low, high = -32, -26 // in the background of somebody who waits
		}
		if rms < low || rms > high || peak > -2 {
			t.Errorf("%s: level %.1f dB, peak %.1f dB, wanted %g to %g and below -2", name, rms, peak, low, high)
		}
	}
}

// The end of the music goes on into its beginning: the step across the seam is no larger than the usual one.
func TestMusicLoopsWithoutClick(t *testing.T) {
	pcm := clip(t, "music/hold.wav").PCM
	var sum float64
	for i := 1; i < len(pcm); i++ {
		d := float64(pcm[i]) - float64(pcm[i-1])
		sum += d * d
	}
	usual := math.Sqrt(sum / float64(len(pcm)))
	if seam := math.Abs(float64(pcm[0]) - float64(pcm[len(pcm)-1])); seam > 3*usual {
		t.Errorf("a step of %.0f at the seam, usual are %.0f", seam, usual)
	}
}

func TestStarterIsThere(t *testing.T) {
	if _, err := fs.Stat(Starter, "ringway.yaml"); err != nil {
		t.Error(err)
	}
}

func clip(t *testing.T, name string) *wav.Clip {
	t.Helper()
	b, err := fs.ReadFile(FS, name)
	if err != nil {
		t.Fatal(err)
	}
	if n := binary.LittleEndian.Uint32(b[4:]); int(n) != len(b)-8 {
		t.Errorf("%s: the header says %d bytes of %d", name, n, len(b)-8)
	}
	c, err := wav.Read(bytes.NewReader(b))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return c
}

// levels are the mean power and the peak in dB below full scale.
func levels(pcm []int16) (rms, peak float64) {
	for _, s := range pcm {
		v := float64(s) / 32768
		rms += v * v
		peak = max(peak, math.Abs(v))
	}
	return 10 * math.Log10(rms/float64(len(pcm))), 20 * math.Log10(peak)
}
