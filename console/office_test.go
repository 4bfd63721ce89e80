package console

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ringway/console/staff"
	"ringway/store/sqlite"
)

// office is a staff's listener with people, a real database and a clock that the test moves.
type office struct {
	t     *testing.T
	db    *sqlite.DB
	guard *staff.Guard
	api   *Server
	clock clock
}

type clock struct {
	mu sync.Mutex // guards what follows
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// crew is a roster.
type crew []staff.Person

func (c crew) find(is func(staff.Person) bool) (staff.Person, bool) {
	if i := slices.IndexFunc(c, is); i >= 0 {
		return c[i], true
	}
	return staff.Person{}, false
}

func (c crew) Person(id string) (staff.Person, bool) {
	return c.find(func(p staff.Person) bool { return p.ID == id })
}

func (c crew) ByLogin(login string) (staff.Person, bool) {
	return c.find(func(p staff.Person) bool {
		return p.Login == login || p.Login == "" && p.ID == login
	})
}

func (c crew) People() []staff.Person { return c }

func (c crew) MayServe(person string) []QueueName {
	if p, ok := c.Person(person); ok && p.Role == staff.Agent {
		return []QueueName{{"help", "700"}}
	}
	return nil
}

func (c crew) at(person string) *staff.Person {
	return &c[slices.IndexFunc(c, func(p staff.Person) bool { return p.ID == person })]
}

// changing is a roster that a test edits.
type changing struct{ *crew }

// people of the tests: two teams with their managers, an administrator.
var people = crew{
	{ID: "ada", Name: "Ada Wong", Role: staff.Admin, Login: "ada@wayfare.example"},
	{ID: "ken", Name: "Ken Sato", Role: staff.Agent, Team: "tokyo"},
	{ID: "lin", Name: "Lin Wu", Role: staff.Manager, Team: "taipei", Teams: []string{"taipei"}},
	{ID: "mei", Name: "Mei Lin", Role: staff.Agent, Team: "taipei", TeamName: "Taipei desk", Zone: "Asia/Taipei", Languages: []string{"zh-TW", "en"}},
	{ID: "tao", Name: "Tao Hsu", Role: staff.Manager, Team: "taipei", Teams: []string{"taipei"}},
	{ID: "tom", Name: "Tom Ito", Role: staff.Manager, Team: "tokyo", Teams: []string{"tokyo"}},
}

// opened starts an office; change may replace parts before it opens.
func opened(t *testing.T, change ...func(*Options)) *office {
	t.Helper()
	o := &office{t: t, clock: clock{at: time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)}}
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "office.db"), sqlite.Options{Now: o.clock.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	o.db = db
	o.guard = staff.NewGuard(staff.Options{Store: db, People: people, Now: o.clock.now})
	opts := Options{Now: o.clock.now, Parts: Parts{Staff: o.guard, Roster: people, Journal: db, Records: db, Customers: db}}
	for _, f := range change {
		f(&opts)
	}
	o.api = serve(t, opts)
	return o
}

// caller sends requests as somebody.
type caller struct {
	o            *office
	cookie, csrf string
	key          string
	header       map[string]string // of the next request
	last         *http.Response
}

// anonymous is nobody.
func (o *office) anonymous() *caller { return &caller{o: o, header: map[string]string{}} }

// as is a person who is logged in.
func (o *office) as(person string) *caller {
	o.t.Helper()
	p, _ := people.Person(person)
	login := p.Login
	if login == "" {
		login = p.ID
	}
	token, who, err := o.guard.LoginAs(o.t.Context(), login, staff.Attempt{})
	if err != nil {
		o.t.Fatal(err)
	}
	return &caller{o: o, cookie: token, csrf: who.CSRF, header: map[string]string{}}
}

// machine has a key with scopes.
func (o *office) machine(scopes ...staff.Scope) *caller {
	o.t.Helper()
	text, _, err := o.guard.NewKey(staff.With(o.t.Context(), staff.Identity{Person: "ada"}), "crm", scopes, 0)
	if err != nil {
		o.t.Fatal(err)
	}
	return &caller{o: o, key: text, header: map[string]string{}}
}

// with sets a header of the next request.
func (c *caller) with(name, value string) *caller {
	c.header[name] = value
	return c
}

// send makes a request; in is sent as JSON where it is no string and not nil.
func (c *caller) send(method, path string, in any) (status int, text string) {
	c.o.t.Helper()
	var send io.Reader
	switch v := in.(type) {
	case nil:
	case string:
		send = strings.NewReader(v)
	default:
		b, err := json.Marshal(v)
		if err != nil {
			c.o.t.Fatal(err)
		}
		send = bytes.NewReader(b)
	}
	ctx, cancel := context.WithTimeout(c.o.t.Context(), 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, c.o.api.URL()+path, send)
	if err != nil {
		c.o.t.Fatal(err)
	}
	if send != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.key != "" {
		req.Header.Set("Authorization", "Bearer "+c.key)
	}
	if c.cookie != "" {
		req.AddCookie(&http.Cookie{Name: sessionCookie, Value: c.cookie})
	}
	if c.csrf != "" {
		req.Header.Set("X-CSRF-Token", c.csrf)
	}
	for name, value := range c.header {
		req.Header.Set(name, value)
	}
	clear(c.header)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		c.o.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		c.o.t.Fatal(err)
	}
	c.last = resp
	return resp.StatusCode, string(b)
}

// want sends a request and demands a status and what the answer says.
func (c *caller) want(method, path string, in any, status int, says ...string) string {
	c.o.t.Helper()
	got, text := c.send(method, path, in)
	if got != status {
		c.o.t.Errorf("%s %s: %d, want %d: %s", method, path, got, status, text)
	}
	for _, s := range says {
		if !strings.Contains(text, s) {
			c.o.t.Errorf("%s %s does not say %q: %s", method, path, s, text)
		}
	}
	if got >= 400 && !strings.HasPrefix(c.last.Header.Get("Content-Type"), "application/problem+json") {
		c.o.t.Errorf("%s %s: a refusal of type %q", method, path, c.last.Header.Get("Content-Type"))
	}
	return text
}

// read is want for a GET whose answer is read into out.
func (c *caller) read(path string, out any) {
	c.o.t.Helper()
	text := c.want(http.MethodGet, path, nil, http.StatusOK)
	if err := json.Unmarshal([]byte(text), out); err != nil {
		c.o.t.Errorf("%s: %v: %s", path, err, text)
	}
}

// codeFor is what an authenticator app shows, computed as RFC 6238 says and not as staff does.
func codeFor(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil {
		t.Fatal(err)
	}
	var counter [8]byte
	binary.BigEndian.PutUint64(counter[:], uint64(at.Unix()/30))
	m := hmac.New(sha1.New, key)
	m.Write(counter[:])
	sum := m.Sum(nil)
	i := sum[19] & 15
	n := (int(sum[i]&127)<<24 | int(sum[i+1])<<16 | int(sum[i+2])<<8 | int(sum[i+3])) % 1000000
	return fmt.Sprintf("%06d", n)
}
