package staff

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The vectors of RFC 6238 appendix B for SHA-1, cut to six digits; the secret is "12345678901234567890".
func TestCodesOfTheRFC(t *testing.T) {
	const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	for at, want := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130"} {
		now := time.Unix(at, 0)
		if got := codeAt(secret, at/30); got != want {
			t.Errorf("at %d: %s, want %s", at, got, want)
		}
		step, ok := matchCode(secret, want[:3]+" "+want[3:], now.Add(30*time.Second), 0)
		if !ok || step != at/30 {
			t.Errorf("at %d a code of the step before is not taken", at)
		}
		if _, ok := matchCode(secret, want, now.Add(90*time.Second), 0); ok {
			t.Errorf("at %d an old code is taken", at)
		}
		if _, ok := matchCode(secret, want, now, at/30); ok {
			t.Errorf("at %d a code is taken twice", at)
		}
	}
	if codeAt("not base32!", 1) != "" || codeAt("", 1) != "" {
		t.Error("what is no secret has a code")
	}
	if _, ok := matchCode("", "", time.Now(), 0); ok {
		t.Error("no code matches no secret")
	}
}

func TestPasswords(t *testing.T) {
	hash := HashPassword("correct horse")
	if !VerifyPassword(hash, "correct horse") || VerifyPassword(hash, "correct horsf") || VerifyPassword(hash, "") {
		t.Error("a password and its hash disagree")
	}
	if hash == HashPassword("correct horse") {
		t.Error("two hashes of a password are one: no salt")
	}
	cost := fmt.Sprintf("m=%d,t=%d", argonMemory, argonTime)
	for _, broken := range []string{"", "x", "$argon2id$", strings.Replace(hash, "argon2id", "argon2i", 1), strings.Replace(hash, "v=19", "v=18", 1),
		strings.Replace(hash, cost, "m=99999999,t=2", 1), strings.Replace(hash, cost, "m=19456,t=0", 1), strings.Replace(hash, cost, "m=19456,t=9999", 1), hash[:len(hash)-50]} {
		if VerifyPassword(broken, "correct horse") {
			t.Errorf("%q verifies", broken)
		}
	}
	// what is checked where there is nobody must cost what a real check costs, or its time tells who has a log-in
	work := func(hash string) string { return hash[:strings.LastIndex(hash[:strings.LastIndex(hash, "$")], "$")] }
	if nobody := hashOfNobody(); len(nobody) != len(hash) || work(nobody) != work(hash) || VerifyPassword(nobody, "") {
		t.Errorf("%s is checked for nobody, %s for somebody", nobody, hash)
	}
	p := Person{ID: "mei", Name: "Mei Lin Chen", Login: "mei@wayfare.example"}
	for password, ok := range map[string]bool{"long enough": true, "密碼密碼密碼密碼密碼": true, "short": false, "aaaaaaaaaaaa": false, "Mei Lin Chen": false,
		"MEI@wayfare.example": false, strings.Repeat("ab", 200): false, "long enough \xff": false} {
		if err := CheckPassword(password, p); (err == nil) != ok {
			t.Errorf("%q: %v", password, err)
		}
	}
}

// However attempts come, no login is tried from one source more than tryPair times in a window that had no right one, no source
// tries more than trySource times, and whoever was refused may try again after the wait that was told.
func TestNoMoreGuessesThanAllowed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Unix(1_700_000_000, 0)
		limit := newTries(func() time.Time { return now })
		type try struct {
			at           time.Time
			source, name string
		}
		var taken []try
		for range rapid.IntRange(1, 200).Draw(t, "attempts") {
			now = now.Add(time.Duration(rapid.IntRange(0, 90).Draw(t, "gap")) * time.Second)
			source := fmt.Sprintf("192.0.2.%d", rapid.IntRange(1, 3).Draw(t, "source"))
			name := rapid.SampledFrom([]string{"mei", "MEI", "ken", "ada", "lin", "tom"}).Draw(t, "login")
			wait, ok := limit.begin(source, name)
			if !ok {
				if wait <= 0 || wait > tryWindow {
					t.Fatalf("refused for %s", wait)
				}
				if rapid.Bool().Draw(t, "patient") {
					now = now.Add(wait)
					if _, ok := limit.begin(source, name); !ok && len(limit.sources.at[source]) < trySource {
						t.Fatal("refused after the wait that was told")
					} else if ok {
						taken = append(taken, try{now, source, strings.ToLower(name)})
					}
				}
				continue
			}
			taken = append(taken, try{now, source, strings.ToLower(name)})
			pair, from := 0, 0
			for _, x := range taken {
				if x.source != source || !x.at.Add(tryWindow).After(now) {
					continue
				}
				from++
				if x.name == strings.ToLower(name) {
					pair++
				}
			}
			if pair > tryPair || from > trySource {
				t.Fatalf("%d of one login, %d of one source within the window", pair, from)
			}
		}
	})
}

// An office behind one address keeps working, an IPv6 guesser has his whole network counted, and names are bounded.
func TestSourcesAndBounds(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	limit := newTries(func() time.Time { return now })
	for i := range 500 { // a morning of right passwords
		name := fmt.Sprintf("agent%d", i)
		if _, ok := limit.begin("192.0.2.1", name); !ok {
			t.Fatalf("the %dth colleague is refused", i)
		}
		limit.right("192.0.2.1", name)
	}
	for i := range tryPair {
		if _, ok := limit.begin(fmt.Sprintf("2001:db8::%x", i+1), "mei"); !ok {
			t.Fatal("refused too early")
		}
	}
	if _, ok := limit.begin("2001:db8::ffff", "mei"); ok {
		t.Error("another address of the same network may go on")
	}
	if _, ok := limit.begin("2001:db8:0:1::1", "mei"); !ok {
		t.Error("another network is refused")
	}
	for i := range maxTryNames + 500 {
		limit.begin(fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255), "mei")
	}
	if len(limit.pairs.at) > maxTryNames || len(limit.sources.at) > maxTryNames {
		t.Errorf("%d and %d names are kept", len(limit.pairs.at), len(limit.sources.at))
	}
}

func TestWhoSeesWhom(t *testing.T) {
	for _, c := range []struct {
		who          Identity
		person, team string
		sees         bool
	}{
		{Identity{Person: "mei", Role: Agent, Team: "taipei"}, "mei", "taipei", true},
		{Identity{Person: "mei", Role: Agent, Team: "taipei", Teams: []string{"taipei"}}, "wei", "taipei", false},
		{Identity{Person: "lin", Role: Manager, Teams: []string{"taipei"}}, "mei", "taipei", true},
		{Identity{Person: "lin", Role: Manager, Teams: []string{"taipei"}}, "ken", "tokyo", false},
		{Identity{Person: "lin", Role: Manager}, "who", "", false},
		{Identity{Person: "ada", Role: Admin}, "ken", "tokyo", true},
		{Identity{Key: "k"}, "ken", "tokyo", true},
		{Identity{}, "", "", false},
	} {
		if got := c.who.Sees(c.person, c.team); got != c.sees {
			t.Errorf("%+v sees %s of %s: %t", c.who, c.person, c.team, got)
		}
	}
}
