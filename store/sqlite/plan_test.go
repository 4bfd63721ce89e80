package sqlite

import (
	"context"
	"errors"
	"maps"
	"path/filepath"
	"testing"
	"time"

	"ringway/store"
)

func TestPlanVersions(t *testing.T) {
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "x.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	at := time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)
	for i, v := range []string{"aaa", "bbb", "aaa"} {
		n, err := db.PutPlanVersion(t.Context(), store.PlanVersion{Version: v, At: at, By: "ada", Origin: store.PlanAPI, Comment: "c",
			Files: map[string]string{"ringway.yaml": v}})
		if err != nil || n != int64(i+1) {
			t.Fatalf("%d: %v", n, err)
		}
	}
	list, err := db.PlanVersions(t.Context(), 0, 2)
	if err != nil || len(list) != 2 || list[0].Number != 3 || list[1].Version != "bbb" || list[0].Files != nil || !list[0].At.Equal(at) {
		t.Errorf("%+v %v", list, err)
	}
	if list, _ = db.PlanVersions(t.Context(), 2, 0); len(list) != 1 || list[0].Number != 1 {
		t.Errorf("the next page is %+v", list)
	}
	if p, err := db.PlanVersionOf(t.Context(), "aaa"); err != nil || p.Number != 3 || !maps.Equal(p.Files, map[string]string{"ringway.yaml": "aaa"}) {
		t.Errorf("%+v %v", p, err)
	}
	if p, err := db.PlanVersion(t.Context(), 2); err != nil || p.Version != "bbb" {
		t.Errorf("%+v %v", p, err)
	}
	if _, err := db.PlanVersion(context.Background(), 9); !errors.Is(err, store.ErrNotFound) {
		t.Error(err)
	}
}
