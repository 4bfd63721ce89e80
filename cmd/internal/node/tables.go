package node

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"ringway/store/sqlite"
)

// passingFile keeps the console's tables of a switch whose records are in memory: it ends with the switch.
const passingFile = "console-passing.db"

// openTables opens what the console keeps: in the switch's own database, or, where that is no SQLite, in one that is deleted
// when the switch stops.
func (n *Node) openTables(ctx context.Context) (err error) {
	if db, ok := n.db.(*sqlite.DB); ok {
		n.tables = db
		return nil
	}
	if err := n.removePassing(); err != nil {
		return err
	}
	n.tables, err = sqlite.Open(ctx, filepath.Join(n.o.Data, passingFile), sqlite.Options{Now: n.clock.Now, Log: n.log})
	return err
}

// closeTables closes what openTables opened of its own.
func (n *Node) closeTables() error {
	if _, shared := n.db.(*sqlite.DB); shared || n.tables == nil {
		return nil
	}
	return errors.Join(n.tables.Close(), n.removePassing())
}

func (n *Node) removePassing() error {
	var errs []error
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(filepath.Join(n.o.Data, passingFile+suffix)); !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
