package wav

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// file builds a WAV file of pcm; change may spoil the fmt chunk.
func file(rate, channels int, pcm []int16, change func(fmtChunk []byte)) []byte {
	f := make([]byte, 16)
	binary.LittleEndian.PutUint16(f, 1)
	binary.LittleEndian.PutUint16(f[2:], uint16(channels))
	binary.LittleEndian.PutUint32(f[4:], uint32(rate))
	binary.LittleEndian.PutUint16(f[14:], 16)
	if change != nil {
		change(f)
	}
	b := []byte("RIFF\x00\x00\x00\x00WAVE")
	b = append(b, "LIST\x03\x00\x00\x00abc\x00"...) // an odd chunk that means nothing, padded
	b = append(append(b, "fmt \x10\x00\x00\x00"...), f...)
	b = binary.LittleEndian.AppendUint32(append(b, "data"...), uint32(2*len(pcm)))
	for _, s := range pcm {
		b = binary.LittleEndian.AppendUint16(b, uint16(s))
	}
	return b
}

func TestReadMonoAndStereo(t *testing.T) {
	for _, rate := range []int{8000, 16000, 48000} {
		c, err := Read(bytes.NewReader(file(rate, 1, []int16{1, -2, 32767, -32768}, nil)))
		if err != nil || c.Rate != rate || !slices.Equal(c.PCM, []int16{1, -2, 32767, -32768}) {
			t.Errorf("%d Hz: %+v %v", rate, c, err)
		}
	}
	c, err := Read(bytes.NewReader(file(8000, 2, []int16{100, 200, 32767, 32767, -32768, 32767}, nil)))
	if err != nil || !slices.Equal(c.PCM, []int16{150, 32767, 0}) {
		t.Errorf("stereo mixed down: %+v %v", c, err)
	}
	if c := (&Clip{Rate: 8000, PCM: make([]int16, 4000)}); c.Duration() != 500*time.Millisecond {
		t.Errorf("duration %v", c.Duration())
	}
}

func TestReadToTheEndWhereTheSizeIsOpenOrTooLarge(t *testing.T) {
	whole := file(8000, 1, []int16{1, 2, 3, 4}, nil)
	open := slices.Clone(whole)
	binary.LittleEndian.PutUint32(open[len(open)-12:], 0xffffffff)
	for name, b := range map[string][]byte{"open": open, "cut": whole[:len(whole)-2]} {
		if c, err := Read(bytes.NewReader(b)); err != nil || len(c.PCM) < 3 {
			t.Errorf("%s: %+v %v", name, c, err)
		}
	}
}

func TestComplaintsSayWhatAndHow(t *testing.T) {
	pcm := []int16{1, 2}
	put16 := func(at int, v uint16) func([]byte) {
		return func(f []byte) { binary.LittleEndian.PutUint16(f[at:], v) }
	}
	long := file(8000, 1, pcm, nil)
	binary.LittleEndian.PutUint32(long[len(long)-8:], 0x7fffffff)
	for _, c := range []struct {
		name string
		body []byte
		want []string
	}{
		{"empty", nil, []string{"too short"}},
		{"text", []byte("hello, this is text"), []string{"no WAV", "sox"}},
		{"mp3", []byte("ID3\x04aaaaaaaaaaaa"), []string{"MP3", "sox"}},
		{"ogg", []byte("OggSaaaaaaaaaaaa"), []string{"Ogg"}},
		{"cd rate", file(44100, 2, pcm, nil), []string{"44100 Hz", "8000, 16000 or 48000", "sox"}},
		{"8 bits", file(8000, 1, pcm, put16(14, 8)), []string{"8 bits"}},
		{"µ-law", file(8000, 1, pcm, put16(0, 7)), []string{"µ-law", "16-bit PCM"}},
		{"six channels", file(48000, 6, pcm, nil), []string{"6 channels"}},
		{"no samples", file(8000, 1, nil, nil), []string{"no samples"}},
		{"no data", file(8000, 1, pcm, nil)[:48], []string{"no data chunk"}},
		{"no format", []byte("RIFF\x00\x00\x00\x00WAVEdata\x02\x00\x00\x00ab"), []string{"no fmt chunk"}},
		{"huge format", []byte("RIFF\x00\x00\x00\x00WAVEfmt \xff\xff\xff\xff"), []string{"impossible size"}},
		{"too long", long, []string{"longer than 10m"}},
	} {
		_, err := Read(bytes.NewReader(c.body))
		if !errors.Is(err, ErrFormat) {
			t.Errorf("%s: got %v, want a complaint", c.name, err)
			continue
		}
		for _, w := range c.want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %q does not say %q", c.name, err, w)
			}
		}
	}
}

func TestRecordingIsReadableAtAnyMoment(t *testing.T) {
	path := filepath.Join(t.TempDir(), "call.wav")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, err := NewWriter(f, 8000, 2)
	if err != nil {
		t.Fatal(err)
	}
	left, right := make([]int16, 160), make([]int16, 80)
	for i := range left {
		left[i] = 1000
	}
	for range 130 { // 2.6 s
		if err := w.WriteStereo(left, right); err != nil {
			t.Fatal(err)
		}
	}
	if c := readFile(t, path); c.Duration() < 2*time.Second || c.PCM[0] != 500 { // as a crash now would leave it
		t.Errorf("before Close %v are readable", c.Duration())
	}
	if err := w.Write([]int16{2000, 0}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if c := readFile(t, path); len(c.PCM) != 130*160+1 || c.PCM[130*160] != 1000 {
		t.Errorf("after Close: %d samples", len(c.PCM))
	}
}

func readFile(t *testing.T, path string) *Clip {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Read(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// devNull takes everything.
type devNull struct{}

func (devNull) WriteAt(b []byte, _ int64) (int, error) { return len(b), nil }

func TestWriterRefusesWhatAHeaderCannotSay(t *testing.T) {
	if _, err := NewWriter(devNull{}, 8000, 3); err == nil {
		t.Error("three channels")
	}
	w, err := NewWriter(devNull{}, 48000, 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.WriteStereo(nil, nil); err == nil {
		t.Error("two parties in a file of one channel")
	}
	w.data = 1<<32 - 100
	if err := w.Write(make([]int16, 100)); !errors.Is(err, ErrFull) {
		t.Errorf("beyond 4 GB: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(file(8000, 1, []int16{1, 2, 3}, nil))
	f.Add(file(48000, 2, []int16{1, 2, 3, 4}, nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := Read(bytes.NewReader(b))
		if err == nil && (len(c.PCM) == 0 || len(c.PCM) > len(b)) {
			t.Fatalf("%d samples from %d bytes", len(c.PCM), len(b))
		}
		if err != nil && !errors.Is(err, ErrFormat) {
			t.Fatalf("%v is no complaint", err)
		}
	})
}
