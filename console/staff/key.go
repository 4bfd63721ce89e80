package staff

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"ringway/store"
)

// Keys of machines read rw_KEYID_SECRET: the id finds the row, the secret is kept as a hash only.
const keyPrefix = "rw_"

// ErrScope says that a key can't be made.
var ErrScope = errors.New("no such scope")

// NewKey makes a key. The text is told once.
func (g *Guard) NewKey(ctx context.Context, name string, scopes []Scope, life time.Duration) (text string, k store.APIKey, err error) {
	now := g.o.Now()
	k = store.APIKey{ID: strings.ToLower(rand.Text()[:10]), Name: name, By: From(ctx).Who(), Created: now}
	for _, s := range scopes {
		if !slices.Contains(Scopes, s) {
			return "", k, fmt.Errorf("%w: %q", ErrScope, s)
		}
		if !slices.Contains(k.Scopes, string(s)) {
			k.Scopes = append(k.Scopes, string(s))
		}
	}
	if life > 0 {
		k.Expires = now.Add(life)
	}
	secret := strings.ToLower(rand.Text() + rand.Text()[:6])
	k.Hash = hashOf(secret)
	return keyPrefix + k.ID + "_" + secret, k, g.o.Store.PutAPIKey(ctx, k)
}

// Key is whose key it is: nobody where it is none.
func (g *Guard) Key(ctx context.Context, text string) (Identity, error) {
	rest, ok := strings.CutPrefix(text, keyPrefix)
	id, secret, two := strings.Cut(rest, "_")
	if !ok || !two || len(text) > 100 {
		return Identity{}, nil
	}
	now := g.o.Now()
	k, err := g.o.Store.APIKey(ctx, id)
	if err != nil || subtle.ConstantTimeCompare([]byte(k.Hash), []byte(hashOf(secret))) != 1 || !k.Expires.IsZero() && !k.Expires.After(now) {
		return Identity{}, err
	}
	if now.Sub(k.Used) > touchEvery {
		if err := g.o.Store.TouchAPIKey(ctx, k.ID, now); err != nil {
			g.o.Log.Warn("not kept that a key was in use", "err", err)
		}
	}
	who := Identity{Name: k.Name, Key: k.ID}
	for _, s := range k.Scopes {
		who.Scopes = append(who.Scopes, Scope(s))
	}
	return who, nil
}

// Keys lists all keys, without their secrets.
func (g *Guard) Keys(ctx context.Context) ([]store.APIKey, error) { return g.o.Store.APIKeys(ctx) }

// DropKey deletes a key; false where there was none.
func (g *Guard) DropKey(ctx context.Context, id string) (bool, error) {
	return g.o.Store.DropAPIKey(ctx, id)
}
