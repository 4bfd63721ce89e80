package auth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"hash"
	"sync"
	"time"
)

// A nonce carries its own proof, so that a challenge costs no memory:
//
//	 0               8              16                              32 bytes, base64url
//	┌───────────────┬───────────────┬───────────────────────────────┐
//	│ issued, ns    │ random        │ HMAC-SHA-256(key,             │
//	│ since start   │               │   realm 0x00 issued random)   │ first 16 bytes
//	└───────────────┴───────────────┴───────────────────────────────┘
//
// The time counts from the start of the process on its own clock, so that a jump of the wall clock makes no nonce stale;
// the key is made at the start too, so nonces of an earlier run are stale, and a phone just computes again.
const (
	nonceSize = 32
	nonceID   = 16 // bytes that tell nonces apart
)

type nonceIssuer struct {
	key   [32]byte
	base  time.Time
	macs  sync.Pool // of *nonceMAC
	clock func() time.Time
}

// nonceMAC is a keyed hash with room for its result, so that a nonce allocates nothing but its text.
type nonceMAC struct {
	h   hash.Hash
	in  [nonceID]byte
	sum [sha256.Size]byte
}

func newNonceIssuer(now func() time.Time) *nonceIssuer {
	n := &nonceIssuer{base: now(), clock: now}
	rand.Read(n.key[:]) // never fails: the runtime ends the process instead
	n.macs.New = func() any { return &nonceMAC{h: hmac.New(sha256.New, n.key[:])} }
	return n
}

// issue makes a nonce for a realm.
func (n *nonceIssuer) issue(realm string, now time.Time) string {
	var b [nonceSize]byte
	binary.BigEndian.PutUint64(b[:], uint64(max(now.Sub(n.base), 0)))
	rand.Read(b[8:nonceID])
	n.seal(&b, realm, b[nonceID:])
	var text [43]byte
	base64.RawURLEncoding.Encode(text[:], b[:])
	return string(text[:])
}

// seal writes the proof for the first half of b to out.
func (n *nonceIssuer) seal(b *[nonceSize]byte, realm string, out []byte) {
	m := n.macs.Get().(*nonceMAC)
	m.h.Reset()
	copy(m.in[:], b[:nonceID])
	m.h.Write([]byte(realm))
	m.h.Write([]byte{0})
	m.h.Write(m.in[:])
	copy(out, m.h.Sum(m.sum[:0]))
	n.macs.Put(m)
}

// open checks a nonce's proof and returns what tells it apart and its age; false for one that is not ours.
func (n *nonceIssuer) open(realm, text string, now time.Time) (id [nonceID]byte, issued time.Duration, ok bool) {
	var b [nonceSize]byte
	if len(text) != base64.RawURLEncoding.EncodedLen(nonceSize) {
		return id, 0, false
	}
	if k, err := base64.RawURLEncoding.Strict().Decode(b[:], []byte(text)); err != nil || k != nonceSize {
		return id, 0, false
	}
	var proof [nonceSize - nonceID]byte
	n.seal(&b, realm, proof[:])
	if subtle.ConstantTimeCompare(proof[:], b[nonceID:]) != 1 {
		return id, 0, false
	}
	copy(id[:], b[:])
	return id, time.Duration(binary.BigEndian.Uint64(b[:])), true
}
