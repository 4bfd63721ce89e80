package node

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"ringway/console"
)

// lock makes the data folder this process's own, so that a second switch can't close the first one's calls as crashed. The
// kernel lets go of it when the process ends, however it ends.
func lock(data string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(data, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		_ = f.Close() // nothing was written
		return nil, fmt.Errorf("%w (%s)", console.ErrRunning, data)
	}
	return f, nil
}
