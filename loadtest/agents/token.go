package agents

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net/http"
	"os"
	"strings"
)

// leastToken is how many characters a token must have, so that it cannot be guessed.
const leastToken = 16

// ReadToken reads the token that coordinator and agents share, from a file that has
// nothing else in it.
func ReadToken(path string) (string, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("agents: token: %w", err)
	}
	token := strings.TrimSpace(string(b))
	if len(token) < leastToken || strings.ContainsAny(token, " \t\r\n") {
		return "", fmt.Errorf("agents: token: want one of %d characters or more in %s, and nothing else", leastToken, path)
	}
	return token, nil
}

// allowed compares in a time that says nothing of the token.
func allowed(r *http.Request, token string) bool {
	shown, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	a, b := sha256.Sum256([]byte(shown)), sha256.Sum256([]byte(token))
	return ok && subtle.ConstantTimeCompare(a[:], b[:]) == 1
}
