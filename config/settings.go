package config

import (
	"net/netip"
	"time"

	"ringway/store"
)

// Settings is ringway.yaml. Every field has the key in its yaml tag, and a zero value that Defaults fills in. A key whose
// comment ends in "(restart)" is read at start only; reload refuses to change it.
type Settings struct {
	Node       string               `yaml:"node"`        // name of this switch in records (restart)
	Zone       string               `yaml:"zone"`        // the company's time zone: days and reports begin and end in it
	Listeners  []Listener           `yaml:"listeners"`   // where SIP is spoken (restart)
	Realm      string               `yaml:"realm"`       // digest realm, and the domain of accounts (restart)
	Domains    []string             `yaml:"domains"`     // further domains that are ours; addresses of listeners always are
	Advertise  Advertise            `yaml:"advertise"`   // the address that phones outside see (restart)
	RTP        RTP                  `yaml:"rtp"`         // media ports (restart)
	Codecs     []string             `yaml:"codecs"`      // what calls may use, most wanted first (restart)
	Limits     Limits               `yaml:"limits"`      // bounds that keep the switch alive
	Database   Database             `yaml:"database"`    // where records go (restart)
	Auth       Auth                 `yaml:"auth"`        // digest (restart)
	AppDomains map[string]AppDomain `yaml:"app_domains"` // domains of the mobile app: short-lived credentials, no rows
	Accounts   map[string]Account   `yaml:"accounts"`    // phones
	Trunks     map[string]Trunk     `yaml:"trunks"`      // carriers, statically configured
	Console    Console              `yaml:"console"`     // where staff and other systems work with the switch (restart)
	Audit      Audit                `yaml:"audit"`       // the record of who did what
	Reports    Reports              `yaml:"reports"`     // formulas that are shown, and reports by mail
	SMTP       SMTP                 `yaml:"smtp"`        // the mail server for them
	Prompts    Prompts              `yaml:"prompts"`     // where sound files are looked for
	Recording  Recording            `yaml:"recording"`   // conversations that queues or the dialplan record
	Log        Log                  `yaml:"log"`         // what is written to the log (restart)
	Webhooks   []Webhook            `yaml:"webhooks"`    // who is told what happens
	CRM        CRM                  `yaml:"crm"`         // where customers are looked up for the agent's card
}

// Listener is one socket that speaks SIP.
type Listener struct {
	Protocol   string         `yaml:"protocol"`   // udp | tcp
	Address    netip.AddrPort `yaml:"address"`    // "0.0.0.0:5060"; port 0 takes a free one
	Algorithms []string       `yaml:"algorithms"` // digest challenges sent here; empty takes auth.algorithms
}

// Advertise says which address stands in Contact, Via and SDP, by the network that the peer is in.
type Advertise struct {
	Address   netip.Addr     `yaml:"address"`    // for peers outside local_nets; unset: the address of the route to the peer
	LocalNets []netip.Prefix `yaml:"local_nets"` // offices: they see the machine's own address
}

// RTP says which ports media uses and how many loops carry it.
type RTP struct {
	Ports   string        `yaml:"ports"`   // "16384-32767", even to odd
	Address netip.Addr    `yaml:"address"` // local address to bind; unset: all
	Loops   int           `yaml:"loops"`   // media loops; 0: half the cores, at least 1
	Timeout time.Duration `yaml:"timeout"` // no packet for so long: the leg is probed
	HangUp  time.Duration `yaml:"hang_up"` // no packet for so long on an answered leg that does not hold: the call ends; 0: never
}

// Limits are upper bounds; at each of them the switch refuses early and keeps what is established.
type Limits struct {
	Calls        int           `yaml:"calls"`         // calls at once; lowered by a reload, it ends none
	CallDuration time.Duration `yaml:"call_duration"` // longest call, from its answer; a call that was answered before a reload keeps its own
	Transactions int           `yaml:"transactions"`  // SIP transactions at once (restart)
	Contacts     int           `yaml:"contacts"`      // contacts of one account (restart)
	MinExpires   time.Duration `yaml:"min_expires"`   // shortest registration (restart)
	MaxExpires   time.Duration `yaml:"max_expires"`   // longest registration (restart)
}

// Database says where records go.
type Database struct {
	Driver string `yaml:"driver"` // sqlite | memory
	Path   string `yaml:"path"`   // sqlite: relative to the data folder
}

// Auth is how requests are authenticated.
type Auth struct {
	Algorithms []string `yaml:"algorithms"` // MD5, SHA-256: the challenges sent, in order
}

// AppDomain is a domain whose users are the mobile app's sessions.
type AppDomain struct {
	Context         string            `yaml:"context"` // entry context of their calls
	Keys            map[string]Secret `yaml:"keys"`    // key id → secret; several are valid at once, so that keys can be changed
	ContactsSession int               `yaml:"contacts_per_session"`
	CallsSession    int               `yaml:"calls_per_session"`
	MaxLifetime     time.Duration     `yaml:"max_lifetime"` // a credential that ends later is refused
}

// Account is a SIP user: a phone. It belongs to at most one person.
type Account struct {
	Password Secret         `yaml:"password"` // env:NAME, file:PATH, ha1:HEX, or the password itself
	Context  string         `yaml:"context"`  // entry context of its calls; without one its calls are refused
	Name     string         `yaml:"name"`     // display name shown to others
	Number   string         `yaml:"number"`   // number shown to others
	Kind     store.CallKind `yaml:"kind"`     // internal, or customer: which figures its calls belong to; unset is internal
	Contact  netip.AddrPort `yaml:"contact"`  // where a phone is that never registers: UDP, asked by OPTIONS
}

// Trunk is a carrier.
type Trunk struct {
	Match    []netip.Prefix `yaml:"match"`     // source addresses that are this carrier
	Context  string         `yaml:"context"`   // entry context of its calls
	Targets  []string       `yaml:"targets"`   // "sip:host:port;transport=tcp", tried in order
	User     string         `yaml:"user"`      // digest user, both ways
	Password Secret         `yaml:"password"`  //
	Realm    string         `yaml:"realm"`     // whose challenges we answer; unset: the first target's host
	Calls    int            `yaml:"calls"`     // calls at once; 0: no bound
	Dial     []Permission   `yaml:"dial"`      // who may dial what through it; nothing is allowed that no rule allows
	CallerID string         `yaml:"caller_id"` // number shown to the carrier; unset: the caller's own
	Identity bool           `yaml:"identity"`  // trusted with P-Asserted-Identity
	Qualify  time.Duration  `yaml:"qualify"`   // OPTIONS each so often; 0: never
}

// Permission lets calls from a context dial numbers that match a pattern.
type Permission struct {
	From    string `yaml:"from"`    // context
	Pattern string `yaml:"pattern"` // dialplan pattern of the number
	PerDay  int    `yaml:"per_day"` // calls within 24 hours; 0: no bound
}

// Console is the HTTP listener for people and other systems: desks, wallboard, reports, API.
type Console struct {
	Listen       string         `yaml:"listen"`                 // "127.0.0.1:8080"; empty: off
	TLS          TLS            `yaml:"tls"`                    // unset: plain HTTP, for this machine or behind a proxy
	PublicURL    string         `yaml:"public_url"`             // as browsers know it, "https://desk.example.org"; unset: the address it listens on
	Proxies      []netip.Prefix `yaml:"trusted_proxies"`        // whose X-Forwarded-For is believed
	OIDC         OIDC           `yaml:"oidc"`                   // log-in by the company's identity provider
	SessionHours int            `yaml:"session_hours"`          // longest log-in without a new password
	PerSource    int            `yaml:"connections_per_source"` // of one address at once, but for trusted_proxies: a desk holds one to six
}

// TLS is a certificate and its key, PEM files relative to the configuration folder.
type TLS struct {
	Cert string `yaml:"cert"`
	Key  string `yaml:"key"`
}

// OIDC is an identity provider (OpenID Connect): people log in there, `login` in people.yaml names them.
type OIDC struct {
	Issuer       string   `yaml:"issuer"` // unset: off
	ClientID     string   `yaml:"client_id"`
	ClientSecret Secret   `yaml:"client_secret"` // unset: a public client, by PKCE alone
	Scopes       []string `yaml:"scopes"`        // beside openid; unset: email
}

// Prompts says where sound files are looked for before the built-in ones.
type Prompts struct {
	Folder   string `yaml:"folder"`   // relative to the configuration folder: LANG/NAME.wav, music/NAME.wav
	Language string `yaml:"language"` // when the caller's language has none
}

// Recording says how long recordings are kept and who hears them. Whether a conversation is recorded is said by its queue
// (recording: on, announced) or by the dialplan (mix_monitor). Law on recording differs by country.
type Recording struct {
	Retention       time.Duration `yaml:"retention"`         // older sound is deleted; 0s keeps it for ever
	AgentsMayListen bool          `yaml:"agents_may_listen"` // to recordings of their own calls
}

// Audit is the record of who did what in the console and by the API.
type Audit struct {
	Retention time.Duration `yaml:"retention"` // older entries are deleted; 0s keeps them for ever
}

// Log says what is written to the log.
type Log struct {
	Level string `yaml:"level"` // debug | info | warn | error
	JSON  bool   `yaml:"json"`
}

// Webhook is another system that is told what happens.
type Webhook struct {
	Name         string        `yaml:"name"`
	URL          string        `yaml:"url"`
	Secrets      []Secret      `yaml:"secrets"`       // whsec_…; several are valid at once, so that they can be changed
	Events       []string      `yaml:"events"`        // kinds, or subjects with a star; empty: all
	Timeout      time.Duration `yaml:"timeout"`       // of one try
	AllowPrivate bool          `yaml:"allow_private"` // loopback, private and link-local addresses too
}

// CRM is where customers are looked up; without a URL nobody is.
type CRM struct {
	URL          string            `yaml:"url"`           // template: {customer}, {booking}, {language}, {region}, {zone}, {dialled}, {call}
	Headers      map[string]Secret `yaml:"headers"`       // sent along
	Timeout      time.Duration     `yaml:"timeout"`       // of one look-up
	Cache        time.Duration     `yaml:"cache"`         // how long an answer is good
	AllowPrivate bool              `yaml:"allow_private"` // loopback, private and link-local addresses too
}
