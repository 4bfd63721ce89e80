package wav

import (
	"encoding/binary"
	"fmt"
	"io"
	"time"
)

// File is what Repair needs of a file.
type File interface {
	io.ReaderAt
	io.WriterAt
	Truncate(size int64) error
}

// Repair makes the header of a recording that a crash cut short tell of all that is in a file of size bytes, and returns how
// long that lasts. A file that Writer did not begin is a complaint, and stays as it is.
func Repair(f File, size int64) (time.Duration, error) {
	var h [headerSize]byte
	if size < headerSize {
		return 0, complain("the header is not whole")
	}
	if _, err := f.ReadAt(h[:], 0); err != nil {
		return 0, err
	}
	block, second := int64(binary.LittleEndian.Uint16(h[32:])), int64(binary.LittleEndian.Uint32(h[28:]))
	if string(h[:4]) != "RIFF" || string(h[8:16]) != "WAVEfmt " || string(h[36:40]) != "data" || block == 0 || second == 0 {
		return 0, complain("this is no recording")
	}
	data := (size - headerSize) / block * block
	if data > unknown-headerSize {
		return 0, complain("the recording is longer than its header can say")
	}
	if headerSize+data < size { // half a sample
		if err := f.Truncate(headerSize + data); err != nil {
			return 0, fmt.Errorf("wav: cut half a sample off: %w", err)
		}
	}
	binary.LittleEndian.PutUint32(h[4:], uint32(data+headerSize-8))
	binary.LittleEndian.PutUint32(h[headerSize-4:], uint32(data))
	_, err := f.WriteAt(h[:], 0)
	return time.Duration(data) * time.Second / time.Duration(second), err
}

// Length is how long a recording that Writer wrote lasts, as its header tells.
func Length(f io.ReaderAt) (time.Duration, error) {
	var h [headerSize]byte
	if _, err := f.ReadAt(h[:], 0); err != nil {
		return 0, ended(err, "the header is not whole")
	}
	second := int64(binary.LittleEndian.Uint32(h[28:]))
	if second == 0 {
		return 0, complain("this is no recording")
	}
	return time.Duration(binary.LittleEndian.Uint32(h[headerSize-4:])) * time.Second / time.Duration(second), nil
}
