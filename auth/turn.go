package auth

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // what TURN servers compute; HMAC does not rest on SHA-1's collisions
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/protocol"
)

// TURNConfig is the servers that help peers find a way to each other.
type TURNConfig struct {
	Servers []protocol.ICEServer
	// Secret is shared with the TURN servers; "": credentials are as in Servers.
	Secret string
	// TTL is how long credentials made with Secret are good for.
	TTL time.Duration
	// Now is the clock; nil: time.Now.
	Now func() time.Time
}

// TURN gives users the ICE servers to use. TURN servers that have no credentials
// of their own get some that end with time (draft-uberti-behave-turn-rest-00, as
// coturn's use-auth-secret takes them): nothing is stored, and each node makes the
// same. It may be used from any goroutine, and does not block.
type TURN struct {
	cfg   TURNConfig
	timed []int // of cfg.Servers: those that get credentials
}

// NewTURN makes a TURN.
func NewTURN(cfg TURNConfig) *TURN {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	t := &TURN{cfg: cfg}
	for i, s := range cfg.Servers {
		if cfg.Secret != "" && s.Username == "" && s.Credential == "" && slices.ContainsFunc(s.URLs, isTURN) {
			t.timed = append(t.timed, i)
		}
	}
	return t
}

// isTURN tells turn: and turns: (RFC 7065) from stun: (RFC 7064), which takes no
// credentials.
func isTURN(url string) bool {
	return strings.HasPrefix(url, "turn:") || strings.HasPrefix(url, "turns:")
}

// ICEServers are those for a user, from now until ExpiresAt. They must not be
// changed.
func (t *TURN) ICEServers(userID int64) protocol.ICEServers {
	if len(t.timed) == 0 {
		return protocol.ICEServers{ICEServers: t.cfg.Servers}
	}
	expires := t.cfg.Now().Add(t.cfg.TTL).Truncate(time.Second) // whole ones are what the username says
	username := strconv.FormatInt(expires.Unix(), 10) + ":" + strconv.FormatInt(userID, 10)
	mac := hmac.New(sha1.New, []byte(t.cfg.Secret))
	mac.Write([]byte(username))
	password := base64.StdEncoding.EncodeToString(mac.Sum(nil))

	servers := slices.Clone(t.cfg.Servers)
	for _, i := range t.timed {
		servers[i].Username, servers[i].Credential = username, password
	}
	at := protocol.At(expires)
	return protocol.ICEServers{ICEServers: servers, ExpiresAt: &at}
}
