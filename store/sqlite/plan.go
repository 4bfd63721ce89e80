package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"ringway/store"
)

var (
	planVersions = table{name: "plan_versions", keys: 1, columns: columns("number version at who origin comment files")}
	planHeads    = table{name: "plan_versions", keys: 1, columns: columns("number version at who origin comment")}
)

func planPlaces(p *store.PlanVersion) []any {
	return append(planHeadPlaces(p), document[map[string]string]{&p.Files})
}

func planHeadPlaces(p *store.PlanVersion) []any {
	return []any{&p.Number, &p.Version, instant{&p.At}, &p.By, &p.Origin, &p.Comment}
}

// PutPlanVersion adds a configuration that came in force and returns its number.
func (d *DB) PutPlanVersion(ctx context.Context, p store.PlanVersion) (number int64, err error) {
	err = d.transact(ctx, func() error {
		if err := d.exec("INSERT INTO plan_versions (version, at, who, origin, comment, files) VALUES (?, ?, ?, ?, ?, ?)",
			planPlaces(&p)[1:]...); err != nil {
			return err
		}
		if err := d.conn.QueryRowContext(context.Background(), "SELECT MAX(number) FROM plan_versions").Scan(&number); err != nil {
			return err
		}
		return d.exec("DELETE FROM plan_versions WHERE number <= ?", number-store.PlanVersionsKept)
	})
	return number, err
}

// PlanVersions lists configurations that were in force, newest first and without their files; before is the last number of
// the page before, 0 for the first page.
func (d *DB) PlanVersions(ctx context.Context, before int64, limit int) ([]store.PlanVersion, error) {
	var f filter
	if before > 0 {
		f.add("number < ?", before)
	}
	return query(ctx, d.read, planHeadPlaces, planHeads.selects(f.clause()+"ORDER BY number DESC LIMIT ?"), append(f.args, pageSize(limit))...)
}

// PlanVersion is the configuration of a number.
func (d *DB) PlanVersion(ctx context.Context, number int64) (store.PlanVersion, error) {
	return d.planVersion(ctx, "WHERE number = ?", number)
}

// PlanVersionOf is the latest configuration of a version.
func (d *DB) PlanVersionOf(ctx context.Context, version string) (store.PlanVersion, error) {
	return d.planVersion(ctx, "WHERE version = ? ORDER BY number DESC LIMIT 1", version)
}

func (d *DB) planVersion(ctx context.Context, where string, arg any) (p store.PlanVersion, err error) {
	err = d.read.QueryRowContext(ctx, planVersions.selects(where), arg).Scan(planPlaces(&p)...)
	if errors.Is(err, sql.ErrNoRows) {
		return p, store.ErrNotFound
	}
	return p, err
}
