package console

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
)

// sealer gives a browser something of ours to keep, which it can neither read nor change:
//
//	base64url( nonce (12 bytes) | AES-256-GCM(JSON, purpose) )
//
// Its key is random and lives as long as the process: what was sealed before a restart is void.
type sealer struct {
	box     cipher.AEAD
	purpose []byte // what was sealed for one can't be opened as another
}

// newSealer makes a sealer with a key of its own.
func newSealer(purpose string) *sealer {
	key := make([]byte, 32)
	rand.Read(key) //nolint:errcheck // it never fails
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // of a key of 32 bytes it can't be
	}
	box, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err)
	}
	return &sealer{box, []byte(purpose)}
}

// seal makes a text of v that fits into a cookie.
func (s *sealer) seal(v any) (string, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(s.box.Seal(nil, nil, text, s.purpose)), nil
}

// open reads what seal made; false for anything else.
func (s *sealer) open(sealed string, v any) bool {
	closed, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return false
	}
	text, err := s.box.Open(nil, nil, closed, s.purpose)
	return err == nil && json.Unmarshal(text, v) == nil
}
