package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// An app caller's credential is its digest user name and password; the company's backend makes both without asking us:
//
//	user name   kid . expiry . subject . session          each part [A-Za-z0-9_-]+, 128 bytes in all
//	             │      │         │         └ the log-in of the app it belongs to
//	             │      │         └ who the customer is: the AOR is sip:subject@app-domain
//	             │      └ Unix seconds
//	             └ which key signed
//	password    base64url(HMAC-SHA-256(key, user name)), without padding
const maxUserName = 128

// ErrUserName is returned for what is no credential's user name.
var ErrUserName = errors.New("not a credential's user name: kid.expiry.subject.session")

// UserName are the parts of an app caller's digest user name.
type UserName struct {
	Key, Subject, Session string
	Expires               time.Time // whole seconds
}

// ParseUserName reads a digest user name of four parts.
func ParseUserName(s string) (UserName, error) {
	if len(s) > maxUserName {
		return UserName{}, ErrUserName
	}
	var part [4]string
	rest := s
	for i := range part {
		var more bool
		part[i], rest, more = strings.Cut(rest, ".")
		if more != (i < 3) || !plainPart(part[i]) {
			return UserName{}, ErrUserName
		}
	}
	seconds, err := strconv.ParseInt(part[1], 10, 64)
	if err != nil || seconds < 0 || part[1] != strconv.FormatInt(seconds, 10) {
		return UserName{}, ErrUserName
	}
	return UserName{Key: part[0], Expires: time.Unix(seconds, 0), Subject: part[2], Session: part[3]}, nil
}

// String writes the user name.
func (u UserName) String() string {
	return u.Key + "." + strconv.FormatInt(u.Expires.Unix(), 10) + "." + u.Subject + "." + u.Session
}

// Mint makes the credential of an app caller: the digest user name and its password. It fails when a part holds other
// characters than [A-Za-z0-9_-], or the whole is too long.
func Mint(key Key, u UserName) (user, password string, err error) {
	u.Key = key.ID
	user = u.String()
	if _, err := ParseUserName(user); err != nil {
		return "", "", fmt.Errorf("mint for subject %q, session %q, key %q: %w", u.Subject, u.Session, u.Key, err)
	}
	if len(key.Secret) == 0 {
		return "", "", fmt.Errorf("key %q has no secret", key.ID)
	}
	return user, password64(key.Secret, user), nil
}

func password64(secret []byte, user string) string {
	m := hmac.New(sha256.New, secret)
	m.Write([]byte(user))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

func plainPart(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' && c != '-' {
			return false
		}
	}
	return s != ""
}
