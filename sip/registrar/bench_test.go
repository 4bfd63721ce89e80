package registrar_test

import (
	"fmt"
	"net/netip"
	"runtime"
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"

	"ringway/sip/auth"
	"ringway/sip/location"
	"ringway/sip/registrar"
	"ringway/sip/transport"
	"ringway/store"
)

type company struct{}

func (company) Realm(host string) (string, bool) { return host, host == "example.org" }
func (company) Account(realm, user string) (auth.Account, bool) {
	return auth.Account{Name: user, AOR: "sip:" + user + "@" + realm, Context: "phones", Secret: auth.Secret{Plain: "tea"}}, true
}
func (company) App(string) (auth.App, bool) { return auth.App{}, false }

// discard is a Persister that keeps nothing.
type discard struct{}

func (discard) Save(store.BindingChange) {}

// home is authentication and registrar as a node puts them together.
type home struct {
	auth      *auth.Server
	registrar *registrar.Registrar
	store     *location.Store
}

func newHome(nonces int) *home {
	s := location.New(location.Options{Persister: discard{}})
	return &home{auth.NewServer(auth.Options{Accounts: company{}, Nonces: nonces}), registrar.New(registrar.Options{Store: s}), s}
}

var flow = transport.Flow{Proto: transport.UDP, Local: netip.MustParseAddrPort("198.51.100.1:5060"), Remote: netip.MustParseAddrPort("192.0.2.10:5060")}

func (h *home) receive(req *sipmsg.Request) *sipmsg.Response {
	v := h.auth.Check(req, auth.Peer{Source: flow.Remote.Addr()})
	if v.Identity == nil {
		return v.Response
	}
	return h.registrar.Handle(time.Now(), req, registrar.Owner{AOR: v.Identity.AOR}, flow)
}

// REGISTER of one of n users, with an Authorization header or without.
func register(n, seq int, authorization string) *sipmsg.Request {
	if authorization != "" {
		authorization = "Authorization: " + authorization + "\r\n"
	}
	msg, err := transport.Parse(fmt.Sprintf("REGISTER sip:example.org SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK%d\r\nMax-Forwards: 70\r\n"+
		"From: <sip:user%[2]d@example.org>;tag=1\r\nTo: <sip:user%[2]d@example.org>\r\nCall-ID: c%[2]d\r\nCSeq: %[1]d REGISTER\r\n"+
		"Contact: <sip:user%[2]d@192.0.2.10:5060;transport=udp>;expires=3600\r\n%[3]sContent-Length: 0\r\n\r\n", seq, n, authorization))
	if err != nil {
		panic(err)
	}
	return msg.(*sipmsg.Request)
}

func authorization(tb testing.TB, n int, challenge *sipmsg.Response) string {
	ch, err := digest.ParseChallenge(challenge.GetHeader("WWW-Authenticate").Value())
	if err != nil {
		tb.Fatal(err)
	}
	c, err := digest.Digest(ch, digest.Options{Method: "REGISTER", URI: "sip:example.org", Username: fmt.Sprintf("user%d", n), Password: "tea"})
	if err != nil {
		tb.Fatal(err)
	}
	return c.String()
}

// BenchmarkRegister is 401 then 200 through authentication, registrar and store, without parsing and transport. Phones
// compute their answers in batches, outside the time that counts.
func BenchmarkRegister(b *testing.B) {
	const users, batch = 5000, 500
	h := newHome(0)
	b.ReportAllocs()
	b.StopTimer()
	for done := 0; done < b.N; done += batch {
		first, second := make([]*sipmsg.Request, batch), make([]*sipmsg.Request, batch)
		answers := make([]*sipmsg.Response, batch)
		for i := range first {
			first[i] = register((done+i)%users, 2*(done+i)+1, "")
		}
		b.StartTimer()
		for i, req := range first {
			answers[i] = h.receive(req)
		}
		b.StopTimer()
		for i := range second {
			n := (done + i) % users
			second[i] = register(n, 2*(done+i)+2, authorization(b, n, answers[i]))
		}
		b.StartTimer()
		for _, req := range second {
			if res := h.receive(req); res.StatusCode != 200 {
				b.Fatal(res)
			}
		}
		b.StopTimer()
	}
}

// Memory does not grow with the number of registrations, only with that of users.
func TestMemoryIsFlat(t *testing.T) {
	h := newHome(2_000)
	const users = 200
	run := func(from, to int) uint64 {
		for seq := from; seq < to; seq += 2 {
			n := seq / 2 % users
			res := h.receive(register(n, seq, ""))
			if res = h.receive(register(n, seq+1, authorization(t, n, res))); res.StatusCode != 200 {
				t.Fatal(res)
			}
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := run(2, 10_002) // 5,000 registrations fill the table of nonces twice
	after := run(10_002, 20_002)
	if after > before+1<<20 {
		t.Errorf("heap grew from %d to %d KB", before>>10, after>>10)
	}
	if h.store.Len() != users {
		t.Errorf("%d bindings", h.store.Len())
	}
}
