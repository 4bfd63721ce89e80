package store

import "time"

// Binding is one contact of one AOR: what REGISTER created, kept across a restart.
type Binding struct {
	AOR        string
	Contact    string // the URI as given, parameters included
	InstanceID string // RFC 5626 +sip.instance, empty where the phone sent none
	RegID      int
	Q          float64
	CallID     string
	CSeq       uint32
	Path       []string // RFC 3327, topmost first
	UserAgent  string
	Transport  string // "udp", "tcp", …
	Received   string // host:port the REGISTER came from
	Local      string // our host:port that received it
	Expires    time.Time
	Updated    time.Time
	Credential time.Time // the moment the app credential ends; zero for phones
	Session    string    // app session that the binding belongs to
}

// AgentSaved is the live state of an agent that survives a restart.
type AgentSaved struct {
	Agent     string
	State     AgentBucket
	Reason    string
	Since     time.Time
	IdleSince time.Time // when she last became free: longest idle counts from here
	Queues    []string  // joined, sorted
	Account   string    // hot desk: the account she took with *47, empty for her own
	AtDesk    bool      // she became ready at a desk in a browser, and is ready only while one is open
	Work      AgentWork
}

// AgentWork is the queue's call that an agent has, or whose wrap-up runs; zero for none.
type AgentWork struct {
	Call     string        `json:"call,omitempty"`
	Queue    string        `json:"queue,omitempty"`
	Until    time.Time     `json:"until,omitzero"`     // end of the wrap-up; zero while they talk
	Extended time.Duration `json:"extended,omitempty"` // of the wrap-up, in all
	Code     string        `json:"code,omitempty"`     // what she said the call was about, so far
	Sub      string        `json:"sub,omitempty"`
}

// ReportMail is what became of a report by mail for one who should have it.
type ReportMail struct {
	Letter  string // the settings of the mail, with this recipient
	To      string
	Report  string    // its kind
	Due     time.Time // the time for which it was tried last
	Tried   time.Time
	Refused string // why the mail server did not take it; empty where it did
	Done    bool   // it left, or never will; else it is tried again
}

// AppSession is a credential that Ringway minted, with the claims signed into it.
type AppSession struct {
	Session, Subject, Domain string
	Key                      string // key id
	Expires                  time.Time
	Claims                   Claims
}

// Claims are what the company's backend says of an app caller; nothing else that a caller sends is trusted.
type Claims struct {
	Customer string        `json:"customer,omitempty"`
	Name     string        `json:"name,omitempty"`
	Language string        `json:"language,omitempty"` // BCP 47
	Region   string        `json:"region,omitempty"`   // ISO 3166
	Zone     string        `json:"zone,omitempty"`     // IANA time zone
	Booking  string        `json:"booking,omitempty"`
	Priority time.Duration `json:"priority,omitempty"` // head start
}
