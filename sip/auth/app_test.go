package auth

import (
	"strings"
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
	"github.com/golang-jwt/jwt/v5"

	"ringway/store"
)

var k1, k2 = Key{ID: "k1", Secret: []byte("first secret")}, Key{ID: "k2", Secret: []byte("second secret")}

func caller(subject string, life time.Duration) UserName {
	return UserName{Subject: subject, Session: "s9", Expires: noon.Add(life)}
}

// appLogin registers or calls as an app with the given claims header.
func appLogin(t *testing.T, b *bench, method string, key Key, u UserName, claims ...string) Verdict {
	t.Helper()
	user, password, err := Mint(key, u)
	if err != nil {
		t.Fatal(err)
	}
	req := b.request(method, u.Subject, "app.example.org")
	for _, c := range claims {
		req.AppendHeader(sipmsg.NewHeader("x-ringway-claims", c))
	}
	return b.login(t, req, &phone{user: user, password: password}, Peer{Source: home})
}

func TestMint(t *testing.T) {
	user, password, err := Mint(k1, UserName{Subject: "c-81", Session: "s_9", Expires: time.Unix(1772366400, 0)})
	if err != nil || user != "k1.1772366400.c-81.s_9" {
		t.Fatal(user, err)
	}
	// What a backend in any language computes: base64url(HMAC-SHA-256("first secret", user)).
	if want := password64([]byte("first secret"), "k1.1772366400.c-81.s_9"); password != want || len(password) != 43 || strings.ContainsAny(password, "+/=") {
		t.Error(password)
	}
	for _, bad := range []UserName{{Subject: "a.b", Session: "s"}, {Subject: "", Session: "s"}, {Subject: "a@b", Session: "s"}, {Subject: strings.Repeat("x", 128), Session: "s"}} {
		bad.Expires = noon
		if _, _, err := Mint(k1, bad); err == nil {
			t.Errorf("%+v minted", bad)
		}
	}
}

func TestParseUserName(t *testing.T) {
	for _, bad := range []string{"", "a", "k.1.s", "k.1.s.t.u", "k.x.s.t", "k.-1.s.t", "k.01.s.t", "k.1..t", "k.1.s.t ", "k.99999999999999999999.s.t"} {
		if u, err := ParseUserName(bad); err == nil {
			t.Errorf("%q is %+v", bad, u)
		}
	}
	u, err := ParseUserName("k1.1772366400.c-81.s_9")
	if err != nil || u.String() != "k1.1772366400.c-81.s_9" {
		t.Error(u, err)
	}
}

func TestAppCaller(t *testing.T) {
	b := newBench(Options{})
	for _, key := range []Key{k1, k2} { // several are valid at once
		v := appLogin(t, b, "INVITE", key, caller("c-81", time.Hour))
		if status(v) != 200 {
			t.Fatalf("key %s: %d", key.ID, status(v))
		}
		id := v.Identity
		if id.Kind != KindApp || id.AOR != "sip:c-81@app.example.org" || id.Session != "s9" || id.Context != "from-app" || !id.Expires.Equal(noon.Add(time.Hour)) || id.Claimed {
			t.Errorf("%+v", id)
		}
	}
	for name, c := range map[string]struct {
		key  Key
		u    UserName
		want int
	}{
		"unknown key":      {Key{ID: "k7", Secret: []byte("x")}, caller("c-81", time.Hour), 401},
		"forged signature": {Key{ID: "k1", Secret: []byte("guess")}, caller("c-81", time.Hour), 401},
		"expired":          {k1, caller("c-81", -time.Second), 403},
		"too long":         {k1, caller("c-81", 25*time.Hour), 403},
	} {
		if v := appLogin(t, b, "INVITE", c.key, c.u); status(v) != c.want {
			t.Errorf("%s: %d, want %d", name, status(v), c.want)
		}
	}
}

func TestExpiryIsNotCheckedInsideADialog(t *testing.T) {
	b := newBench(Options{})
	u := caller("c-81", -time.Minute)
	user, password, _ := Mint(k1, u)
	if v := b.login(t, b.request("INVITE", "c-81", "app.example.org"), &phone{user: user, password: password}, Peer{Source: home, InDialog: true}); status(v) != 200 {
		t.Errorf("a caller who waits is cut off: %d", status(v))
	}
}

func TestAppCallerIsHeldToTheSubject(t *testing.T) {
	b := newBench(Options{})
	user, password, _ := Mint(k1, caller("c-81", time.Hour))
	if v := b.login(t, b.request("INVITE", "c-82", "app.example.org"), &phone{user: user, password: password}, Peer{Source: home}); status(v) != 403 {
		t.Errorf("status %d", status(v))
	}
}

func sign(t *testing.T, method jwt.SigningMethod, key any, kid string, claims jwt.MapClaims) string {
	t.Helper()
	j := jwt.NewWithClaims(method, claims)
	j.Header["kid"] = kid
	s, err := j.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestClaims(t *testing.T) {
	ok := jwt.MapClaims{"sub": "c-81", "sid": "s9", "language": "zh-TW", "region": "TW", "priority": 30}
	with := func(k string, v any) jwt.MapClaims {
		out := jwt.MapClaims{}
		for key, val := range ok {
			out[key] = val
		}
		out[k] = v
		return out
	}
	secret := k1.Secret
	for name, c := range map[string]struct {
		jws  []string
		want int
	}{
		"good":            {[]string{sign(t, jwt.SigningMethodHS256, secret, "k1", ok)}, 200},
		"other subject":   {[]string{sign(t, jwt.SigningMethodHS256, secret, "k1", with("sub", "c-1"))}, 403},
		"other session":   {[]string{sign(t, jwt.SigningMethodHS256, secret, "k1", with("sid", "s1"))}, 403},
		"other key":       {[]string{sign(t, jwt.SigningMethodHS256, k2.Secret, "k2", ok)}, 403},
		"forged":          {[]string{sign(t, jwt.SigningMethodHS256, []byte("guess"), "k1", ok)}, 403},
		"alg none":        {[]string{sign(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, "k1", ok)}, 403},
		"other algorithm": {[]string{sign(t, jwt.SigningMethodHS512, secret, "k1", ok)}, 403},
		"ended":           {[]string{sign(t, jwt.SigningMethodHS256, secret, "k1", with("exp", noon.Add(-time.Hour).Unix()))}, 403},
		"priority":        {[]string{sign(t, jwt.SigningMethodHS256, secret, "k1", with("priority", -5))}, 403},
		"twice":           {[]string{sign(t, jwt.SigningMethodHS256, secret, "k1", ok), sign(t, jwt.SigningMethodHS256, secret, "k1", ok)}, 403},
		"no JWS":          {[]string{"customer=42"}, 403},
	} {
		b := newBench(Options{})
		v := appLogin(t, b, "INVITE", k1, caller("c-81", time.Hour), c.jws...)
		if status(v) != c.want {
			t.Errorf("%s: %d, want %d", name, status(v), c.want)
		}
		if c.want == 200 && (!v.Identity.Claimed || v.Identity.Claims != store.Claims{Language: "zh-TW", Region: "TW", Priority: 30 * time.Second}) {
			t.Errorf("%+v", v.Identity.Claims)
		}
	}
}

func TestClaimsOfAStoredSession(t *testing.T) {
	kept := store.Claims{Customer: "42", Language: "ja"}
	u := caller("c-81", time.Hour)
	same, _ := SignClaims(k1, u, kept)
	other, _ := SignClaims(k1, u, store.Claims{Customer: "43", Language: "ja"})
	for name, c := range map[string]struct {
		subject string
		jws     []string
		want    int
	}{
		"stored only":   {"c-81", nil, 200},
		"both agree":    {"c-81", []string{same}, 200},
		"contradicting": {"c-81", []string{other}, 403},
		"of another":    {"c-1", nil, 403},
	} {
		b := newBench(Options{Sessions: sessions{"s9": {Session: "s9", Subject: c.subject, Domain: "app.example.org", Claims: kept}}})
		v := appLogin(t, b, "INVITE", k1, u, c.jws...)
		if status(v) != c.want || c.want == 200 && v.Identity.Claims != kept {
			t.Errorf("%s: %d, want %d", name, status(v), c.want)
		}
	}
}

func TestStripTakesEverythingOfOurs(t *testing.T) {
	b := newBench(Options{})
	req := b.request("INVITE", "mei", "example.org")
	for _, n := range []string{"X-Ringway-Claims", "x-ringway-claims", "X-RINGWAY-Queue", "X-Ringwayx"} {
		req.AppendHeader(sipmsg.NewHeader(n, "x"))
	}
	Strip(req)
	if text := strings.ToLower(req.String()); strings.Contains(text, "x-ringway-") || !strings.Contains(text, "x-ringwayx: x") {
		t.Error(text)
	}
}
