package configs

import (
	"net/url"
	"strings"
	"time"
)

// TURN lists the servers that help peers find a way to each other.
type TURN struct {
	ICEServers []ICEServer   `mapstructure:"ice_servers" secret:"true" about:"STUN and TURN servers given to browsers, each {urls, username, credential}; in the environment as JSON."`
	Secret     string        `mapstructure:"secret" secret:"true" about:"Shared with the TURN servers (coturn: static-auth-secret): those of turn.ice_servers without a credential get one for each user, which ends with time."`
	TTL        time.Duration `mapstructure:"ttl" about:"Life of such a credential; browsers in a call get new ones at half of it."`
}

// ICEServer is one STUN or TURN server with one or more addresses.
type ICEServer struct {
	URLs       []string `mapstructure:"urls" yaml:"urls,flow" json:"urls"`
	Username   string   `mapstructure:"username" yaml:"username,omitempty" json:"username"`
	Credential string   `mapstructure:"credential" yaml:"credential,omitempty" json:"credential"`
}

func defaultTURN() TURN {
	return TURN{
		ICEServers: []ICEServer{},
		TTL:        12 * time.Hour, // longer than calls: few are ever told of new ones
	}
}

func (t TURN) validate(bad report) {
	for _, server := range t.ICEServers {
		server.validate(bad, t.Secret != "")
	}
	if strings.ContainsFunc(t.Secret, func(r rune) bool { return r <= ' ' || r > '~' }) {
		bad("turn.secret", "want visible ASCII characters only, no spaces or line ends")
	}
	// At most a month: who has left should not use the relays for much longer.
	wantTime(bad, "turn.ttl", t.TTL, time.Minute, 30*24*time.Hour)
}

func (s ICEServer) validate(bad report, timed bool) {
	if len(s.URLs) == 0 {
		bad("turn.ice_servers", "want urls in each server")
	}
	timed = timed && s.Username == "" && s.Credential == ""
	for _, u := range s.URLs {
		if !isICEURL(u) {
			bad("turn.ice_servers", "want urls such as stun:HOST:PORT or turn:HOST:PORT?transport=udp, got "+quote(u))
		}
		if strings.HasPrefix(u, "turn") && !timed && (s.Username == "" || s.Credential == "") {
			bad("turn.ice_servers", "want username and credential with "+quote(u)+", or neither and turn.secret")
		}
	}
}

// isICEURL accepts the schemes of RFC 7064 (STUN) and RFC 7065 (TURN).
func isICEURL(s string) bool {
	scheme, rest, ok := strings.Cut(s, ":")
	address, query, asked := strings.Cut(rest, "?")
	if !ok || address == "" {
		return false
	}
	switch scheme {
	case "stun", "stuns":
		if asked {
			return false
		}
	case "turn", "turns":
		if asked && query != "transport=udp" && query != "transport=tcp" {
			return false
		}
	default:
		return false
	}
	u, err := url.Parse("ice://" + address)
	return err == nil && u.Hostname() != "" && u.User == nil && u.Path == ""
}
