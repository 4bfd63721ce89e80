package post

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"ringway/store/report"
	"ringway/store/sqlite"
)

// Whoever asks for a letter gets it sent to all, when it was due long ago too and though they have it already; how each letter is
// doing is told by recipient, and why it left for nobody in the words of whatever was in the way.
func TestALetterIsSentWhenSomebodyAsks(t *testing.T) {
	o := openOffice(t)
	db, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "p.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	const lin, full = "lin@wayfare.example", "full@wayfare.example"
	o.says.Store(full, &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 2, 2}, Message: "mailbox full"})
	now := time.Date(2026, 3, 4, 23, 0, 0, 0, time.UTC) // a Wednesday
	server := Server{Address: o.addr, TLS: "none", From: "ringway@wayfare.example"}
	maker := &report.Maker{Sources: report.Sources{Ledger: db}}
	l := Letter{To: []string{lin, full, lin}, Report: report.Query{Kind: "queues"}, Format: "csv", At: "07:00", On: "mon", Span: "week"}
	p := New(Options{Sent: db, Now: func() time.Time { return now }, Letters: func() []Letter { return []Letter{l} }, Server: func() Server { return server },
		Make: func(ctx context.Context, q report.Query) (*report.Table, error) {
			return maker.Make(ctx, q, report.Viewer{})
		}})
	standing := func() string {
		all, err := p.List(context.Background())
		if err != nil || len(all) != 1 {
			t.Fatal(all, err)
		}
		s := all[0]
		text := fmt.Sprintf("%s→%s asked %t error %q again %t", s.Last.Format("01-02"), s.Next.Format("01-02"), s.Asked, s.Error, !s.Again.IsZero())
		for _, m := range s.Each {
			text += fmt.Sprintf("; %s %t %t %s", m.To, !m.Tried.IsZero(), m.Done, m.Refused)
		}
		return text
	}
	want := func(want string) {
		t.Helper()
		if got := standing(); got != want {
			t.Errorf("standing:\n%s, want\n%s", got, want)
		}
	}
	want(`03-02→03-09 asked false error "" again false; lin@wayfare.example false false ; full@wayfare.example false false `)
	p.consider(context.Background(), l)
	if len(o.mails) != 0 {
		t.Error("a letter of Monday left on Wednesday though nobody asked for it")
	}
	if _, err := p.Send("nothing"); !errors.Is(err, ErrUnknown) {
		t.Error(err)
	}
	for range 2 { // once is as well as twice
		if _, err := p.Send(l.id()); err != nil {
			t.Fatal(err)
		}
	}
	want(`03-02→03-09 asked true error "" again false; lin@wayfare.example false false ; full@wayfare.example false false `)
	p.consider(context.Background(), l)
	p.consider(context.Background(), l)
	if len(o.mails) != 1 || strings.Join((<-o.mails).to, "+") != lin {
		t.Error("it did not leave once for one")
	}
	want(`03-02→03-09 asked false error "" again false; lin@wayfare.example true true ; full@wayfare.example true true 452 4.2.2 mailbox full`)

	server.Address = "127.0.0.1:" + closedPort(t)
	if _, err := p.Send(l.id()); err != nil {
		t.Fatal(err)
	}
	p.consider(context.Background(), l)
	p.consider(context.Background(), l)
	if got := standing(); !strings.Contains(got, "asked false") || !strings.Contains(got, "refused") || !strings.Contains(got, "again false") {
		t.Errorf("without a server: %s", got)
	}
	server.Address = o.addr
	o.says.Delete(full)
	if _, err := p.Send(l.id()); err != nil {
		t.Fatal(err)
	}
	p.consider(context.Background(), l)
	if len(o.mails) != 1 || strings.Join((<-o.mails).to, "+") != lin+"+"+full {
		t.Error("it did not leave for both")
	}
	want(`03-02→03-09 asked false error "" again false; lin@wayfare.example true true ; full@wayfare.example true true `)
}

// A bell wakes a Post that would look at the clock in an hour.
func TestAskingWakesThePost(t *testing.T) {
	o := openOffice(t)
	db, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "p.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	maker := &report.Maker{Sources: report.Sources{Ledger: db}}
	now := time.Date(2026, 3, 4, 23, 0, 0, 0, time.UTC)
	l := Letter{To: []string{"lin@wayfare.example"}, Report: report.Query{Kind: "queues"}, Format: "csv", At: "07:00"}
	p := New(Options{Sent: db, Every: time.Hour, Now: func() time.Time { return now }, Letters: func() []Letter { return []Letter{l} },
		Server: func() Server { return Server{Address: o.addr, TLS: "none", From: "ringway@wayfare.example"} },
		Make: func(ctx context.Context, q report.Query) (*report.Table, error) {
			return maker.Make(ctx, q, report.Viewer{})
		}})
	p.Start()
	defer p.Stop()
	if _, err := p.Send(l.id()); err != nil {
		t.Fatal(err)
	}
	select {
	case <-o.mails:
	case <-time.After(20 * time.Second):
		t.Fatal("it did not leave")
	}
}

// closedPort is one where nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}
