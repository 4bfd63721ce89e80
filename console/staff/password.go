package staff

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// What one check of a password costs: 19 MiB and two passes, as OWASP advises where several may be checked at once. A hash
// names its own, so they can be raised.
const (
	argonMemory = 19 << 10 // KiB
	argonTime   = 2
	argonLanes  = 1
	saltSize    = 16
	hashSize    = 32

	maxArgonMemory = 256 << 10 // a hash that asks for more is not one of ours
	maxArgonTime   = 16
)

// Bounds of a password.
const (
	minPassword = 10  // characters
	maxPassword = 256 // bytes
)

// ErrWeak says why a password is not taken.
var ErrWeak = errors.New("choose another password")

// CheckPassword tells why a new password is not taken; nil where it is. Length is what counts.
func CheckPassword(password string, p Person) error {
	low := strings.ToLower(password)
	switch {
	case utf8.RuneCountInString(password) < minPassword:
		return fmt.Errorf("%w: it needs %d characters", ErrWeak, minPassword)
	case len(password) > maxPassword:
		return fmt.Errorf("%w: it has more than %d bytes", ErrWeak, maxPassword)
	case !utf8.ValidString(password):
		return fmt.Errorf("%w: it is no text", ErrWeak)
	case strings.Count(low, low[:1]) == len(low):
		return fmt.Errorf("%w: it is one character again and again", ErrWeak)
	case low == strings.ToLower(p.Login), low == strings.ToLower(p.Name), low == strings.ToLower(p.ID):
		return fmt.Errorf("%w: it is who you are", ErrWeak)
	}
	return nil
}

// HashPassword is the argon2id hash of a password in PHC form.
func HashPassword(password string) string {
	salt := make([]byte, saltSize)
	rand.Read(salt) //nolint:errcheck // it never fails
	return phc(salt, argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonLanes, hashSize))
}

// hashOfNobody has the form of a hash and takes as long to check, but is made of chance: no password is known to lead to it.
// Making it takes none of the memory that hashing takes.
func hashOfNobody() string {
	salt, sum := make([]byte, saltSize), make([]byte, hashSize)
	rand.Read(salt) //nolint:errcheck // it never fails
	rand.Read(sum)  //nolint:errcheck // it never fails
	return phc(salt, sum)
}

func phc(salt, sum []byte) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonLanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(sum))
}

// VerifyPassword tells whether a password is the one behind a hash. What is no hash is nobody's.
func VerifyPassword(hash, password string) bool {
	var version int
	var memory, time uint32
	var lanes uint8
	part := strings.Split(hash, "$")
	if len(part) != 6 || part[1] != "argon2id" {
		return false
	}
	if _, err := fmt.Sscanf(part[2], "v=%d", &version); err != nil || version != argon2.Version {
		return false
	}
	if _, err := fmt.Sscanf(part[3], "m=%d,t=%d,p=%d", &memory, &time, &lanes); err != nil {
		return false
	}
	salt, errSalt := base64.RawStdEncoding.DecodeString(part[4])
	want, errSum := base64.RawStdEncoding.DecodeString(part[5])
	if errSalt != nil || errSum != nil || len(want) == 0 || len(want) > 128 || memory > maxArgonMemory || time == 0 || time > maxArgonTime || lanes == 0 {
		return false
	}
	got := argon2.IDKey([]byte(password), salt, time, memory, lanes, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1
}
