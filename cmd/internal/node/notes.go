package node

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"ringway/config"
	"ringway/store/report"
)

// Notes are what commands need to read the records of a switch, running or stopped, without its configuration.
type Notes struct {
	Database string            `json:"database"` // file of the embedded database
	Zone     string            `json:"zone"`     // the company's: days begin and end in it
	Names    map[string]string `json:"names"`    // people by id
	Teams    map[string]string `json:"teams"`    // their teams
	Reports  report.Settings   `json:"reports"`  // the company's choices
}

const notesFile = "switch.json"

// ErrNoRecords means that no switch ever ran on the data folder.
var ErrNoRecords = errors.New("no switch has run on this data folder yet")

// ReadNotes reads the notes of a data folder.
func ReadNotes(data string) (Notes, error) {
	var n Notes
	text, err := os.ReadFile(filepath.Join(data, notesFile))
	if errors.Is(err, fs.ErrNotExist) {
		return n, fmt.Errorf("%w (%s): name another one with --data", ErrNoRecords, data)
	} else if err != nil {
		return n, err
	}
	return n, json.Unmarshal(text, &n)
}

// Location is the company's time zone.
func (n Notes) Location() *time.Location {
	if l, err := time.LoadLocation(n.Zone); err == nil {
		return l
	}
	return time.UTC
}

// Name is a person's name, "" for one who left.
func (n Notes) Name(id string) string { return n.Names[id] }

// Describe gives somebody's name and team.
func (n Notes) Describe(id string) (name, team string) { return n.Names[id], n.Teams[id] }

// writeNotes replaces the notes as a whole.
func writeNotes(data string, c *config.Config) error {
	n := Notes{Database: DatabasePath(data, c.Settings.Database), Zone: c.Settings.Zone, Names: map[string]string{}, Teams: map[string]string{},
		Reports: reportSettings(c)}
	for _, p := range c.Spec.People {
		n.Names[p.ID] = p.Name
		if p.Team != "" {
			n.Teams[p.ID] = p.Team
		}
	}
	text, err := json.Marshal(n)
	if err != nil {
		return err
	}
	tmp := filepath.Join(data, notesFile+".new")
	if err := os.WriteFile(tmp, text, 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, filepath.Join(data, notesFile))
}
