package writer

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"

	"ringway/store"
)

// spool is the file in which records wait for a database that can't be written. One record is one line:
//
//	 8 hex digits   1   JSON of the record                         1
//	+-------------+---+------------------------------------------+----+
//	| CRC-32C     |' '| {"Event":{"Node":"a","Seq":17,…}}        |'\n'|
//	+-------------+---+------------------------------------------+----+
//
// A line that a kill or a full disk tore does not match its sum and is skipped and counted. Appending starts at the end of
// the last whole line, so a torn tail is overwritten.
type spool struct {
	path  string
	limit int64
	file  *os.File
	end   int64 // behind the last whole line
}

// errSpoolFull says that the spool's bound is reached.
var errSpoolFull = errors.New("spool is full")

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// spooled is store.Record with absent fields left out.
type spooled struct {
	Event    *store.Event         `json:",omitempty"`
	Call     *store.Call          `json:",omitempty"`
	Leg      *store.Leg           `json:",omitempty"`
	Visit    *store.Visit         `json:",omitempty"`
	Offer    *store.Offer         `json:",omitempty"`
	Decision *store.Decision      `json:",omitempty"`
	Binding  *store.BindingChange `json:",omitempty"`
	Agent    *store.AgentSaved    `json:",omitempty"`
	Session  *store.AppSession    `json:",omitempty"`
	Outcome  *store.CallOutcome   `json:",omitempty"`
	Note     *store.CallNote      `json:",omitempty"`

	Recording *store.Recording `json:",omitempty"`
}

// open opens the file, which may hold what an earlier run left.
func (s *spool) open() error {
	if s.path == "" || s.file != nil {
		return nil
	}
	f, err := os.OpenFile(s.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("open spool: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		return errors.Join(fmt.Errorf("open spool: %w", err), f.Close())
	}
	s.file, s.end = f, info.Size()
	return nil
}

// waiting reports whether the file holds records.
func (s *spool) waiting() bool { return s.end > 0 }

// append writes all entries or none.
func (s *spool) append(batch []entry) error {
	if s.path == "" {
		return errors.New("no spool")
	}
	if err := s.open(); err != nil {
		return err
	}
	var lines bytes.Buffer
	for _, e := range batch {
		body, err := json.Marshal(spooled(e.r))
		if err != nil {
			return fmt.Errorf("encode record: %w", err)
		}
		fmt.Fprintf(&lines, "%08x %s\n", crc32.Checksum(body, castagnoli), body)
	}
	if s.end+int64(lines.Len()) > s.limit {
		return errSpoolFull
	}
	if _, err := s.file.WriteAt(lines.Bytes(), s.end); err != nil {
		return errors.Join(fmt.Errorf("write spool: %w", err), s.file.Truncate(s.end))
	}
	s.end += int64(lines.Len())
	return nil
}

// replay gives what the file holds to save, in order and in groups, and empties the file when all of it was taken. It
// returns how many records were saved and how many lines were torn.
func (s *spool) replay(group int, save func([]store.Record) error) (saved, torn int, err error) {
	if err := s.open(); err != nil || !s.waiting() {
		return 0, 0, err
	}
	in := bufio.NewReaderSize(io.NewSectionReader(s.file, 0, s.end), 1<<16)
	batch := make([]store.Record, 0, group)
	for {
		line, readErr := in.ReadBytes('\n')
		if r, ok := parseLine(line); ok {
			batch = append(batch, r)
		} else if len(line) > 0 {
			torn++
		}
		if len(batch) == group || (readErr != nil && len(batch) > 0) {
			if err := save(batch); err != nil {
				return saved, torn, err
			}
			saved += len(batch)
			batch = batch[:0]
		}
		if readErr == io.EOF {
			break
		}
		if readErr != nil {
			return saved, torn, fmt.Errorf("read spool: %w", readErr)
		}
	}
	if err := s.file.Truncate(0); err != nil {
		return saved, torn, fmt.Errorf("empty spool: %w", err)
	}
	s.end = 0
	return saved, torn, nil
}

// Replay saves what a former run left in a spool file, so that a keeper may then close what a crash left open. New does the
// same later; a start calls Replay first. No file is no error. It returns how many records were saved.
func Replay(ctx context.Context, backend Backend, path string) (int, error) {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	s := spool{path: path}
	saved, _, err := s.replay(2_000, func(group []store.Record) error { return backend.Save(ctx, group) })
	if err != nil {
		err = fmt.Errorf("replay spool: %w", err)
	}
	return saved, errors.Join(err, s.close())
}

func parseLine(line []byte) (store.Record, bool) {
	if len(line) < 11 || line[8] != ' ' || line[len(line)-1] != '\n' {
		return store.Record{}, false
	}
	var sum uint32
	if _, err := fmt.Sscanf(string(line[:8]), "%08x", &sum); err != nil {
		return store.Record{}, false
	}
	body := line[9 : len(line)-1]
	if crc32.Checksum(body, castagnoli) != sum {
		return store.Record{}, false
	}
	var r spooled
	if json.Unmarshal(body, &r) != nil {
		return store.Record{}, false
	}
	return store.Record(r), true
}

func (s *spool) close() error {
	if s.file == nil {
		return nil
	}
	err := s.file.Close()
	s.file = nil
	return err
}
