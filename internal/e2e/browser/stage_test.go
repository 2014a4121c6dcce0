package browser

import (
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/configs"
	"parley/internal/nodetest"
	"parley/loadtest/peer"
)

// The module's folder, and those in it.
const (
	root    = "../../.."
	dist    = root + "/web/dist"
	scripts = root + "/web/e2e"
)

// plan is what a test wants of its stage.
type plan struct {
	config func(*configs.Config) // nil: none
	sites  map[string]string     // folders served from origins of their own, by name
	relay  bool                  // browsers are told of a TURN server
}

// stage is all that a script plays on.
type stage struct {
	// static
	node  *nodetest.Node
	relay *relay // nil without
	sites map[string]*site
	peers peers
	url   string // of the control server

	mu       sync.Mutex
	networks []*network // guarded by mu
}

func setStage(t *testing.T, p plan) *stage {
	t.Helper()
	s := &stage{sites: make(map[string]*site)}
	if p.relay {
		s.relay = startRelay(t)
	}
	var origins []string
	for name, folder := range p.sites {
		s.sites[name] = startSite(t, folder)
		origins = append(origins, s.sites[name].url)
	}
	s.node = nodetest.Start(t, func(cfg *configs.Config) {
		cfg.HTTP.AllowedOrigins = origins
		if s.relay != nil {
			cfg.TURN.ICEServers = []configs.ICEServer{s.relay.server()}
		}
		if p.config != nil {
			p.config(cfg)
		}
	})
	s.peers.byName = make(map[string]*peer.Peer)
	t.Cleanup(s.clear)
	s.url = serve(t, s.control())
	return s
}

// clear takes away what scripts have added.
func (s *stage) clear() {
	s.peers.close()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range s.networks {
		w.proxy.Close()
	}
}

// environment is what a script is told of the stage, as JSON.
func (s *stage) environment(t *testing.T, screenshots string) string {
	t.Helper()
	sites := make(map[string]string)
	for name, one := range s.sites {
		sites[name] = one.url
	}
	text, err := json.Marshal(map[string]any{
		"base": s.node.URL(), "control": s.url, "sites": sites,
		"screenshots": screenshots, "chromium": chromium(), "test": t.Name(),
	})
	require.NoError(t, err)
	return string(text)
}

// chromium is the system's browser.
func chromium() string {
	if path := os.Getenv("CHROMIUM"); path != "" {
		return path
	}
	return "/usr/bin/chromium"
}

// screenshots is the folder in which pictures are kept.
func screenshots(t *testing.T) string {
	t.Helper()
	folder := os.Getenv("PARLEY_SCREENSHOTS")
	if folder == "" {
		folder = root + "/bin/screenshots"
	}
	folder, err := filepath.Abs(folder)
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(folder, 0o755))
	return folder
}
