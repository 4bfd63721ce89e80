// Package vault keeps the sound of recordings as files: YYYY/MM/DD/ID.wav below one folder, which no name leads out of. A
// file that is being written is named ID.wav.part; it gets its name when it is whole and durable. Names are opaque: they tell
// nothing of who spoke.
package vault

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"time"

	"ringway/rtp/wav"
)

// part ends the names of files that are not whole.
const part = ".part"

// named is what a file may be called.
var named = regexp.MustCompile(`^[0-9]{4}/[0-9]{2}/[0-9]{2}/[a-z0-9]{1,64}\.wav$`)

// ErrName says that a name is none of a recording.
var ErrName = errors.New("no name of a recording")

// Name is the file of a recording that began at a time.
func Name(id string, start time.Time) string { return start.UTC().Format("2006/01/02/") + id + ".wav" }

// Vault is one folder. Its methods may be called from any goroutine.
type Vault struct{ root *os.Root }

// Open opens the folder, creating it.
func Open(dir string) (*Vault, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("folder of recordings: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("folder of recordings: %w", err)
	}
	return &Vault{root}, nil
}

// Close closes the folder; files that are open stay so.
func (v *Vault) Close() error { return v.root.Close() }

// Tape is a file that is being written.
type Tape struct {
	*os.File
	v    *Vault
	name string
}

// Create makes the file of a recording.
func (v *Vault) Create(name string) (*Tape, error) {
	if !named.MatchString(name) {
		return nil, fmt.Errorf("%w: %q", ErrName, name)
	}
	if err := v.root.MkdirAll(path.Dir(name), 0o700); err != nil {
		return nil, err
	}
	f, err := v.root.OpenFile(name+part, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	return &Tape{f, v, name}, nil
}

// Close makes the content durable, then gives the file its name. While it is written nothing is synced: a kill costs no more
// than what the writer still holds, a power cut what the system had not written yet.
func (t *Tape) Close() error {
	err := errors.Join(t.Sync(), t.File.Close())
	return errors.Join(err, t.v.root.Rename(t.name+part, t.name))
}

// Open opens the sound of a recording. One that is still written is there too, as far as it is.
func (v *Vault) Open(name string) (*os.File, error) {
	if !named.MatchString(name) {
		return nil, fmt.Errorf("%w: %q", ErrName, name)
	}
	f, err := v.root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		if f, err := v.root.Open(name + part); err == nil {
			return f, nil
		}
	}
	return f, err
}

// Remove deletes the sound of a recording, whole or not. One that is not there is no error.
func (v *Vault) Remove(name string) error {
	if !named.MatchString(name) {
		return fmt.Errorf("%w: %q", ErrName, name)
	}
	var errs []error
	for _, n := range []string{name, name + part} {
		if err := v.root.Remove(n); !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if v.root.Remove(dir) != nil { // something is left in it
			break
		}
	}
	return errors.Join(errs...)
}

// Repair makes a recording whole that a crash cut short. It is an error that wraps fs.ErrNotExist where there is none.
func (v *Vault) Repair(name string) (d time.Duration, size int64, err error) {
	if !named.MatchString(name) {
		return 0, 0, fmt.Errorf("%w: %q", ErrName, name)
	}
	if info, err := v.root.Stat(name); err == nil { // it was whole, only its row was not
		f, err := v.root.Open(name)
		if err != nil {
			return 0, 0, err
		}
		defer f.Close()
		d, err := wav.Length(f)
		return d, info.Size(), err
	}
	f, err := v.root.OpenFile(name+part, os.O_RDWR, 0)
	if err != nil {
		return 0, 0, err
	}
	info, err := f.Stat()
	if err == nil {
		d, err = wav.Repair(f, info.Size())
	}
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return 0, 0, err
	}
	if info, err = v.root.Stat(name + part); err != nil {
		return d, 0, err
	}
	return d, info.Size(), v.root.Rename(name+part, name)
}

// Sweep deletes the folders of days that ended before then, with whatever is left in them, and tells how many files that was.
// Files that no row tells of go this way too.
func (v *Vault) Sweep(before time.Time) (files int, err error) {
	var old []string
	err = fs.WalkDir(v.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !d.IsDir() || strings.Count(name, "/") != 2 {
			return nil
		}
		if day, err := time.Parse("2006/01/02", name); err == nil && day.AddDate(0, 0, 1).Before(before) {
			old = append(old, name)
		}
		return fs.SkipDir
	})
	for _, name := range old {
		entries, readErr := fs.ReadDir(v.root.FS(), name)
		files += len(entries)
		err = errors.Join(err, readErr, v.root.RemoveAll(name))
		for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
			if v.root.Remove(dir) != nil {
				break
			}
		}
	}
	return files, err
}
