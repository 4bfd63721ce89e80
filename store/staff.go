package store

import "time"

// StaffLogin is how one person logs in. The roster is people.yaml; passwords are here.
type StaffLogin struct {
	Person   string
	Password string    // argon2id in PHC form, empty where none is set
	TOTP     string    // secret of the second factor in base32, empty where there is none
	Pending  string    // secret that is shown and not yet confirmed by a code
	Step     int64     // time step of the code used last: none is good twice
	Changed  time.Time // the password
}

// PasswordChange puts a password in the place of another. All log-ins of the person end with it, but one.
type PasswordChange struct {
	Person   string
	Old, New string // as they are kept; Old is empty where there is none yet
	Keep     string // the log-in that goes on: who changes it is there
	At       time.Time
}

// StaffSession is one log-in of a browser. The token itself is not kept.
type StaffSession struct {
	ID      string // hash of the token
	Person  string
	CSRF    string
	Source  string // address that it came from
	Agent   string // browser, capped
	Created time.Time
	Seen    time.Time // within some minutes
	Expires time.Time
}

// APIKey is a machine's key. The secret itself is not kept.
type APIKey struct {
	ID, Name string
	Hash     string // of the secret
	Scopes   []string
	By       string // who made it
	Created  time.Time
	Used     time.Time // within some minutes; zero: never
	Expires  time.Time // zero: never
}

// Invitation lets somebody set a password once.
type Invitation struct {
	Hash    string // of the token
	Person  string // empty in the one of the first start: any administrator
	Kind    string // InviteSetup or InvitePerson
	By      string
	Expires time.Time
}

// Kinds of invitation.
const (
	InviteSetup  = "setup"
	InvitePerson = "person"
)

// AuditEntry is one thing that somebody did by the console.
type AuditEntry struct {
	ID     int64 // rises
	At     time.Time
	Who    string // a person, or key:ID
	Source string // address
	Action string // identifier of the operation
	Target string // path that was asked for
	Status int    // HTTP status of the answer
	Detail string
}

// AuditQuery selects entries, newest first. Empty fields select all.
type AuditQuery struct {
	Who, Action string
	From, To    time.Time
	Before      int64 // entries older than this one: the last of the page before
	Limit       int   // 0 means 100; at most 1,000
}

// Idempotent is the answer to a request that named a key, for those who send it again.
type Idempotent struct {
	Who, Key string
	Request  string // hash of method, path and body
	Status   int    // 0 while it is being answered
	Type     string // media type of the answer
	Tag      string // its ETag
	Answer   []byte
	At       time.Time
}

// IdempotentFor is how long an answer is kept for those who ask again.
const IdempotentFor = 24 * time.Hour
