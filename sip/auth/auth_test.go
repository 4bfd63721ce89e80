package auth

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"

	"ringway/sip/transport"
	"ringway/store"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

var (
	office = netip.MustParseAddr("192.0.2.10")
	home   = netip.MustParseAddr("198.51.100.20")
)

// company is the directory of the tests: example.org with phones and a carrier, app.example.org with app callers.
type company struct{ apps App }

func newCompany() *company {
	return &company{apps: App{Domain: "app.example.org", Context: "from-app", MaxLifetime: 24 * time.Hour, Keys: []Key{
		{ID: "k1", Secret: []byte("first secret")}, {ID: "k2", Secret: []byte("second secret")},
	}}}
}

func (c *company) Realm(host string) (string, bool) {
	switch host {
	case "example.org", "192.0.2.1":
		return "example.org", true
	case "app.example.org":
		return host, true
	}
	return "", false
}

func (c *company) Account(realm, user string) (Account, bool) {
	if realm != "example.org" {
		return Account{}, false
	}
	a := Account{Name: user, AOR: "sip:" + user + "@example.org", Context: "phones"}
	switch user {
	case "mei":
		a.Secret.Plain = "tea"
	case "ken":
		a.Secret.HA1MD5 = MD5.hash("ken", "example.org", "sake")
	case "zoe":
		a.Secret.HA1SHA256 = SHA256.hash("zoe", "example.org", "gin")
	case "carrier":
		a = Account{Trunk: "carrier", Context: "from-carrier", Secret: Secret{Plain: "wire"}}
	default:
		return Account{}, false
	}
	return a, true
}

func (c *company) App(realm string) (App, bool) { return c.apps, realm == c.apps.Domain }

// bench is a Server with a clock that tests move.
type bench struct {
	*Server
	now time.Time
	seq int
}

func newBench(o Options) *bench {
	b := &bench{now: noon}
	o.Now = func() time.Time { return b.now }
	if o.Accounts == nil {
		o.Accounts = newCompany()
	}
	b.Server = NewServer(o)
	return b
}

// request makes a request as a phone of user at host sends it.
func (b *bench) request(method, user, host string) *sipmsg.Request {
	b.seq++
	text := fmt.Sprintf("%s sip:%s SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK%d\r\nMax-Forwards: 70\r\n"+
		"From: <sip:%s@%s>;tag=1\r\nTo: <sip:%s@%s>\r\nCall-ID: c1\r\nCSeq: %d %s\r\nContact: <sip:%s@192.0.2.10>\r\nContent-Length: 0\r\n\r\n",
		method, host, b.seq, user, host, user, host, b.seq, method, user)
	msg, err := transport.Parse(text)
	if err != nil {
		panic(err)
	}
	return msg.(*sipmsg.Request)
}

// phone answers challenges with a digest library that is not ours.
type phone struct {
	user, password string
	count          int
	alg            string // answers this one; empty the first
}

func (p *phone) answer(t testing.TB, req *sipmsg.Request, res *sipmsg.Response) {
	t.Helper()
	in, out := "WWW-Authenticate", "Authorization"
	if res.StatusCode == 407 {
		in, out = "Proxy-Authenticate", "Proxy-Authorization"
	}
	for _, h := range res.GetHeaders(in) {
		ch, err := digest.ParseChallenge(h.Value())
		if err != nil {
			t.Fatal(err)
		}
		if p.alg != "" && ch.Algorithm != p.alg {
			continue
		}
		if p.count == 0 {
			p.count = 1
		}
		c, err := digest.Digest(ch, digest.Options{Method: string(req.Method), URI: req.Recipient.String(), Username: p.user, Password: p.password, Count: p.count})
		if err != nil {
			t.Fatal(err)
		}
		req.AppendHeader(sipmsg.NewHeader(out, c.String()))
		return
	}
	t.Fatalf("no challenge for %s in\n%s", p.alg, res)
}

// login sends a request, answers the challenge, and returns what came of it.
func (b *bench) login(t testing.TB, req *sipmsg.Request, p *phone, peer Peer) Verdict {
	t.Helper()
	v := b.Check(req, peer)
	if v.Response == nil {
		t.Fatal("no challenge")
	}
	p.answer(t, req, v.Response)
	return b.Check(req, peer)
}

func status(v Verdict) int {
	switch {
	case v.Identity != nil:
		return 200
	case v.Response != nil:
		return v.Response.StatusCode
	}
	return 0
}

// The example of RFC 7616 §3.9.1, both algorithms.
func TestRFC7616Vectors(t *testing.T) {
	e := exchange{"GET", "/dir/index.html", "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "00000001", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "auth"}
	for alg, want := range map[Algorithm]string{
		MD5:    "8ca523f5e9506fed4657c9700eebdbec",
		SHA256: "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
	} {
		if got := alg.response(alg.hash("Mufasa", "http-auth@example.org", "Circle of Life"), e); got != want {
			t.Errorf("%s: %s", alg, got)
		}
	}
}

func TestLogin(t *testing.T) {
	both := []Algorithm{SHA256, MD5}
	for _, c := range []struct {
		name, user, password string
		algs                 []Algorithm
		answers              string
		want                 int
	}{
		{"plain, MD5", "mei", "tea", []Algorithm{MD5}, "", 200},
		{"plain, SHA-256", "mei", "tea", []Algorithm{SHA256}, "", 200},
		{"plain, both, the second", "mei", "tea", both, "MD5", 200},
		{"hash, MD5", "ken", "sake", []Algorithm{MD5}, "", 200},
		{"hash of MD5, SHA-256", "ken", "sake", both, "SHA-256", 401},
		{"hash, SHA-256", "zoe", "gin", both, "SHA-256", 200},
		{"wrong password", "mei", "coffee", []Algorithm{MD5}, "", 401},
		{"unknown user", "nobody", "tea", []Algorithm{MD5}, "", 401},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(Options{Algorithms: c.algs})
			v := b.login(t, b.request("REGISTER", c.user, "example.org"), &phone{user: c.user, password: c.password, alg: c.answers}, Peer{Source: office})
			if status(v) != c.want {
				t.Fatalf("status %d, want %d\n%v", status(v), c.want, v.Response)
			}
			if c.want == 200 && (v.Identity.Kind != KindAccount || v.Identity.AOR != "sip:"+c.user+"@example.org" || v.Identity.Context != "phones") {
				t.Errorf("%+v", v.Identity)
			}
		})
	}
}

func TestChallengesComeInTheListenersOrder(t *testing.T) {
	b := newBench(Options{})
	v := b.Check(b.request("REGISTER", "mei", "example.org"), Peer{Source: office, Algorithms: []Algorithm{SHA256, MD5}})
	hs := v.Response.GetHeaders("WWW-Authenticate")
	if len(hs) != 2 || !strings.Contains(hs[0].Value(), "SHA-256") || !strings.Contains(hs[1].Value(), "algorithm=MD5") {
		t.Errorf("%v", hs)
	}
	// One that was not offered is refused, and is no wrong password.
	req := b.request("REGISTER", "mei", "example.org")
	p := &phone{user: "mei", password: "tea", alg: "SHA-256"}
	p.answer(t, req, v.Response)
	if v := b.Check(req, Peer{Source: office, Algorithms: []Algorithm{MD5}}); status(v) != 401 || b.Stats().Wrong != 0 {
		t.Errorf("status %d, %+v", status(v), b.Stats())
	}
}

func TestProxyChallenge(t *testing.T) {
	b := newBench(Options{})
	peer := Peer{Source: office, Proxy: true}
	if v := b.login(t, b.request("MESSAGE", "mei", "example.org"), &phone{user: "mei", password: "tea"}, peer); status(v) != 200 {
		t.Errorf("status %d", status(v))
	}
}

// shape is an answer without what differs from request to request.
func shape(res *sipmsg.Response) string {
	var out []string
	for _, h := range res.Headers() {
		v := h.Value()
		if i := strings.Index(v, `nonce="`); i >= 0 {
			v = v[:i+7] + v[i+7+43:]
		}
		if h.Name() == "To" {
			v = "" // the tag, a hash of the request
		}
		if h.Name() == "From" || h.Name() == "Via" || h.Name() == "CSeq" {
			v = fmt.Sprint(len(v))
		}
		out = append(out, h.Name()+": "+v)
	}
	return res.StartLine() + "\n" + strings.Join(out, "\n")
}

func TestUnknownUsersGetTheSameAnswer(t *testing.T) {
	b := newBench(Options{Algorithms: []Algorithm{SHA256, MD5}})
	wrong := b.login(t, b.request("REGISTER", "mei", "example.org"), &phone{user: "mei", password: "no"}, Peer{Source: office})
	known := b.login(t, b.request("REGISTER", "ken", "example.org"), &phone{user: "ken", password: "no"}, Peer{Source: office})
	nobody := b.login(t, b.request("REGISTER", "kim", "example.org"), &phone{user: "kim", password: "no"}, Peer{Source: office})
	if shape(wrong.Response) != shape(nobody.Response) || shape(known.Response) != shape(nobody.Response) {
		t.Errorf("known\n%s\nunknown\n%s", shape(wrong.Response), shape(nobody.Response))
	}
}

func TestNonceRules(t *testing.T) {
	peer := Peer{Source: office}
	b := newBench(Options{})
	p := &phone{user: "mei", password: "tea"}
	first := b.request("REGISTER", "mei", "example.org")
	challenge := b.Check(first, peer).Response
	p.answer(t, first, challenge)
	if v := b.Check(first, peer); status(v) != 200 {
		t.Fatal("first use refused")
	}
	if v := b.Check(first, peer); status(v) != 200 {
		t.Error("a retransmission is refused")
	}
	stale := func(v Verdict) bool {
		return status(v) == 401 && strings.Contains(v.Response.GetHeader("WWW-Authenticate").Value(), "stale=true")
	}
	// The same credentials with another contact: a replay.
	replay := b.request("REGISTER", "mei", "example.org")
	replay.AppendHeader(sipmsg.NewHeader("Authorization", first.GetHeader("Authorization").Value()))
	if v := b.Check(replay, peer); !stale(v) {
		t.Errorf("replay: %d", status(v))
	}
	again := b.request("REGISTER", "mei", "example.org")
	p.count = 5
	p.answer(t, again, challenge)
	if v := b.Check(again, peer); status(v) != 200 {
		t.Error("higher count refused")
	}
	lower := b.request("REGISTER", "mei", "example.org")
	p.count = 4
	p.answer(t, lower, challenge)
	if v := b.Check(lower, peer); !stale(v) {
		t.Errorf("lower count: %d", status(v))
	}
	b.now = noon.Add(5*time.Minute + time.Second)
	late := b.request("REGISTER", "mei", "example.org")
	p.count = 9
	p.answer(t, late, challenge)
	if v := b.Check(late, peer); !stale(v) {
		t.Errorf("old nonce: %d", status(v))
	}
	if s := b.Stats(); s.Wrong != 0 || s.Stale != 3 {
		t.Errorf("%+v", s)
	}
}

func TestForgedNonceIsStale(t *testing.T) {
	b, other := newBench(Options{}), newBench(Options{})
	req := b.request("REGISTER", "mei", "example.org")
	(&phone{user: "mei", password: "tea"}).answer(t, req, other.Check(req, Peer{Source: office}).Response)
	if v := b.Check(req, Peer{Source: office}); status(v) != 401 || b.Stats().Stale != 1 {
		t.Errorf("status %d, %+v", status(v), b.Stats())
	}
	n := b.nonces.issue("example.org", noon)
	if _, _, ok := b.nonces.open("app.example.org", n, noon); ok {
		t.Error("a nonce of one realm opens in another")
	}
}

func TestCountsAreBounded(t *testing.T) {
	c := newCounts(5*time.Minute, 100)
	first := [nonceID]byte{255}
	c.use(first, time.Second, time.Second, countUse{1, 1})
	for i := range 1000 {
		now := 20*time.Second + time.Duration(i)*time.Millisecond
		if c.use([nonceID]byte{byte(i), byte(i >> 8)}, now, now, countUse{1, 1}) != useFresh {
			t.Fatalf("fresh nonce %d refused", i)
		}
		if c.total > 100 {
			t.Fatalf("%d remembered", c.total)
		}
	}
	if c.use(first, time.Second, 22*time.Second, countUse{1, 2}) != useStale {
		t.Error("a forgotten nonce's count may be used again")
	}
	now := 25 * time.Second
	if c.stale(now, now) || c.use([nonceID]byte{9, 9, 9}, now, now, countUse{1, 1}) != useFresh {
		t.Error("forgetting makes new nonces stale")
	}
}

func TestFromAndToMustAgree(t *testing.T) {
	b := newBench(Options{})
	for _, c := range []struct {
		method, header, value string
		want                  int
	}{
		{"INVITE", "From", "<sip:mei@192.0.2.1>;tag=1", 200}, // an address of ours
		{"INVITE", "From", "<sip:boss@example.org>;tag=1", 403},
		{"INVITE", "From", "<sip:mei@elsewhere.example>;tag=1", 403},
		{"INVITE", "To", "<sip:ken@example.org>", 200},
		{"REGISTER", "To", "<sip:ken@example.org>", 403},
		{"REGISTER", "From", "<sip:ken@example.org>;tag=1", 403},
	} {
		req := b.request(c.method, "mei", "example.org")
		text := req.String()
		lines := strings.Split(text, "\r\n")
		for i := range lines {
			if strings.HasPrefix(lines[i], c.header+":") {
				lines[i] = c.header + ": " + c.value
			}
		}
		msg, err := transport.Parse(strings.Join(lines, "\r\n"))
		if err != nil {
			t.Fatal(err)
		}
		if v := b.login(t, msg.(*sipmsg.Request), &phone{user: "mei", password: "tea"}, Peer{Source: office}); status(v) != c.want {
			t.Errorf("%s %s: %s → %d, want %d", c.method, c.header, c.value, status(v), c.want)
		}
	}
}

func TestTrunkByDigestSpeaksForOthers(t *testing.T) {
	b := newBench(Options{})
	req := b.request("INVITE", "+41445556677", "example.org")
	v := b.login(t, req, &phone{user: "carrier", password: "wire"}, Peer{Source: home})
	if status(v) != 200 || v.Identity.Kind != KindTrunk || v.Identity.Trunk != "carrier" || v.Identity.Context != "from-carrier" {
		t.Errorf("%+v", v)
	}
}

func TestGuesserIsSlowedAndTheUserIsNot(t *testing.T) {
	b := newBench(Options{Limits: Limits{PerUser: 3, PerUserGap: time.Minute}})
	guess := func() int {
		return status(b.login(t, b.request("REGISTER", "mei", "example.org"), &phone{user: "mei", password: "guess"}, Peer{Source: home}))
	}
	for range 3 {
		if guess() != 401 {
			t.Fatal("refused too early")
		}
	}
	if guess() != 403 {
		t.Error("a fourth guess is looked at")
	}
	mine := b.login(t, b.request("REGISTER", "mei", "example.org"), &phone{user: "mei", password: "tea"}, Peer{Source: office})
	if status(mine) != 200 {
		t.Error("the user is locked out by somebody else's guesses")
	}
	b.now = noon.Add(time.Minute + time.Second)
	if guess() != 401 {
		t.Error("the wait does not end")
	}
}

func TestScannerIsBannedAndTheOfficeIsNot(t *testing.T) {
	b := newBench(Options{Limits: Limits{PerSource: 5, SourceGap: time.Minute, Ban: 10 * time.Minute}})
	login := func(user, password string, from netip.Addr) int {
		return status(b.login(t, b.request("REGISTER", user, "example.org"), &phone{user: user, password: password}, Peer{Source: from}))
	}
	if login("mei", "tea", office) != 200 {
		t.Fatal("mei cannot log in")
	}
	for i := range 5 {
		login(fmt.Sprintf("user%d", i), "guess", office)
	}
	if got := login("user9", "guess", office); got != 0 {
		t.Errorf("the scanner still hears %d", got)
	}
	if login("mei", "tea", office) != 200 {
		t.Error("a phone that was in before is banned with its neighbour")
	}
	b.now = noon.Add(11 * time.Minute)
	if login("ken", "sake", office) != 200 {
		t.Error("the ban does not end")
	}
	if b.Stats().Bans != 1 {
		t.Errorf("%d bans", b.Stats().Bans)
	}
}

func TestNeighboursInOneIPv6NetworkAreOneSource(t *testing.T) {
	f := newFailures(Limits{}.withDefaults())
	a, _ := f.keys(netip.MustParseAddr("2001:db8::1"), "x")
	b, _ := f.keys(netip.MustParseAddr("2001:db8::ffff:2"), "x")
	c, _ := f.keys(netip.MustParseAddr("2001:db8:0:1::1"), "x")
	d, _ := f.keys(netip.MustParseAddr("::ffff:192.0.2.10"), "x")
	e, _ := f.keys(office, "x")
	if a != b || a == c || d != e {
		t.Error("sources are told apart wrongly")
	}
}

func TestFailureTablesAreBounded(t *testing.T) {
	f := newFailures(Limits{Room: 50}.withDefaults())
	for i := range 5000 {
		f.wrong(netip.AddrFrom4([4]byte{10, byte(i >> 8), byte(i), 1}), fmt.Sprint(i), noon)
		f.right(home, fmt.Sprint(i), noon)
	}
	if len(f.pairs) > 50 || len(f.sources) > 50 || len(f.friends) > 50 {
		t.Errorf("%d pairs, %d sources, %d friends", len(f.pairs), len(f.sources), len(f.friends))
	}
}

func TestHeadersThatAreNoCredentials(t *testing.T) {
	for header, want := range map[string]int{
		`NoOneKnowsThisScheme opaque-data=here`:      401, // RFC 4475 regaut01
		`Digest username="mei", realm="example.org"`: 400,
		`Digest username="mei", username="ken", realm="example.org", nonce="x", uri="sip:example.org", response="x"`: 400,
		`Digest username="mei`: 400,
		`Digest username="mei", realm="elsewhere", nonce="x", uri="sip:example.org", response="x"`:                                        401,
		`Digest username="mei", realm="example.org", nonce="x", uri="sip:example.org", response="x", nc=1`:                                400,
		`Digest username="mei", realm="example.org", nonce="x", uri="sip:other.example", response="x", qop=auth, nc=00000001, cnonce="y"`: 400,
		`Digest username="mei", realm="example.org", nonce="x", uri="sip:example.org", response="x"`:                                      401, // without qop
	} {
		b := newBench(Options{})
		req := b.request("REGISTER", "mei", "example.org")
		req.AppendHeader(sipmsg.NewHeader("Authorization", header))
		if v := b.Check(req, Peer{Source: office}); status(v) != want || b.Stats().Wrong != 0 {
			t.Errorf("%s\n → %d, want %d", header, status(v), want)
		}
	}
}

func TestAddressOfRecordMustBeSIP(t *testing.T) {
	b := newBench(Options{})
	req := b.request("REGISTER", "mei", "example.org")
	req.To().Address = sipmsg.Uri{Scheme: "isbn", Host: "2983792873"}
	if v := b.Check(req, Peer{Source: office}); status(v) != 400 {
		t.Errorf("status %d", status(v))
	}
}

func TestForeignDomain(t *testing.T) {
	b := newBench(Options{})
	if v := b.Check(b.request("REGISTER", "mei", "elsewhere.example"), Peer{Source: office}); status(v) != 403 {
		t.Errorf("status %d", status(v))
	}
}

var _ Sessions = sessions{}

type sessions map[string]store.AppSession

func (s sessions) Session(id string) (store.AppSession, bool) { a, ok := s[id]; return a, ok }
