package auth

import (
	"errors"
	"fmt"
	"strings"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
	"github.com/golang-jwt/jwt/v5"

	"ringway/store"
)

// ClaimsHeader carries a compact JWS (RFC 7515, HS256) with what the backend says of an app caller, signed with the key of
// the credential.
//
//	X-Ringway-Claims: {"alg":"HS256","kid":"k1"} . {"sub":"c-81","sid":"s-9", "customer":…, "language":"zh-TW", …} . HMAC
const ClaimsHeader = "X-Ringway-Claims"

// ownPrefix begins the names of headers that only we may add.
const ownPrefix = "x-ringway-"

// maxClaims bounds the header's length.
const maxClaims = 4096

// ErrClaims is returned for claims that are forged, out of time, or contradict the credential or its session: 403.
var ErrClaims = errors.New("claims refused")

// token is the payload of the JWS.
type token struct {
	jwt.RegisteredClaims
	Session  string  `json:"sid"`
	Customer string  `json:"customer,omitempty"`
	Name     string  `json:"name,omitempty"`
	Language string  `json:"language,omitempty"`
	Region   string  `json:"region,omitempty"`
	Zone     string  `json:"zone,omitempty"`
	Booking  string  `json:"booking,omitempty"`
	Priority float64 `json:"priority,omitempty"` // head start in seconds
}

// maxPriority is the largest head start that claims may give.
const maxPriority = 24 * time.Hour

// SignClaims makes the value of a ClaimsHeader for a credential.
func SignClaims(key Key, u UserName, c store.Claims) (string, error) {
	t := jwt.NewWithClaims(jwt.SigningMethodHS256, token{
		RegisteredClaims: jwt.RegisteredClaims{Subject: u.Subject}, Session: u.Session,
		Customer: c.Customer, Name: c.Name, Language: c.Language, Region: c.Region, Zone: c.Zone, Booking: c.Booking,
		Priority: c.Priority.Seconds(),
	})
	t.Header["kid"] = key.ID
	return t.SignedString(key.Secret)
}

// readClaims checks a JWS against the credential that came with it.
func readClaims(text string, app *App, u UserName, now time.Time) (store.Claims, error) {
	secret, ok := app.key(u.Key)
	if !ok || len(text) > maxClaims {
		return store.Claims{}, ErrClaims
	}
	var t token
	_, err := jwt.ParseWithClaims(text, &t, func(j *jwt.Token) (any, error) {
		if kid, _ := j.Header["kid"].(string); kid != u.Key {
			return nil, fmt.Errorf("%w: signed with another key", ErrClaims)
		}
		return secret, nil
	}, jwt.WithValidMethods([]string{"HS256"}), jwt.WithTimeFunc(func() time.Time { return now }), jwt.WithStrictDecoding())
	switch {
	case err != nil:
		return store.Claims{}, fmt.Errorf("%w: %w", ErrClaims, err)
	case t.Subject != u.Subject || t.Session != u.Session:
		return store.Claims{}, fmt.Errorf("%w: of another subject or session", ErrClaims)
	case !(t.Priority >= 0 && t.Priority <= maxPriority.Seconds()):
		return store.Claims{}, fmt.Errorf("%w: priority out of range", ErrClaims)
	}
	return store.Claims{
		Customer: t.Customer, Name: t.Name, Language: t.Language, Region: t.Region, Zone: t.Zone, Booking: t.Booking,
		Priority: time.Duration(t.Priority * float64(time.Second)),
	}, nil
}

// claims returns what is known of an app caller: of the stored session, else of the header. Both must agree.
func (s *Server) claims(req *sipmsg.Request, app *App, u UserName, now time.Time) (c store.Claims, known bool, err error) {
	if s.o.Sessions != nil {
		if kept, ok := s.o.Sessions.Session(u.Session); ok {
			if kept.Subject != u.Subject || kept.Domain != app.Domain {
				return c, false, fmt.Errorf("%w: session of another subject", ErrClaims)
			}
			c, known = kept.Claims, true
		}
	}
	hs := req.GetHeaders(ClaimsHeader)
	switch {
	case len(hs) > 1:
		return c, false, fmt.Errorf("%w: more than one header", ErrClaims)
	case len(hs) == 0:
		return c, known, nil
	}
	sent, err := readClaims(hs[0].Value(), app, u, now)
	if err != nil {
		return c, false, err
	}
	if known && sent != c {
		return c, false, fmt.Errorf("%w: they contradict the session's", ErrClaims)
	}
	return sent, true, nil
}

// Strip removes every header that only we may add, so that nothing of it reaches another leg.
func Strip(req *sipmsg.Request) {
	var names []string
	for _, h := range req.Headers() {
		if n := h.Name(); len(n) >= len(ownPrefix) && strings.EqualFold(n[:len(ownPrefix)], ownPrefix) {
			names = append(names, n)
		}
	}
	for _, n := range names {
		req.RemoveHeader(n)
	}
}
