package phone

import (
	"errors"
	"log/slog"
	"net/netip"
	"time"

	"ringway/codecs"
)

// Errors of a phone.
var (
	ErrClosed = errors.New("phone is closed")
	ErrBusy   = errors.New("phone has too much to do") // its mailbox is full
)

// Options configure a Phone. Server, User and Domain are required; the zero value of every other field works.
type Options struct {
	Server   netip.AddrPort // where all requests go, whatever their domain
	TCP      bool           // instead of UDP
	Local    netip.AddrPort // where to listen; zero is a free port, on loopback where the server is there
	User     string         // address of record: sip:User@Domain
	Domain   string
	Name     string // display name
	AuthUser string // digest user; "" is User
	Password string
	Agent    string        // User-Agent and Server; "" leaves them out
	Codecs   *codecs.Set   // what calls may use where their Media do not say; an offer without any is refused with 488
	Expires  time.Duration // asked life of the registration, 10 min

	// Incoming is told of each call that comes in, before anything but 100 was sent. It runs on the phone's goroutine and
	// returns at once; it sets Call.Notify and may Ring, Answer or Reject, now or later. Without it calls get 480.
	Incoming func(*Call)

	Log *slog.Logger     // nil discards
	Now func() time.Time // nil is time.Now
}

func (o Options) withDefaults() Options {
	if o.AuthUser == "" {
		o.AuthUser = o.User
	}
	if o.Expires <= 0 {
		o.Expires = 10 * time.Minute
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if !o.Local.IsValid() {
		o.Local = netip.AddrPortFrom(localFor(o.Server.Addr()), 0)
	}
	return o
}

// localFor is where to listen for a server: loopback where it is on this machine, else everywhere.
func localFor(server netip.Addr) netip.Addr {
	switch v4 := server.Unmap().Is4(); {
	case server.IsLoopback():
		return server.Unmap()
	case v4:
		return netip.IPv4Unspecified()
	}
	return netip.IPv6Unspecified()
}

// Media is the phone's side of a session description.
type Media struct {
	Local  netip.AddrPort // where RTP is received, as the far end shall see it
	Codecs *codecs.Set    // most wanted first; nil is Options.Codecs
	PTime  time.Duration  // 0 is 20 ms, or what the far end asks
}
