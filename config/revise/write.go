package revise

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"ringway/config"
)

// Disk is what Write does to a file system; tests put one in its place that fails. The zero value is the real one.
type Disk struct {
	Rename func(from, to string) error
	Create func(dir string) (*os.File, error)
}

func (d Disk) withDefaults() Disk {
	if d.Rename == nil {
		d.Rename = os.Rename
	}
	if d.Create == nil {
		d.Create = func(dir string) (*os.File, error) { return os.CreateTemp(dir, ".edit-*.new") }
	}
	return d
}

// move is one file on its way.
type move struct {
	path  string // where it goes, links followed
	fresh string // the new text, in a file beside it; "" to remove the file
	saved string // a second name of the old file; "" where there was none
}

// Write puts files into the configuration folder, all or none: each is written beside its place and synced, then they are
// renamed one after the other; where that fails, those that were renamed are put back. A reader sees the old text of a file
// or the new one, never a part.
func (d Disk) Write(dir string, over config.Overlay) (err error) {
	d = d.withDefaults()
	var moves []move
	defer func() {
		for _, m := range moves {
			for _, left := range []string{m.fresh, m.saved} {
				if left != "" {
					if e := os.Remove(left); e != nil && !errors.Is(e, fs.ErrNotExist) && err == nil {
						err = e
					}
				}
			}
		}
	}()
	for _, name := range names(over, nil) {
		if !config.IsFile(name) {
			return fmt.Errorf("%q is no file of a configuration", name)
		}
		m, err := d.prepare(filepath.Join(dir, filepath.FromSlash(name)), over[name])
		moves = append(moves, m)
		if err != nil {
			return fmt.Errorf("%s can't be written: %w", name, err)
		}
	}
	for i, m := range moves {
		if err := d.carry(m); err != nil {
			return errors.Join(fmt.Errorf("%s can't be written: %w", filepath.Base(m.path), err), d.restore(moves[:i]))
		}
	}
	return syncFolders(moves)
}

// prepare writes the new text beside its place and gives the old one a second name.
func (d Disk) prepare(path string, text *string) (m move, err error) {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	m.path = path
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
		m.saved = filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".old")
		if err := os.Remove(m.saved); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return m, err
		}
		if err := keep(path, m.saved, mode); err != nil {
			return m, err
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return m, err
	}
	if text == nil {
		return m, nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return m, err
	}
	f, err := d.Create(filepath.Dir(path))
	if err != nil {
		return m, err
	}
	m.fresh = f.Name()
	_, err = f.WriteString(*text)
	return m, errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
}

// keep gives a file a second name, or copies it where the file system knows no second names.
func keep(path, saved string, mode fs.FileMode) error {
	if os.Link(path, saved) == nil {
		return nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return os.WriteFile(saved, text, mode)
}

func (d Disk) carry(m move) error {
	if m.fresh != "" {
		return d.Rename(m.fresh, m.path)
	}
	if err := os.Remove(m.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// restore puts back what was there before.
func (d Disk) restore(done []move) error {
	var errs []error
	for _, m := range slices.Backward(done) {
		if m.saved != "" {
			errs = append(errs, os.Rename(m.saved, m.path))
		} else if err := os.Remove(m.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// syncFolders makes the renames last through a power cut.
func syncFolders(moves []move) error {
	seen := map[string]bool{}
	for _, m := range moves {
		dir := filepath.Dir(m.path)
		if seen[dir] {
			continue
		}
		seen[dir] = true
		f, err := os.Open(dir)
		if err != nil {
			return err
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			return err
		}
	}
	return nil
}
