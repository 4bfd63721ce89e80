package hooks

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"
)

// Secret is a key that messages are signed with.
type Secret []byte

const secretPrefix = "whsec_"

// ErrSecret says what a secret looks like.
var ErrSecret = errors.New("a webhook's secret is whsec_ and then 24 to 64 bytes in base64")

// ParseSecret reads a secret in the form of Standard Webhooks.
func ParseSecret(text string) (Secret, error) {
	code, ok := strings.CutPrefix(text, secretPrefix)
	key, err := base64.StdEncoding.DecodeString(code)
	if !ok || err != nil || len(key) < 24 || len(key) > 64 {
		return nil, ErrSecret
	}
	return key, nil
}

// sign makes the three headers of a message:
//
//	webhook-id: boot-17                          the same each time that it is tried
//	webhook-timestamp: 1772442000                of this try
//	webhook-signature: v1,BASE64 v1,BASE64       HMAC-SHA256 over id.timestamp.body, one per valid secret
func sign(secrets []Secret, id string, at time.Time, body string) map[string]string {
	stamp := strconv.FormatInt(at.Unix(), 10)
	var signatures []string
	for _, s := range secrets {
		m := hmac.New(sha256.New, s)
		m.Write([]byte(id + "." + stamp + "." + body))
		signatures = append(signatures, "v1,"+base64.StdEncoding.EncodeToString(m.Sum(nil)))
	}
	return map[string]string{"webhook-id": id, "webhook-timestamp": stamp, "webhook-signature": strings.Join(signatures, " ")}
}
