package configs

import (
	"net/url"
	"strings"
	"time"
)

// Store says where users, rooms and messages are kept.
type Store struct {
	DSN         string `mapstructure:"dsn" secret:"url" about:"Where users, rooms and messages are kept: sqlite:PATH for a node alone, postgres://USER:PASSWORD@HOST/DATABASE for one or several."`
	Connections int    `mapstructure:"connections" about:"Most connections of this node to PostgreSQL, at least 2; a quarter of them, 4 at most, write. SQLite needs none."`
}

// Cluster says how this node finds the others.
type Cluster struct {
	RedisURL string        `mapstructure:"redis_url" secret:"url" about:"Redis that joins nodes into one: redis://HOST:PORT, redis+sentinel://HOST:PORT,…/MASTER or redis+cluster://HOST:PORT,…, with TLS rediss…; empty: this node alone."`
	Lease    time.Duration `mapstructure:"lease" about:"Time after which a node that says nothing is taken for dead, and what it held is given up; the same on all nodes."`
}

func defaultStore() Store {
	return Store{
		DSN:         "sqlite:data/parley.db",
		Connections: 20, // three nodes leave room under PostgreSQL's own limit of 100
	}
}

func defaultCluster() Cluster {
	return Cluster{Lease: 12 * time.Second} // who was lost with a node is reported within 15
}

func (s Store) validate(bad report) {
	wantInt(bad, "store.connections", s.Connections, 2, 1000)
	path, sqlite := strings.CutPrefix(s.DSN, "sqlite:")
	if sqlite && path != "" {
		return
	}
	if sqlite || !isURL(s.DSN, "postgres", "postgresql") {
		bad("store.dsn", "want sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE")
	}
}

func (c Cluster) validate(bad report) {
	wantTime(bad, "cluster.lease", c.Lease, time.Second, 10*time.Minute)
	if c.RedisURL == "" {
		return
	}
	if _, err := ParseRedisURL(c.RedisURL); err != nil {
		bad("cluster.redis_url", err.Error()+"; or nothing for a node alone")
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
