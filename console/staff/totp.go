package staff

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Codes of the second factor, as authenticator apps make them (RFC 6238, with the numbers that all of them take):
//
//	T = unix time / 30 s        HS = HMAC-SHA-1(secret, T as 8 bytes)
//	offset = low 4 bits of the last byte of HS
//	code = (the 31 low bits of HS[offset … offset+3]) mod 10^6
const (
	codeStep   = 30 * time.Second
	codeDigits = 6
	codeSlack  = 1 // steps that a phone's clock may be off, either way (§5.2)
)

var base32Plain = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewTOTP makes a secret of 160 bits (RFC 4226 §4 R6), in base32.
func NewTOTP() string {
	secret := make([]byte, 20)
	rand.Read(secret) //nolint:errcheck // it never fails
	return base32Plain.EncodeToString(secret)
}

// TOTPAddress is what a QR code for an authenticator app holds.
func TOTPAddress(secret, issuer, account string) string {
	q := url.Values{"secret": {secret}, "issuer": {issuer}, "algorithm": {"SHA1"}, "digits": {fmt.Sprint(codeDigits)}, "period": {"30"}}
	return "otpauth://totp/" + url.PathEscape(issuer+":"+account) + "?" + strings.ReplaceAll(q.Encode(), "+", "%20")
}

// codeAt is the code of one time step; empty where the secret is none.
func codeAt(secret string, step int64) string {
	key, err := base32Plain.DecodeString(strings.ToUpper(strings.ReplaceAll(secret, " ", "")))
	if err != nil || len(key) == 0 {
		return ""
	}
	m := hmac.New(sha1.New, key)
	m.Write(binary.BigEndian.AppendUint64(nil, uint64(step)))
	sum := m.Sum(nil)
	at := sum[len(sum)-1] & 0x0f
	return fmt.Sprintf("%0*d", codeDigits, (binary.BigEndian.Uint32(sum[at:])&0x7fffffff)%1_000_000)
}

// matchCode finds the time step whose code it is, among those about now and after the last one used: a code is good once.
func matchCode(secret, code string, now time.Time, last int64) (step int64, ok bool) {
	code = strings.ReplaceAll(code, " ", "")
	middle := now.Unix() / int64(codeStep/time.Second)
	for s := middle - codeSlack; s <= middle+codeSlack; s++ {
		want := codeAt(secret, s)
		if s > last && want != "" && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			step, ok = s, true
		}
	}
	return step, ok
}
