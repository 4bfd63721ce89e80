package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"strconv"
	"sync"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"
	"github.com/pressly/goose/v3"
)

// Up and Down of each stand between StatementBegin and StatementEnd: where goose has to find the ends of statements itself, each
// line costs it a buffer of 4 MB.
//
//go:embed migrations/*.sql
var migrations embed.FS

// Options of a database; the zero value works.
type Options struct {
	ReadOnly bool          // for commands that read beside a running or a stopped switch: no migration, Save fails
	Busy     time.Duration // how long a write waits for another process's lock; 0 means 1 s
	Readers  int           // read connections; 0 means 4
	MaxBytes int64         // bound of the file, then Save fails as on a full disk; 0 means none
	Now      func() time.Time
	Log      *slog.Logger
}

// DB is one open database. Its methods may be called from any goroutine; Save and the other writing ones take turns.
type DB struct {
	o     Options
	read  *sql.DB
	write *sql.DB // nil when read-only

	mu    sync.Mutex // guards the write connection and the fields below
	conn  *sql.Conn
	stmts statements
	boots map[bootName]int64
	texts texts
	batch []any // columns of events that wait for the rest of their statement
	// where the packed parts of the ledger end: what happened before and comes now is late
	settled time.Time
	// calls that ended before are in call_finds: what is saved of them now is late
	found time.Time
}

type bootName struct{ node, boot string }

// ErrReadOnly is what a writing method returns on a database opened read-only.
var ErrReadOnly = errors.New("database is open read-only")

// Open opens the file, creating it (mode 0600) and bringing its schema up to date unless ReadOnly.
func Open(ctx context.Context, path string, o Options) (*DB, error) {
	o = o.withDefaults()
	d := &DB{o: o, boots: map[bootName]int64{}, texts: texts{}}
	if !o.ReadOnly {
		if err := d.openWrite(ctx, path); err != nil {
			return nil, errors.Join(fmt.Errorf("open database %s: %w", path, err), d.Close())
		}
	}
	read, err := sql.Open("sqlite3", dsn(path, url.Values{"mode": {"ro"}, "_query_only": {"1"}, "_busy_timeout": {"5000"}, "_cache_size": {"-8000"}}))
	if err == nil {
		d.read = read
		read.SetMaxOpenConns(o.Readers)
		read.SetMaxIdleConns(o.Readers)
		err = d.checkSchema(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", path, err), d.Close())
	}
	return d, nil
}

func (o Options) withDefaults() Options {
	if o.Busy <= 0 {
		o.Busy = time.Second
	}
	if o.Readers <= 0 {
		o.Readers = 4
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

func dsn(path string, q url.Values) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

func (d *DB) openWrite(ctx context.Context, path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	d.write, err = sql.Open("sqlite3", dsn(path, url.Values{
		"_journal_mode": {"WAL"}, "_synchronous": {"NORMAL"}, "_txlock": {"immediate"},
		"_busy_timeout": {strconv.FormatInt(d.o.Busy.Milliseconds(), 10)}, "_cache_size": {"-16000"},
	}))
	if err != nil {
		return err
	}
	d.write.SetMaxOpenConns(1)
	d.write.SetConnMaxLifetime(0)
	if err := migrate(ctx, d.write); err != nil {
		return err
	}
	if d.conn, err = d.write.Conn(ctx); err != nil {
		return err
	}
	// a checkpoint every 16 MB instead of 4: index pages that many groups touch are written back once
	if _, err := d.conn.ExecContext(ctx, "PRAGMA wal_autocheckpoint = 4000"); err != nil {
		return err
	}
	if d.o.MaxBytes > 0 {
		if err := d.limit(ctx); err != nil {
			return err
		}
	}
	if err := d.conn.QueryRowContext(ctx, "SELECT MAX(started) FROM ledger_parts").Scan(instant{&d.settled}); err != nil {
		return err
	}
	if !d.settled.IsZero() {
		d.settled = d.settled.Add(partLength)
	}
	if err := d.conn.QueryRowContext(ctx, "SELECT until FROM found_until").Scan(instant{&d.found}); err != nil {
		return err
	}
	return d.stmts.prepare(ctx, d.conn)
}

func (d *DB) limit(ctx context.Context) error {
	var page int64
	if err := d.conn.QueryRowContext(ctx, "PRAGMA page_size").Scan(&page); err != nil {
		return err
	}
	_, err := d.conn.ExecContext(ctx, "PRAGMA max_page_count = "+strconv.FormatInt(max(d.o.MaxBytes/page, 1), 10))
	return err
}

func migrate(ctx context.Context, db *sql.DB) error {
	p, err := provider(db)
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

func provider(db *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithSlog(slog.New(slog.DiscardHandler)),
		goose.WithAllowOutofOrder(true)) // numbers are given out before the tables are made
}

// checkSchema refuses a file that an older or newer Ringway wrote, in words.
func (d *DB) checkSchema(ctx context.Context) error {
	p, err := provider(d.read)
	if err != nil {
		return err
	}
	sources := p.ListSources()
	want := sources[len(sources)-1].Version
	var have int64
	row := d.read.QueryRowContext(ctx, "SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version WHERE is_applied")
	if err := row.Scan(&have); err != nil {
		return fmt.Errorf("not a Ringway database: %w", err)
	}
	switch {
	case have < want:
		return fmt.Errorf("schema %d is older than this program's %d: start the switch once to migrate it", have, want)
	case have > want:
		return fmt.Errorf("schema %d is newer than this program's %d: use the newer program", have, want)
	}
	return nil
}

// Close ends all connections.
func (d *DB) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	var errs []error
	if d.conn != nil {
		errs = append(errs, d.stmts.close(), d.conn.Close())
		d.conn = nil
	}
	for _, db := range []*sql.DB{d.read, d.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}
