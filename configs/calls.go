package configs

import (
	"net/url"
	"strings"
)

// Calls configures call rooms.
type Calls struct {
	MaxParticipants int `mapstructure:"max_participants" about:"Peers in one call, each of which sends to every other; 0: no limit."`
}

// TURN lists the servers that help peers find a way to each other.
type TURN struct {
	ICEServers []ICEServer `mapstructure:"ice_servers" secret:"true" about:"STUN and TURN servers given to browsers, each {urls, username, credential}; in the environment as JSON."`
}

// ICEServer is one STUN or TURN server with one or more addresses.
type ICEServer struct {
	URLs       []string `mapstructure:"urls" yaml:"urls,flow" json:"urls"`
	Username   string   `mapstructure:"username" yaml:"username,omitempty" json:"username"`
	Credential string   `mapstructure:"credential" yaml:"credential,omitempty" json:"credential"`
}

func defaultCalls() Calls {
	return Calls{MaxParticipants: 8} // a mesh: eight peers already upload seven videos each
}

func defaultTURN() TURN {
	return TURN{ICEServers: []ICEServer{}}
}

func (c Calls) validate(bad report) {
	wantIntOrOff(bad, "calls.max_participants", c.MaxParticipants, 2, 1000)
}

func (t TURN) validate(bad report) {
	for _, server := range t.ICEServers {
		if len(server.URLs) == 0 {
			bad("turn.ice_servers", "want urls in each server")
		}
		for _, u := range server.URLs {
			if !isICEURL(u) {
				bad("turn.ice_servers", "want urls such as stun:HOST:PORT or turn:HOST:PORT?transport=udp, got "+quote(u))
			}
			if strings.HasPrefix(u, "turn") && (server.Username == "" || server.Credential == "") {
				bad("turn.ice_servers", "want username and credential with "+quote(u))
			}
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
