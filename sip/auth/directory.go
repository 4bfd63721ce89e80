package auth

import (
	"time"

	"ringway/store"
)

// Accounts is the directory that a Server asks. Its methods read an immutable snapshot: they neither block nor fail.
type Accounts interface {
	// Realm names the protection space, and canonical domain, that a host of a To, From or Request-URI belongs to; false
	// for a host that is not ours.
	Realm(host string) (realm string, ours bool)
	// Account finds the owner of a digest user name in a realm.
	Account(realm, user string) (Account, bool)
	// App returns the app domain that a realm is; false when it is a realm of phones.
	App(realm string) (App, bool)
}

// Sessions finds the app sessions whose credentials Ringway minted itself. It reads memory: it never blocks.
type Sessions interface {
	Session(id string) (store.AppSession, bool)
}

// Account is one digest user of the configuration: a phone's, or a trunk's when Trunk is set.
type Account struct {
	Name    string
	AOR     string // canonical; not used for trunks
	Context string
	Trunk   string
	Secret  Secret
}

// Secret is a password, or its hash bound to user and realm: H(user:realm:password) in lower-case hex (RFC 7616 §3.4.2).
// A user whose secret is only an MD5 hash cannot answer a SHA-256 challenge, and the other way round.
type Secret struct {
	Plain     string
	HA1MD5    string
	HA1SHA256 string
}

// App is a domain of app callers.
type App struct {
	Domain      string
	Context     string
	Keys        []Key         // any of them may have signed
	MaxLifetime time.Duration // a credential that ends later than this from now is refused; 0 allows any
}

// Key is one secret shared with the company's backend.
type Key struct {
	ID     string // [A-Za-z0-9_-]+
	Secret []byte
}

func (a *App) key(id string) ([]byte, bool) {
	for _, k := range a.Keys {
		if k.ID == id && len(k.Secret) > 0 {
			return k.Secret, true
		}
	}
	return nil, false
}
