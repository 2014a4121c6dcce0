package target

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"parley/loadtest/client"
)

// Config says where a deployment is and whose users it is used by.
type Config struct {
	URLs      []string // of the nodes, or of what stands before them, such as https://chat.example.com
	Admin     []string // of the nodes' admin listeners, for their metrics; may be empty
	Tokens    string   // a file with a user's token in each line; "": users sign up
	TokenList []string // tokens that were read already, instead of Tokens
	Prefix    string   // of the names of users who sign up; "": load
	Confirmed bool     // the deployment may be on another machine
}

// Target is a deployment.
type Target struct {
	// static after New
	nodes    []client.Server
	admin    []string
	http     *http.Client
	local    bool
	tokens   []string // nil: users sign up
	prefix   string
	password string

	next atomic.Int64 // counts the nodes that were handed out

	mu    sync.Mutex     // held while users are made, so that nobody makes them twice
	users []*client.User // guarded by mu
}

// Connections for REST that are kept for the next request, a node each, and how
// long any request may take.
const (
	idleConnections = 64
	requestTimeout  = 60 * time.Second
)

// New checks the configuration, and where the deployment is.
func New(ctx context.Context, cfg Config) (*Target, error) {
	if len(cfg.URLs) == 0 {
		return nil, errors.New("target: no URL")
	}
	if cfg.Prefix == "" {
		cfg.Prefix = "load"
	}
	t := &Target{
		local: true, admin: make([]string, 0, len(cfg.Admin)),
		http: &http.Client{
			Transport: &http.Transport{MaxIdleConnsPerHost: idleConnections, IdleConnTimeout: requestTimeout},
		},
		// A run signs up users of its own: names of an earlier one are taken.
		prefix: cfg.Prefix + "_" + strings.ToLower(rand.Text()[:8]), password: rand.Text(),
	}
	for _, raw := range cfg.URLs {
		base, here, err := locate(ctx, raw)
		if err != nil {
			return nil, err
		}
		if !here && !cfg.Confirmed {
			return nil, fmt.Errorf("%w: %s", ErrUnconfirmed, base)
		}
		t.local = t.local && here
		t.nodes = append(t.nodes, client.Server{Base: base, HTTP: t.http})
	}
	for _, raw := range cfg.Admin {
		u, err := parse(raw)
		if err != nil {
			return nil, err
		}
		t.admin = append(t.admin, baseOf(u))
	}
	t.tokens = cfg.TokenList
	if cfg.Tokens != "" {
		tokens, err := ReadTokens(cfg.Tokens)
		if err != nil {
			return nil, err
		}
		t.tokens = tokens
	}
	return t, nil
}

// Close lets go of the connections that are kept for REST.
func (t *Target) Close() { t.http.CloseIdleConnections() }

// Server is one of the nodes, each in its turn.
func (t *Target) Server() client.Server {
	return t.nodes[int(t.next.Add(1)-1)%len(t.nodes)]
}

// URLs are the base URLs of the nodes, without a slash at their end.
func (t *Target) URLs() []string {
	var list []string
	for _, n := range t.nodes {
		list = append(list, n.Base)
	}
	return list
}

// Local reports whether all nodes are on this machine.
func (t *Target) Local() bool { return t.local }

func parse(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("target: %w", err)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, fmt.Errorf("target: want a URL such as http://127.0.0.1:8080, got %q", raw)
	}
	return u, nil
}

func baseOf(u *url.URL) string {
	return u.Scheme + "://" + u.Host + strings.TrimRight(u.Path, "/")
}
