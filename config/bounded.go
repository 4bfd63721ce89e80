package config

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// Bounds of what is read into memory. Larger texts are refused by diag, which names their size; what has no end, as a device, or is
// a log of gigabytes by mistake, must not take the memory of a switch that has calls.
const (
	maxText   = 64 << 20
	maxSecret = 64 << 10
)

// readBounded reads a file of at most so many bytes. A pipe or a device is refused: reading it might never end.
func readBounded(path string, most int64) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return os.ReadFile(path) // which says it in the words of opening
	case !info.Mode().IsRegular() && !info.IsDir():
		return nil, errors.New("it is a pipe or a device: put a file in its place")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // it was only read
	text, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(text)) > most {
		return nil, fmt.Errorf("it has more than %d bytes: is it the right file?", most)
	}
	return text, err
}
