package configs

import (
	"net/url"
	"strings"
)

// Store says where users, rooms and messages are kept.
type Store struct {
	DSN string `mapstructure:"dsn" secret:"true" about:"Where users, rooms and messages are kept: sqlite:PATH. The form postgres://USER:PASSWORD@HOST/DATABASE is reserved; this version cannot serve it."`
}

// Cluster says how this node finds the others.
type Cluster struct {
	RedisURL string `mapstructure:"redis_url" secret:"true" about:"Redis that joins nodes into one, redis://HOST:PORT or rediss://…; empty: this node alone, which is all that this version can serve."`
}

func defaultStore() Store {
	return Store{DSN: "sqlite:data/parley.db"}
}

func (s Store) validate(bad report) {
	path, sqlite := strings.CutPrefix(s.DSN, "sqlite:")
	if sqlite && path != "" {
		return
	}
	if sqlite || !isURL(s.DSN, "postgres", "postgresql") {
		bad("store.dsn", "want sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE")
	}
}

func (c Cluster) validate(bad report) {
	if c.RedisURL != "" && !isURL(c.RedisURL, "redis", "rediss") {
		bad("cluster.redis_url", "want redis://HOST:PORT, rediss://HOST:PORT, or nothing for a node alone")
	}
}

func isURL(s string, schemes ...string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return false
	}
	for _, scheme := range schemes {
		if u.Scheme == scheme {
			return true
		}
	}
	return false
}
