package sqlite

import (
	"context"
	"time"
)

// LastMail is the time for which a letter left last; zero for never.
func (d *DB) LastMail(ctx context.Context, letter string) (time.Time, error) {
	var t time.Time
	err := d.read.QueryRowContext(ctx, "SELECT MAX(due) FROM report_mails WHERE letter = ?", letter).Scan(instant{&t})
	return t, err
}

// MailSent keeps that a letter left.
func (d *DB) MailSent(ctx context.Context, letter string, due time.Time) error {
	return d.transact(ctx, func() error {
		return d.exec("INSERT INTO report_mails VALUES (?1, ?2) ON CONFLICT (letter) DO UPDATE SET due = MAX(due, ?2)", letter, due.UnixMicro())
	})
}
