package node

import (
	"regexp"
	"testing"
	"time"

	"ringway/sip/siptest"
)

// Whoever asks without credentials, or with wrong ones, hears the same for users who exist and users who do not: each byte
// but nonces, tags and what is only echoed (conformance §4).
func TestUnknownUsersAreAnsweredAsKnownOnes(t *testing.T) {
	t.Parallel()
	a := openAnnex(t, annexOptions{})
	for _, method := range []string{"REGISTER", "INVITE", "MESSAGE"} {
		for _, password := range []string{"", "wrong"} {
			known, unknown := a.heardBy("p01", password, method), a.heardBy("q01", password, method)
			if known != unknown {
				t.Errorf("%s with password %q: a known user hears\n%s\nan unknown one\n%s", method, password, known, unknown)
			}
		}
	}
}

// heardBy is the final answer to a request of a user, without what differs from answer to answer.
func (a *annex) heardBy(user, password, method string) string {
	a.t.Helper()
	p := a.guesser(user, password)
	uri := "sip:800@wayfare.example"
	if method == "REGISTER" {
		uri = "sip:wayfare.example"
	}
	res := p.Ask(method, uri, "", "")
	text := res.String()
	for _, m := range masks {
		text = m.ReplaceAllString(text, "$1…")
	}
	return text
}

var masks = []*regexp.Regexp{
	regexp.MustCompile(`(nonce=")[^"]*`), regexp.MustCompile(`(;tag=)[^;\r]*`), regexp.MustCompile(`(branch=)[^;\r]*`), regexp.MustCompile(`(Call-ID: )[^\r]*`),
	regexp.MustCompile(`(sip:)[pq]01`), regexp.MustCompile(`(127\.0\.0\.1:)\d+`), regexp.MustCompile(`(rport=)\d+`),
}

// Somebody in an office guesses passwords: after a few tries that phone is refused without a look at its password, the
// guesser's source is banned in the end, and the phones of the office that got in before register and call on.
func TestPasswordGuesserInAnOffice(t *testing.T) {
	t.Parallel()
	a := openAnnex(t, annexOptions{})
	alice, bob := a.phone("p01"), a.phone("p02") // behind the same address as the guesser
	guesser := a.guesser("p03", "wrong")
	tries := 0
	for ; tries < 20; tries++ {
		if res := guesser.TryRegister("Expires: 60\r\n"); res.StatusCode == 403 {
			break
		} else if res.StatusCode != 401 {
			t.Fatalf("a wrong password gets %s", res.StartLine())
		}
	}
	if tries == 0 || tries > 10 {
		t.Errorf("a guesser had %d tries", tries)
	}
	if res := a.silentPhone(t, siptest.Phone{User: "p03"}).TryRegister("Expires: 60\r\n"); res.StatusCode != 403 {
		t.Errorf("the right password after that gets %s from the same source", res.StartLine())
	}
	banned := &attempt{TB: t}
	for i := 0; a.log.count("source banned") == 0 && i < 60; i++ {
		p := a.silentPhone(banned, siptest.Phone{User: "ghost" + string(rune('a'+i%26)), Patience: time.Second})
		p.Password = "wrong"
		try(func() { p.TryRegister("Expires: 60\r\n") })
	}
	if a.log.count("source banned") != 1 {
		t.Error("the log does not tell, once, of the ban")
	}
	alice.Register()
	bob.Register()
	out, in := a.talk(alice, bob)
	alive(t, out, in)
	out.Bye()
	in.ExpectBye()
	a.settled(5 * time.Second)
}
