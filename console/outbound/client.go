package outbound

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

// ErrPrivate means that an address is refused because it is not a public one.
var ErrPrivate = errors.New("the address is private")

// ErrTooLong means that an answer has more bytes than are wanted.
var ErrTooLong = errors.New("the answer is too long")

// Options of a client; the zero value works.
type Options struct {
	AllowPrivate bool // loopback, private and link-local addresses too
	Conns        int  // to one host at once; 0: 8
}

// Bounds of one connection. How long a whole request may take is its context's business.
const (
	dialTime  = 5 * time.Second
	idleTime  = 30 * time.Second
	maxHeader = 32 << 10
)

// NewClient makes a client. It takes no proxy from the environment: a proxy would resolve names where nobody checks them.
func NewClient(o Options) *http.Client {
	if o.Conns <= 0 {
		o.Conns = 8
	}
	dialer := &net.Dialer{Timeout: dialTime}
	if !o.AllowPrivate {
		dialer.ControlContext = refusePrivate
	}
	return &http.Client{
		Transport: &http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: dialTime, ForceAttemptHTTP2: true,
			MaxConnsPerHost: o.Conns, MaxIdleConnsPerHost: o.Conns, MaxIdleConns: o.Conns, IdleConnTimeout: idleTime,
			MaxResponseHeaderBytes: maxHeader, DisableCompression: true}, // a small answer can't grow on the way
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// refusePrivate sees each address right before it is connected to.
func refusePrivate(_ context.Context, _, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !Public(at.Addr()) {
		return fmt.Errorf("%w: %s", ErrPrivate, address)
	}
	return nil
}

// Body reads an answer of at most so many bytes, and closes it.
func Body(r *http.Response, most int64) ([]byte, error) {
	defer r.Body.Close()
	text, err := io.ReadAll(io.LimitReader(r.Body, most+1))
	if err == nil && int64(len(text)) > most {
		return nil, ErrTooLong
	}
	return text, err
}

// CheckURL says what is wrong with an address that requests should go to, as far as it can be told without asking DNS.
func CheckURL(text string, allowPrivate bool) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return nil, errors.New("it is no URL")
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, errors.New("it begins neither with https:// nor http://")
	case u.Hostname() == "":
		return nil, errors.New("it names no host")
	case u.User != nil:
		return nil, errors.New("a user and password don't belong into it")
	case u.Fragment != "":
		return nil, errors.New("what follows # never reaches a server")
	}
	if a, err := netip.ParseAddr(u.Hostname()); err == nil && !allowPrivate && !Public(a) {
		return nil, fmt.Errorf("%w: %s", ErrPrivate, a)
	}
	return u, nil
}
