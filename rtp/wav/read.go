package wav

import (
	"encoding/binary"
	"errors"
	"io"
)

// Read reads a WAV file of 8, 16 or 48 kHz, 16-bit PCM, mono, or stereo, which is mixed down. Memory is bounded by
// MaxDuration, whatever the header says. The error wraps ErrFormat when the file, not its reading, is at fault.
func Read(r io.Reader) (*Clip, error) {
	var riff [12]byte
	if _, err := io.ReadFull(r, riff[:]); err != nil {
		return nil, ended(err, "the file is too short to be a WAV file")
	}
	if string(riff[:4]) != "RIFF" || string(riff[8:]) != "WAVE" {
		return nil, complain("%s; %s", guess(riff[:]), convert)
	}
	var f *header
	for {
		name, size, err := chunk(r)
		if err != nil {
			return nil, ended(err, "the file ends before its samples (no data chunk)")
		}
		switch name {
		case "fmt ":
			if f, err = readFormat(r, size); err != nil {
				return nil, err
			}
		case "data":
			if f == nil {
				return nil, complain("the samples come before the format (no fmt chunk)")
			}
			return f.samples(r, size)
		default:
			if _, err := io.CopyN(io.Discard, r, even(size)); err != nil {
				return nil, ended(err, "the file ends before its samples (no data chunk)")
			}
		}
	}
}

// ended turns the end of a file into a complaint, and leaves other errors alone.
func ended(err error, why string) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return complain("%s", why)
	}
	return err
}

// guess names what the file really is.
func guess(start []byte) string {
	switch {
	case string(start[:3]) == "ID3" || start[0] == 0xff && start[1]&0xe0 == 0xe0:
		return "this is MP3, not WAV"
	case string(start[:4]) == "OggS":
		return "this is Ogg, not WAV"
	case string(start[:4]) == "fLaC":
		return "this is FLAC, not WAV"
	case string(start[:4]) == "FORM":
		return "this is AIFF, not WAV"
	case string(start[:4]) == "RF64" || string(start[:4]) == "RIFX":
		return "this kind of WAV (" + string(start[:4]) + ") is not supported"
	}
	return "this is no WAV file (it does not start with RIFF and WAVE)"
}

func chunk(r io.Reader) (name string, size uint32, err error) {
	var h [8]byte
	if _, err := io.ReadFull(r, h[:]); err != nil {
		return "", 0, err
	}
	return string(h[:4]), binary.LittleEndian.Uint32(h[4:]), nil
}

func even(size uint32) int64 { return int64(size) + int64(size&1) }

// header is what the fmt chunk says.
type header struct{ rate, channels int }

func readFormat(r io.Reader, size uint32) (*header, error) {
	const least, most = 16, 4096
	if size < least || size > most {
		return nil, complain("the fmt chunk has an impossible size of %d bytes", size)
	}
	b := make([]byte, even(size))
	if _, err := io.ReadFull(r, b); err != nil {
		return nil, ended(err, "the file ends inside its fmt chunk")
	}
	kind, bits := binary.LittleEndian.Uint16(b), binary.LittleEndian.Uint16(b[14:])
	if kind == formatExt && size >= 26 {
		kind = binary.LittleEndian.Uint16(b[24:])
	}
	f := &header{channels: int(binary.LittleEndian.Uint16(b[2:])), rate: int(binary.LittleEndian.Uint32(b[4:]))}
	switch {
	case kind != formatPCM:
		return nil, complain("the samples are %s, wanted is 16-bit PCM; %s", encoding(kind), convert)
	case bits != 16:
		return nil, complain("the samples have %d bits, wanted are 16; %s", bits, convert)
	case f.channels != 1 && f.channels != 2:
		return nil, complain("%d channels, wanted are 1 or 2; %s", f.channels, convert)
	case f.rate != 8000 && f.rate != 16000 && f.rate != 48000:
		return nil, complain("%d Hz, wanted are 8000, 16000 or 48000; %s", f.rate, convert)
	}
	return f, nil
}

func encoding(kind uint16) string {
	switch kind {
	case 2, 0x11:
		return "ADPCM"
	case 3:
		return "floating point"
	case 6:
		return "A-law"
	case 7:
		return "µ-law"
	case 0x31:
		return "GSM"
	case 0x55:
		return "MP3"
	}
	return "of an unknown encoding"
}

// samples reads the data chunk: as much as it says, or to the end of the file where a writer that could not go back left
// the size open or a crash cut it short.
func (f *header) samples(r io.Reader, size uint32) (*Clip, error) {
	most := int64(MaxDuration.Seconds()) * int64(f.rate*f.channels*2)
	if size != unknown && int64(size) > most {
		return nil, complain("the sound is longer than %s", MaxDuration)
	}
	limit := int64(size)
	if size == unknown {
		limit = most + 1
	}
	b, err := io.ReadAll(io.LimitReader(r, limit))
	if err != nil {
		return nil, err
	}
	if int64(len(b)) > most {
		return nil, complain("the sound is longer than %s", MaxDuration)
	}
	c := &Clip{Rate: f.rate, PCM: make([]int16, len(b)/2/f.channels)}
	if len(c.PCM) == 0 {
		return nil, complain("there are no samples in it")
	}
	for i := range c.PCM {
		if f.channels == 1 {
			c.PCM[i] = sample(b, i)
		} else {
			c.PCM[i] = int16((int32(sample(b, 2*i)) + int32(sample(b, 2*i+1))) / 2)
		}
	}
	return c, nil
}

func sample(b []byte, i int) int16 { return int16(binary.LittleEndian.Uint16(b[2*i:])) }
