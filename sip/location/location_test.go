package location

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
	"go.uber.org/goleak"

	"ringway/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

const mei = "sip:mei@example.org"

func binding(contact string, life time.Duration) Binding {
	return Binding{Binding: store.Binding{AOR: mei, Contact: contact, Q: 1, CallID: "c1", CSeq: 1, Expires: noon.Add(life), Updated: noon}}
}

// put replaces whatever aor has.
func put(t *testing.T, s *Store, now time.Time, list ...Binding) {
	t.Helper()
	_, v := s.Get(mei, now)
	if !s.Replace(mei, v, list) {
		t.Fatal("replace refused")
	}
}

func contacts(list []Binding) []string {
	var out []string
	for _, b := range list {
		out = append(out, b.Contact)
	}
	return out
}

func TestAOR(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"sip:Mei@Example.ORG", "sip:Mei@example.org"},
		{"sips:mei:secret@example.org.:5061;transport=tls?x=y", "sip:mei@example.org"},
		{"sip:%6Dei@example.org", "sip:mei@example.org"},
		{"sip:%00@example.org", "sip:%00@example.org"},
		{"sip:%00%00@example.org", "sip:%00%00@example.org"},
		{"sip:sips%3auser%40example.com@example.net", "sip:sips%3Auser%40example.com@example.net"},
		{"sip:null-%00-null@example.com", "sip:null-%00-null@example.com"},
		{"sip:example.org", ""},
		{"sip:a%4@example.org", ""},
		{"isbn:2983792873", ""},
	} {
		var u sipmsg.Uri
		if err := sipmsg.ParseUri(c.in, &u); err != nil {
			t.Fatal(c.in, err)
		}
		got, err := AOR(&u)
		if got != c.want || (err != nil) != (c.want == "") {
			t.Errorf("AOR(%s) = %q, %v; want %q", c.in, got, err, c.want)
		}
	}
}

// The pairs of RFC 3261 §19.1.4, and some of ours.
func TestSameURI(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp", true},
		{"sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5", true},
		{"sip:carol@chicago.com;security=on", "sip:carol@chicago.com;newparam=5", true},
		{"sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com", "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com", true},
		{"sip:alice@atlanta.com?subject=project%20x&priority=urgent", "sip:alice@atlanta.com?priority=urgent&subject=project%20x", true},
		{"SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP", false},
		{"sip:bob@biloxi.com", "sip:bob@biloxi.com:5060", false},
		{"sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp", false},
		{"sip:bob@biloxi.com;transport=udp", "sip:bob@biloxi.com:6000;transport=tcp", false},
		{"sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting", false},
		{"sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4", false},
		{"sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off", false},
		{"sip:%00@host", "sip:%00%00@host", false},
		{"sip:a@[2001:db8::1]:5060", "sip:a@[2001:DB8::1]:5060", true},
		{"sip:user;par=u%40example.net@example.com", "sip:user;par=v%40example.net@example.com", false},
	} {
		if got := SameURI(c.a, c.b); got != c.same {
			t.Errorf("SameURI(%s, %s) = %v", c.a, c.b, got)
		}
		if got := SameURI(c.b, c.a); got != c.same {
			t.Errorf("SameURI(%s, %s) = %v", c.b, c.a, got)
		}
	}
}

func TestLookupOrdersByQ(t *testing.T) {
	s := New(Options{Now: func() time.Time { return noon }})
	desk, mobile := binding("sip:mei@192.0.2.1", time.Minute), binding("sip:mei@192.0.2.2", time.Minute)
	desk.Q, desk.Path = 0.2, []string{"<sip:edge.example.org;lr>"}
	put(t, s, noon, desk, mobile)
	got := s.Lookup(mei, noon)
	if fmt.Sprint(contacts(got)) != "[sip:mei@192.0.2.2 sip:mei@192.0.2.1]" {
		t.Fatal(contacts(got))
	}
	got[1].Path[0], got[1].Contact = "changed", "changed"
	if again := s.Lookup(mei, noon); again[1].Path[0] != "<sip:edge.example.org;lr>" || again[1].Contact == "changed" {
		t.Error("a copy that was handed out changes the store")
	}
}

func TestReplaceNeedsTheVersion(t *testing.T) {
	s := New(Options{Now: func() time.Time { return noon }})
	_, v := s.Get(mei, noon)
	put(t, s, noon, binding("sip:mei@192.0.2.1", time.Minute))
	if s.Replace(mei, v, nil) {
		t.Error("a decision on an old snapshot took effect")
	}
	put(t, s, noon) // removed: the record is gone
	put(t, s, noon, binding("sip:mei@192.0.2.1", time.Minute))
	_, v2 := s.Get(mei, noon)
	if v2 == v || s.Len() != 1 {
		t.Errorf("version %d came back, %d bindings", v2, s.Len())
	}
}

func TestSameInstanceAndRegID(t *testing.T) {
	a, b := binding("sip:mei@192.0.2.1", 1), binding("sip:mei@192.0.2.9", 1)
	a.InstanceID, a.RegID, b.InstanceID, b.RegID = "urn:uuid:1", 1, "urn:uuid:1", 1
	if !a.Same(&b) {
		t.Error("same instance and reg-id")
	}
	b.RegID = 2
	if a.Same(&b) {
		t.Error("another flow of the same phone")
	}
}

// journal is a Persister and Watcher that writes down what it hears.
type journal struct {
	mu    sync.Mutex
	lines []string
	kept  map[string]store.Binding
}

func (j *journal) Save(c store.BindingChange) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.kept == nil {
		j.kept = map[string]store.Binding{}
	}
	if c.Removed {
		delete(j.kept, c.Contact)
		j.lines = append(j.lines, "- "+c.Contact)
		return
	}
	j.kept[c.Contact] = c.Binding
	j.lines = append(j.lines, "+ "+c.Contact)
}

func (j *journal) Reachable(aor string, registered bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, fmt.Sprint(aor, " ", registered))
}

func (j *journal) take() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	out := fmt.Sprint(j.lines)
	j.lines = nil
	return out
}

func TestListenersHearInOrder(t *testing.T) {
	j, now := &journal{}, noon
	s := New(Options{Persister: j, Now: func() time.Time { return now }})
	s.Watch(j)
	one, two := binding("sip:mei@192.0.2.1", time.Minute), binding("sip:mei@192.0.2.2", 2*time.Minute)
	steps := []struct {
		do   func()
		want string
	}{
		{func() { put(t, s, now, one) }, "[+ sip:mei@192.0.2.1 sip:mei@example.org true]"},
		{func() { put(t, s, now, one, two) }, "[+ sip:mei@192.0.2.2]"},
		{func() { one.CSeq = 2; put(t, s, now, one, two) }, "[+ sip:mei@192.0.2.1]"},
		{func() { put(t, s, now, one, two) }, "[]"},
		{func() { now = noon.Add(time.Minute); s.Expire(now) }, "[- sip:mei@192.0.2.1]"},
		{func() { now = noon.Add(2 * time.Minute); s.Expire(now) }, "[- sip:mei@192.0.2.2 sip:mei@example.org false]"},
	}
	for i, st := range steps {
		st.do()
		if got := j.take(); got != st.want {
			t.Errorf("step %d: %s, want %s", i, got, st.want)
		}
	}
	if s.Len() != 0 {
		t.Errorf("%d bindings left", s.Len())
	}
}

func TestRestore(t *testing.T) {
	j := &journal{}
	s := New(Options{Persister: j, Now: func() time.Time { return noon }})
	s.Watch(j)
	live, dead := binding("sip:mei@192.0.2.1", time.Minute).Binding, binding("sip:mei@192.0.2.2", -time.Second).Binding
	live.Received, live.Transport, live.Local = "192.0.2.77:40000", "udp", "198.51.100.1:5060"
	if n := s.Restore([]store.Binding{live, dead}); n != 1 {
		t.Fatalf("%d restored", n)
	}
	if got := j.take(); got != "[sip:mei@example.org true - sip:mei@192.0.2.2]" {
		t.Error(got)
	}
	b := s.Lookup(mei, noon)[0]
	if f := b.Target(); f.Remote.String() != "192.0.2.77:40000" || f.Local.String() != "198.51.100.1:5060" || f.Conn != 0 {
		t.Errorf("target %v", f)
	}
}

// A deadline that carries monotonic time cannot be passed by a jump of the wall clock: what was restored by wall time must
// carry it too.
func TestDeadlinesAreMonotonic(t *testing.T) {
	s := New(Options{})
	kept := binding("sip:mei@192.0.2.1", 0).Binding
	kept.Expires = time.Now().Add(time.Hour).Round(0).UTC() // as a database returns it
	s.Restore([]store.Binding{kept})
	b := s.Lookup(mei, time.Now())[0]
	if !strings.Contains(b.Expires.String(), " m=") {
		t.Errorf("restored deadline %s is wall time", b.Expires)
	}
	if left := time.Until(b.Expires); left < 59*time.Minute || left > time.Hour {
		t.Errorf("%s left", left)
	}
}

func TestRunSweeps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := &journal{}
		s := New(Options{Persister: j})
		b := binding("sip:mei@192.0.2.1", 0)
		b.Expires = time.Now().Add(90 * time.Second)
		put(t, s, time.Now(), b)
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { s.Run(ctx) })
		time.Sleep(89 * time.Second)
		if s.Len() != 1 {
			t.Error("gone too early")
		}
		time.Sleep(2 * time.Second)
		if s.Len() != 0 {
			t.Error("still there")
		}
		cancel()
		wg.Wait()
	})
}

// However many goroutines register and remove, what was kept is what is there, and the count agrees.
func TestConcurrentChangesKeepOrder(t *testing.T) {
	j := &journal{}
	s := New(Options{Persister: j, Now: func() time.Time { return noon }})
	s.Watch(j)
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 200 {
				for {
					list, v := s.Get(mei, noon)
					mine := binding(fmt.Sprintf("sip:mei@192.0.2.%d", g), time.Minute)
					mine.CSeq = uint32(i)
					var next []Binding
					for _, b := range list {
						if !b.Same(&mine) {
							next = append(next, b)
						}
					}
					if i%3 != 2 {
						next = append(next, mine)
					}
					if s.Replace(mei, v, next) {
						break
					}
				}
			}
		})
	}
	wg.Wait()
	got := s.Lookup(mei, noon)
	if len(got) != len(j.kept) || s.Len() != len(got) {
		t.Errorf("%d bindings, %d kept, Len %d", len(got), len(j.kept), s.Len())
	}
	for _, b := range got {
		if j.kept[b.Contact].CSeq != b.CSeq {
			t.Errorf("%s kept at CSeq %d, is %d", b.Contact, j.kept[b.Contact].CSeq, b.CSeq)
		}
	}
}

func TestDeadlinesHoldOneEntryPerRecord(t *testing.T) {
	now := noon
	s := New(Options{Now: func() time.Time { return now }})
	for i := range 1000 {
		b := binding("sip:mei@192.0.2.1", time.Minute+time.Duration(i)*time.Second)
		b.CSeq = uint32(i)
		put(t, s, now, b)
	}
	for i := range s.shards {
		if n := len(s.shards[i].due); n > 1 {
			t.Errorf("%d deadlines", n)
		}
	}
}

func BenchmarkRefresh(b *testing.B) {
	now := time.Now()
	s := New(Options{})
	aors := make([]string, 10000)
	for i := range aors {
		aors[i] = fmt.Sprintf("sip:user%d@example.org", i)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		aor := aors[i%len(aors)]
		_, v := s.Get(aor, now)
		n := binding("sip:mei@192.0.2.1:5060", time.Hour)
		n.Expires, n.CSeq = now.Add(time.Hour), uint32(i)
		s.Replace(aor, v, []Binding{n})
	}
}
