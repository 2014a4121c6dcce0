package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"parley/store"
)

// Prefixes tell a token from a ticket, for people and for secret scanners.
const (
	tokenPrefix  = "pt_"
	ticketPrefix = "tk_"
	secretBytes  = 32 // 256 bits, so that one SHA-256 without salt protects it
)

// newSecret returns a fresh secret for the client and its hash for the store.
func newSecret(prefix string) (secret string, hash store.Hash) {
	b := make([]byte, secretBytes)
	_, _ = rand.Read(b) // never fails: crypto/rand.Read ends the process instead
	secret = prefix + base64.RawURLEncoding.EncodeToString(b)
	return secret, sha256.Sum256([]byte(secret))
}

// hashSecret returns the stored form of a client's secret, and false for
// anything that newSecret cannot have made.
func hashSecret(prefix, secret string) (store.Hash, bool) {
	rest, ok := strings.CutPrefix(secret, prefix)
	if !ok || len(rest) != base64.RawURLEncoding.EncodedLen(secretBytes) {
		return store.Hash{}, false
	}
	var text [64]byte // longer than any secret, and on the stack
	return sha256.Sum256(text[:copy(text[:], secret)]), true
}
