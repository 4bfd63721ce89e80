package wav

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"time"
)

// ErrFull means that a file has reached the 4 GB that its header can express.
var ErrFull = errors.New("wav: file has reached its largest size")

// Writer writes 16-bit PCM as it comes. At any moment the file is valid: the header is brought up to date after each second
// of sound, behind the samples, so a crash costs at most that second, and never the file.
//
// A Writer belongs to one goroutine. The file stays the caller's to close.
type Writer struct {
	file     io.WriterAt
	channels int
	data     int64 // bytes of samples in the file
	told     int64 // bytes of samples that the header tells of
	second   int64 // bytes of one second
	header   [headerSize]byte
	buf      []byte // reused
}

// NewWriter writes the header of an empty file: rate in Hz, one channel or two.
func NewWriter(file io.WriterAt, rate, channels int) (*Writer, error) {
	if channels < 1 || channels > 2 || rate < 8000 || rate > 48000 {
		return nil, fmt.Errorf("wav: cannot write %d channels at %d Hz", channels, rate)
	}
	w := &Writer{file: file, channels: channels, second: int64(rate * channels * 2)}
	h := make([]byte, 0, headerSize)
	h = append(h, "RIFF\x00\x00\x00\x00WAVEfmt "...)
	h = binary.LittleEndian.AppendUint32(h, 16)
	h = binary.LittleEndian.AppendUint16(h, formatPCM)
	h = binary.LittleEndian.AppendUint16(h, uint16(channels))
	h = binary.LittleEndian.AppendUint32(h, uint32(rate))
	h = binary.LittleEndian.AppendUint32(h, uint32(w.second))
	h = binary.LittleEndian.AppendUint16(h, uint16(2*channels))
	h = binary.LittleEndian.AppendUint16(h, 16)
	h = append(h, "data\x00\x00\x00\x00"...)
	binary.LittleEndian.PutUint32(h[4:], headerSize-8)
	copy(w.header[:], h)
	_, err := file.WriteAt(h, 0)
	return w, err
}

// Write appends samples, interleaved where there are two channels. ErrFull before the header could overflow.
func (w *Writer) Write(pcm []int16) error {
	if len(pcm)%w.channels != 0 {
		return fmt.Errorf("wav: %d samples for %d channels", len(pcm), w.channels)
	}
	if w.data+int64(2*len(pcm)) > math.MaxUint32-headerSize {
		return ErrFull
	}
	w.buf = w.buf[:0]
	for _, s := range pcm {
		w.buf = binary.LittleEndian.AppendUint16(w.buf, uint16(s))
	}
	return w.append()
}

// WriteStereo appends one packet of two parties, left and right. The shorter is completed with silence.
func (w *Writer) WriteStereo(left, right []int16) error {
	if w.channels != 2 {
		return fmt.Errorf("wav: two channels for a file of %d", w.channels)
	}
	n := max(len(left), len(right))
	if w.data+int64(4*n) > math.MaxUint32-headerSize {
		return ErrFull
	}
	w.buf = w.buf[:0]
	for i := range n {
		w.buf = binary.LittleEndian.AppendUint16(w.buf, uint16(at(left, i)))
		w.buf = binary.LittleEndian.AppendUint16(w.buf, uint16(at(right, i)))
	}
	return w.append()
}

func at(pcm []int16, i int) int16 {
	if i < len(pcm) {
		return pcm[i]
	}
	return 0
}

func (w *Writer) append() error {
	if _, err := w.file.WriteAt(w.buf, headerSize+w.data); err != nil {
		return err
	}
	w.data += int64(len(w.buf))
	if w.data-w.told >= w.second {
		return w.tell()
	}
	return nil
}

// tell brings both sizes of the header up to date, by one write: no crash comes between them.
func (w *Writer) tell() error {
	binary.LittleEndian.PutUint32(w.header[4:], uint32(w.data+headerSize-8))
	binary.LittleEndian.PutUint32(w.header[headerSize-4:], uint32(w.data))
	if _, err := w.file.WriteAt(w.header[:], 0); err != nil {
		return err
	}
	w.told = w.data
	return nil
}

// Size is how long the file is, with its header.
func (w *Writer) Size() int64 { return headerSize + w.data }

// Duration is how long the sound in it is.
func (w *Writer) Duration() time.Duration {
	return time.Duration(w.data) * time.Second / time.Duration(w.second)
}

// Close completes the header.
func (w *Writer) Close() error { return w.tell() }
