package sqlite

import (
	"context"
	"time"

	"ringway/store"
)

// LastMail is the time for which a letter is done last, because it left or because it never will; zero for never.
func (d *DB) LastMail(ctx context.Context, letter string) (time.Time, error) {
	var t time.Time
	err := d.read.QueryRowContext(ctx, "SELECT MAX(done) FROM report_mails WHERE letter = ? AND done > 0", letter).Scan(instant{&t})
	return t, err
}

const putMail = `INSERT INTO report_mails (letter, done, recipient, report, due, tried, refused, ended)
	VALUES (?1, CASE WHEN ?7 THEN ?4 ELSE 0 END, ?2, ?3, ?4, ?5, ?6, ?7)
	ON CONFLICT (letter) DO UPDATE SET done = MAX(done, excluded.done), due = ?4, tried = ?5, refused = ?6, ended = ?7`

// PutMail keeps what became of a letter.
func (d *DB) PutMail(ctx context.Context, m store.ReportMail) error {
	return d.do(ctx, putMail, m.Letter, m.To, m.Report, instant{&m.Due}, instant{&m.Tried}, m.Refused, m.Done)
}

// ReportMails tells what became of reports by mail, those that were tried last first.
func (d *DB) ReportMails(ctx context.Context, limit int) ([]store.ReportMail, error) {
	return query(ctx, d.read, func(m *store.ReportMail) []any {
		return []any{&m.Letter, &m.To, &m.Report, instant{&m.Due}, instant{&m.Tried}, &m.Refused, &m.Done}
	}, "SELECT letter, recipient, report, due, tried, refused, ended FROM report_mails WHERE tried IS NOT NULL ORDER BY tried DESC, letter LIMIT ?", limit)
}
