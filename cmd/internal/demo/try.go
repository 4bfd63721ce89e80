package demo

import (
	"context"
	_ "embed" // the scenario below
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"ringway/console"
	"ringway/store"
)

//go:embed try/call.xml
var sippCall string

// try is what a newcomer needs to join with ready-made programs: the folder DATA/demo/try, written anew at each start,
// since ports and credentials change.
//
//	sam/accounts, config    baresip as the agent sam
//	app/accounts, config    baresip as a customer with an app credential
//	call.xml                SIPp as the account guest
type try struct {
	dir      string
	server   netip.AddrPort // as the newcomer reaches it
	realm    string
	password map[string]string // of the accounts above, where they exist
	customer console.Credential
}

// Accounts of the starter configuration that no robot takes. Where somebody has removed one, the guide is silent about it.
const (
	newcomer = "sam"   // the reader's own phone, an agent's
	guest    = "guest" // a customer's phone with a password, for programs that want no long user name
)

// prepareTry mints the newcomer's customer and writes the folder.
func (c *company) prepareTry(ctx context.Context) (try, error) {
	s := c.config.Settings
	t := try{dir: filepath.Join(c.o.Data, "demo", "try"), server: c.reachable(), realm: s.Realm, password: map[string]string{}}
	for _, name := range []string{newcomer, guest} {
		if a, ok := s.Accounts[name]; ok {
			t.password[name] = c.config.Secret(a.Password)
		}
	}
	life := min(12*time.Hour, s.AppDomains[c.domain].MaxLifetime) // a working day, if the domain allows it
	var err error
	t.customer, err = c.node.Mint(ctx, console.MintRequest{Domain: c.domain, Subject: "you", Lifetime: life,
		Claims: store.Claims{Customer: "you", Name: "You", Language: "en", Region: "GB", Zone: "Europe/London"}})
	if err != nil {
		return t, fmt.Errorf("mint a customer: %w", err)
	}
	return t, t.write()
}

// write fills the folder.
func (t try) write() error {
	files := map[string]string{
		"sam/accounts": t.account(newcomer, t.realm, newcomer, t.password[newcomer], 120),
		"sam/config":   baresipConfig(),
		"app/accounts": t.account("you", t.customer.Realm, t.customer.User, t.customer.Password, 0),
		"app/config":   baresipConfig(),
		"call.xml":     strings.NewReplacer("DEMO_USER", guest, "DEMO_DOMAIN", t.realm).Replace(sippCall),
	}
	for name, text := range files {
		path := filepath.Join(t.dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// account is a line of baresip's accounts file.
func (t try) account(user, domain, login, password string, register int) string {
	return fmt.Sprintf("<sip:%s@%s>;outbound=\"sip:%s\";auth_user=%s;auth_pass=%s;regint=%d;answermode=manual\n",
		user, domain, t.server, login, password, register)
}

// baresipConfig is a small configuration of Debian's baresip, with the sound card where there is one, else with a tone.
func baresipConfig() string {
	source, player, driver := "alsa,default", "alsa,default", "alsa.so"
	if _, err := os.Stat("/dev/snd"); err != nil {
		source, player, driver = "ausine,440", "aubridge,nowhere", "ausine.so\nmodule\t\t\taubridge.so"
	}
	return strings.NewReplacer("SOURCE", source, "PLAYER", player, "DRIVER", driver).Replace(`poll_method		epoll
audio_player		PLAYER
audio_source		SOURCE
audio_alert		PLAYER
module_path		/usr/lib/baresip/modules
module			stdio.so
module			opus.so
module			g722.so
module			g711.so
module			DRIVER
module_tmp		uuid.so
module_tmp		account.so
module_app		menu.so
`)
}
