package auth

import (
	"time"

	"ringway/store"
)

// Kind says what a caller is.
type Kind string

// Kinds of caller.
const (
	KindAccount Kind = "account" // a phone of the configuration
	KindApp     Kind = "app"     // the mobile app, by a minted credential
	KindTrunk   Kind = "trunk"   // a carrier
)

// Identity is who sent a request, as far as it was proven. Nothing else that the request says of its sender is to be
// trusted.
type Identity struct {
	Kind    Kind
	Account string // of an account: its name
	Trunk   string // of a trunk: its name
	AOR     string // canonical, "sip:mei@example.org"; empty for trunks
	Context string // entry context of its calls; empty: they are refused
	Realm   string // the protection space it was proven in

	// Of app callers only.
	Subject string       // who the backend says it is
	Session string       // the credential's session
	Expires time.Time    // the credential's end: no dialog and no binding is created after it
	Claims  store.Claims // what the backend says of the caller
	Claimed bool         // there were claims at all
}
