package post

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/mail"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/xuri/excelize/v2"
	"go.uber.org/goleak"

	"ringway/store"
	"ringway/store/report"
	"ringway/store/report/words"
	"ringway/store/sqlite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// office is a mail server on loopback.
type office struct {
	refuse atomic.Int32 // so many mails first
	says   sync.Map     // a *smtp.SMTPError by recipient: no
	mails  chan received
	auth   atomic.Int32
	server *smtp.Server
	addr   string
}

type received struct {
	to   []string
	text []byte
}

func openOffice(t *testing.T) *office {
	t.Helper()
	o := &office{mails: make(chan received, 16)}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o.addr = l.Addr().String()
	o.server = smtp.NewServer(o)
	o.server.Domain, o.server.AllowInsecureAuth = "localhost", true
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		o.server.Serve(l) //nolint:errcheck // ends with Close
	}()
	t.Cleanup(func() {
		o.server.Close()
		wg.Wait()
	})
	return o
}

func (o *office) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{o: o}, nil }

type session struct {
	o  *office
	to []string
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "ringway" || password != "secret" {
			return errors.New("who are you?")
		}
		s.o.auth.Add(1)
		return nil
	}), nil
}

func (s *session) Mail(string, *smtp.MailOptions) error { return nil }
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if no, ok := s.o.says.Load(to); ok {
		return no.(*smtp.SMTPError)
	}
	s.to = append(s.to, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if s.o.refuse.Add(-1) >= 0 {
		return &smtp.SMTPError{Code: 451, Message: "later"}
	}
	s.o.mails <- received{s.to, text}
	return nil
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

// attachment finds the file in a mail.
func attachment(t *testing.T, text []byte) (subject, name string, file []byte) {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for {
		p, err := parts.NextPart()
		if err != nil {
			t.Fatalf("no attachment: %v", err)
		}
		if p.FileName() != "" {
			file, err = io.ReadAll(base64.NewDecoder(base64.StdEncoding, p))
			if err != nil {
				t.Fatal(err)
			}
			return subject, p.FileName(), file
		}
	}
}

func TestAReportLeavesOnceAtItsTime(t *testing.T) {
	o := openOffice(t)
	o.refuse.Store(1)
	db, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "p.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	zone, err := time.LoadLocation("Asia/Taipei")
	if err != nil {
		t.Fatal(err)
	}
	var now atomic.Int64
	clock := func() time.Time { return time.Unix(now.Load(), 0) }
	now.Store(time.Date(2026, 3, 3, 6, 59, 0, 0, zone).Unix())
	maker := &report.Maker{Sources: report.Sources{Ledger: db}, Now: clock}
	letter := Letter{To: []string{"lin@wayfare.example", "ada@wayfare.example"}, Report: report.Query{Kind: "daily"}, Format: "xlsx", At: "07:00", Span: "day", Zone: zone}
	options := Options{Letters: func() []Letter { return []Letter{letter} }, Sent: db, Now: clock, Every: time.Millisecond,
		Server: func() Server {
			return Server{Address: o.addr, TLS: "none", User: "ringway", Password: "secret", From: "ringway@wayfare.example"}
		},
		Make: func(ctx context.Context, q report.Query) (*report.Table, error) {
			return maker.Make(ctx, q, report.Viewer{})
		}}
	p := New(options)
	p.Start()
	now.Store(time.Date(2026, 3, 3, 7, 0, 30, 0, zone).Unix())
	deadline := time.Now().Add(20 * time.Second)
	for o.refuse.Load() > 0 && time.Now().Before(deadline) { // the server says: later
		time.Sleep(time.Millisecond)
	}
	if len(o.mails) > 0 {
		t.Error("it was not refused")
	}
	var got received
	for got.text == nil && time.Now().Before(deadline) {
		now.Add(60) // it is tried again in a minute
		select {
		case got = <-o.mails:
		case <-time.After(20 * time.Millisecond):
		}
	}
	subject, name, file := attachment(t, got.text)
	if strings.Join(got.to, " ") != "lin@wayfare.example ada@wayfare.example" || o.auth.Load() == 0 ||
		subject != "Daily report of 2026-03-02 (Asia/Taipei)" || name != "ringway-daily-2026-03-02.xlsx" {
		t.Errorf("to %v: %q, file %q", got.to, subject, name)
	}
	if f, err := excelize.OpenReader(bytes.NewReader(file)); err != nil {
		t.Errorf("the attachment is no workbook: %v", err)
	} else {
		f.Close()
	}
	for wait := time.Now().Add(10 * time.Second); time.Now().Before(wait); time.Sleep(time.Millisecond) { // that it left is on record
		if last, err := db.LastMail(context.Background(), letter.only("ada@wayfare.example").key()); err == nil && !last.IsZero() {
			break
		}
	}
	p.Stop()
	foreign := letter // the same in another language is another letter
	foreign.Report.Lang, foreign.Format = words.Taiwan, "csv"
	New(options).consider(context.Background(), foreign)
	if subject, _, file := attachment(t, (<-o.mails).text); subject != "每日報表：2026-03-02（Asia/Taipei）" || !strings.HasPrefix(string(file), "\ufeff時區,") {
		t.Errorf("in Chinese: %q, file %.60q", subject, file)
	}
	again := New(options) // a restart sends nothing twice
	again.consider(context.Background(), letter)
	if len(o.mails) != 0 {
		t.Error("it left twice")
	}
}

func TestAServerThatCannotBeReachedCostsOneTryAMinute(t *testing.T) {
	db, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "p.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	now, tries := time.Date(2026, 3, 3, 7, 0, 0, 0, time.UTC), 0
	maker := &report.Maker{Sources: report.Sources{Ledger: db}}
	p := New(Options{Sent: db, Now: func() time.Time { return now }, Server: func() Server { return Server{Address: "127.0.0.1:1", TLS: "none", From: "a@b.example"} },
		Make: func(ctx context.Context, q report.Query) (*report.Table, error) {
			tries++
			return maker.Make(ctx, q, report.Viewer{})
		}})
	l := Letter{To: []string{"x@y.example"}, Report: report.Query{Kind: "queues"}, Format: "csv", At: "07:00"}
	for range 30 {
		p.consider(context.Background(), l)
		now = now.Add(20 * time.Second)
	}
	if tries != 4 { // at 0, 1, 3 and 7 minutes
		t.Errorf("tried %d times in ten minutes", tries)
	}
	if now = now.Add(tooOld); !p.failed[l.key()].again.Before(now) {
		t.Error("it waits for ever")
	}
	if p.consider(context.Background(), l); tries != 4 {
		t.Error("a letter of yesterday was sent")
	}
}

// forgetful is a record that can't be written for a while.
type forgetful struct {
	Sent
	fails int
}

func (f *forgetful) PutMail(ctx context.Context, m store.ReportMail) error {
	if f.fails--; f.fails >= 0 {
		return errors.New("the disk is full")
	}
	return f.Sent.PutMail(ctx, m)
}

// A letter that left is not sent again because that could not be put on record, and a fault in making one ends nothing but that
// letter.
func TestALetterLeavesOnceThoughItsRecordFails(t *testing.T) {
	o := openOffice(t)
	db, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "p.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	now, faults := time.Date(2026, 3, 3, 7, 0, 0, 0, time.UTC), 1
	maker := &report.Maker{Sources: report.Sources{Ledger: db}}
	p := New(Options{Sent: &forgetful{db, 2}, Now: func() time.Time { return now },
		Server: func() Server { return Server{Address: o.addr, TLS: "none", From: "ringway@wayfare.example"} },
		Make: func(ctx context.Context, q report.Query) (*report.Table, error) {
			if faults--; faults >= 0 {
				panic("a fault of ours")
			}
			return maker.Make(ctx, q, report.Viewer{})
		}})
	l := Letter{To: []string{"x@y.example"}, Report: report.Query{Kind: "queues"}, Format: "csv", At: "07:00"}
	for range 30 {
		p.consider(context.Background(), l)
		now = now.Add(time.Minute)
	}
	if len(o.mails) != 1 {
		t.Errorf("it left %d times", len(o.mails))
	}
	if last, err := db.LastMail(context.Background(), l.key()); err != nil || last.IsZero() || len(p.told) != 0 {
		t.Errorf("on record: %s %v, and %v", last, err, p.told)
	}
}

// Somebody whom the mail server refuses keeps a letter from nobody else. Who is refused for ever is not tried again with that letter,
// who is refused for now is, alone, until the server takes it; why is on record, also for a switch that starts anew.
func TestOneRecipientWhoIsRefusedKeepsTheLetterFromNobody(t *testing.T) {
	o := openOffice(t)
	db, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "p.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	const lin, gone, full = "lin@wayfare.example", "gone@wayfare.example", "full@wayfare.example"
	o.says.Store(gone, &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"})
	o.says.Store(full, &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 2, 2}, Message: "mailbox full"})
	now := time.Date(2026, 3, 3, 7, 0, 0, 0, time.UTC)
	maker := &report.Maker{Sources: report.Sources{Ledger: db}}
	options := Options{Sent: db, Now: func() time.Time { return now },
		Server: func() Server { return Server{Address: o.addr, TLS: "none", From: "ringway@wayfare.example"} },
		Make: func(ctx context.Context, q report.Query) (*report.Table, error) {
			return maker.Make(ctx, q, report.Viewer{})
		}}
	l := Letter{To: []string{gone, lin, full}, Report: report.Query{Kind: "queues"}, Format: "csv", At: "07:00"}
	pass := func(p *Post, minutes int) string {
		for range minutes {
			p.consider(context.Background(), l)
			now = now.Add(time.Minute)
		}
		var got []string
		for len(o.mails) > 0 {
			got = append(got, strings.Join((<-o.mails).to, "+"))
		}
		return strings.Join(got, " ")
	}
	p := New(options)
	if got := pass(p, 10); got != lin {
		t.Errorf("it left for %q", got)
	}
	states := func() string {
		all, err := db.ReportMails(context.Background(), 10)
		if err != nil {
			t.Fatal(err)
		}
		text := map[string]string{}
		for _, m := range all {
			text[m.To] = fmt.Sprint(m.Done, " ", m.Refused, " ", m.Report)
		}
		return text[lin] + "; " + text[gone] + "; " + text[full]
	}
	if got := states(); got != "true  queues; true 550 5.1.1 no such user queues; false 452 4.2.2 mailbox full queues" {
		t.Errorf("on record: %s", got)
	}
	p = New(options) // a restart
	if got := pass(p, 5); got != "" {
		t.Errorf("it left again for %q", got)
	}
	o.says.Delete(full)
	o.says.Delete(gone) // too late for this letter
	if got := pass(p, 60); got != full {
		t.Errorf("once the mailbox has room it left for %q", got)
	}
	if got := states(); got != "true  queues; true 550 5.1.1 no such user queues; true  queues" {
		t.Errorf("on record: %s", got)
	}
	now = now.Add(24 * time.Hour).Truncate(24 * time.Hour).Add(7 * time.Hour)
	if got := pass(p, 5); got != gone+"+"+lin+"+"+full {
		t.Errorf("the next day's left for %q", got)
	}
}

func TestWhenALetterIsDueAndOfWhat(t *testing.T) {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		l             Letter
		now, due      string
		first, lastOf string
	}{
		{Letter{At: "07:00", Span: "day", Zone: london}, "2026-03-29T06:30:00Z", "2026-03-29T06:00:00Z", "2026-03-28", "2026-03-28"}, // summer time began
		{Letter{At: "07:00", Span: "day", Zone: london}, "2026-03-28T06:30:00Z", "2026-03-27T07:00:00Z", "2026-03-26", "2026-03-26"},
		{Letter{At: "01:30", Span: "day", Zone: london}, "2026-03-29T10:00:00Z", "2026-03-29T01:30:00Z", "2026-03-28", "2026-03-28"}, // 01:30 never was
		{Letter{At: "08:00", On: "mon", Span: "week", Zone: london}, "2026-03-04T00:00:00Z", "2026-03-02T08:00:00Z", "2026-02-23", "2026-03-01"},
		{Letter{At: "08:00", Span: "week", Zone: london}, "2026-03-01T09:00:00Z", "2026-03-01T08:00:00Z", "2026-02-16", "2026-02-22"}, // a Sunday
		{Letter{At: "08:00", Span: "month", Zone: london}, "2026-03-31T12:00:00Z", "2026-03-31T07:00:00Z", "2026-02-01", "2026-02-28"},
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		due := c.l.due(now)
		q := c.l.query(due)
		if due.UTC().Format(time.RFC3339) != c.due || q.From != c.first || q.To != c.lastOf {
			t.Errorf("%+v at %s: due %s of %s to %s", c.l, c.now, due.UTC().Format(time.RFC3339), q.From, q.To)
		}
	}
}
