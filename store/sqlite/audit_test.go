package sqlite_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"ringway/store"
	"ringway/store/sqlite"
	"ringway/store/storetest"
)

// Old entries of who did what are deleted from the oldest on, no more at once than asked for.
func TestOldEntriesOfWhoDidWhatAreDeletedInBatches(t *testing.T) {
	d := open(t, filepath.Join(t.TempDir(), "a.db"), sqlite.Options{})
	ctx := context.Background()
	for i := range 10 { // an hour apart; the clock was set back once
		at := storetest.T0.Add(time.Duration(i) * time.Hour)
		if i == 1 {
			at = at.Add(24 * time.Hour)
		}
		if err := d.PutAudit(ctx, store.AuditEntry{At: at, Who: "ada", Action: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	left := func() (text string) {
		all, err := d.Audit(ctx, store.AuditQuery{})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range all {
			text += e.Action
		}
		return text
	}
	for _, c := range []struct {
		then    time.Duration
		batch   int
		deleted int
		left    string
	}{{-time.Hour, 100, 0, "9876543210"}, {6 * time.Hour, 3, 2, "98765431"}, {6 * time.Hour, 3, 2, "987651"}, {6 * time.Hour, 100, 1, "98761"}, {6 * time.Hour, 100, 0, "98761"}} {
		n, err := d.PruneAudit(ctx, storetest.T0.Add(c.then), c.batch)
		if err != nil || n != c.deleted || left() != c.left {
			t.Errorf("before %s, %d at once: %d deleted, %s left, %v", c.then, c.batch, n, left(), err)
		}
	}
}
