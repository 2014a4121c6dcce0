package e2e

import (
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/output"
	"parley/loadtest/client"
	"parley/protocol"
)

// balancerFile is what is deployed.
const balancerFile = "../../configs/haproxy.cfg"

// readiness answers the balancer's health checks for one node: as the node does, or
// that it is not ready; alive it is all the same.
type readiness struct {
	*httptest.Server
	admin   atomic.Pointer[string] // the node's admin address
	refused atomic.Bool            // not ready, whatever the node says
}

func watchReadiness(t *testing.T, admin string) *readiness {
	t.Helper()
	r := &readiness{}
	r.admin.Store(&admin)
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

// ServeHTTP implements http.Handler.
func (r *readiness) ServeHTTP(w http.ResponseWriter, asked *http.Request) {
	status := http.StatusServiceUnavailable
	if asked.URL.Path != "/readyz" || !r.refused.Load() {
		status = r.ask(asked)
	}
	w.WriteHeader(status)
}

func (r *readiness) ask(asked *http.Request) int {
	to, err := http.NewRequestWithContext(asked.Context(), http.MethodGet, *r.admin.Load()+asked.URL.Path, nil)
	if err != nil {
		return http.StatusInternalServerError
	}
	transport := &http.Transport{DisableKeepAlives: true}
	answer, err := transport.RoundTrip(to)
	if err != nil {
		return http.StatusServiceUnavailable
	}
	defer func() { _ = answer.Body.Close() }()
	return answer.StatusCode
}

// balanced is a running HAProxy with the deployed configuration.
type balanced struct {
	client.Server
	log *output.Buffer
}

// balance starts HAProxy in front of two nodes: the deployed file, but for addresses.
func balance(t *testing.T, a, b *process, readyA, readyB *readiness) *balanced {
	t.Helper()
	program, err := exec.LookPath("haproxy")
	require.NoError(t, err, "haproxy is needed; on Debian and Ubuntu: apt-get install --no-install-recommends haproxy")
	deployed, err := os.ReadFile(balancerFile)
	require.NoError(t, err)
	text := string(deployed)
	for _, change := range [][2]string{
		{"bind :8080", "bind fd@3"}, // listeners that are open already clash with nobody
		{"bind :8405", "bind fd@4"},
		{"server node-a node-a:8080", "server node-a " + host(a.Base) + " port " + port(t, readyA.URL)},
		{"server node-b node-b:8080", "server node-b " + host(b.Base) + " port " + port(t, readyB.URL)},
		{"check port 9090", "check"},
	} {
		require.Equal(t, 1, strings.Count(text, change[0]), "%s: %s", balancerFile, change[0])
		text = strings.Replace(text, change[0], change[1], 1)
	}
	file := filepath.Join(t.TempDir(), "haproxy.cfg")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))

	h := &balanced{log: &output.Buffer{}}
	command := exec.Command(program, "-db", "-f", file)
	command.Stdout, command.Stderr = h.log, h.log
	clients, base := listener(t)
	watch, _ := listener(t)
	command.ExtraFiles = []*os.File{clients, watch}
	h.Base = base
	require.NoError(t, command.Start())
	exited := make(chan struct{})
	go func() {
		defer close(exited)
		_ = command.Wait() // it is killed
	}()
	t.Cleanup(func() {
		_ = command.Process.Kill() // it may have ended
		<-exited
		if t.Failed() {
			t.Logf("HAProxy:\n%s", h.log)
		}
	})
	return h
}

// listener opens a socket for a child, and tells where it listens.
func listener(t *testing.T) (file *os.File, base string) {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	file, err = l.(*net.TCPListener).File()
	require.NoError(t, err)
	require.NoError(t, l.Close()) // the file stays
	t.Cleanup(func() { _ = file.Close() })
	return file, "http://" + l.Addr().String()
}

func host(base string) string { return strings.TrimPrefix(base, "http://") }

func port(t *testing.T, base string) string {
	t.Helper()
	_, port, err := net.SplitHostPort(host(base))
	require.NoError(t, err)
	return port
}

// says waits until HAProxy has logged something for the n-th time.
func (h *balanced) says(t *testing.T, what string, n int) {
	t.Helper()
	require.Eventually(t, func() bool { return strings.Count(h.log.String(), what) >= n },
		patience, 10*time.Millisecond, "HAProxy does not say %q", what)
}

// join opens n sockets through the balancer and returns them by the node they are at.
func (h *balanced) join(t *testing.T, u *client.User, roomID int64, n int) map[string][]*client.Socket {
	t.Helper()
	through := *u
	through.Server = h.Server
	at := map[string][]*client.Socket{}
	for range n {
		k := openCall(t, &through, roomID)
		w := await[protocol.Welcome](t, k, protocol.TypeWelcome)
		at[w.Node] = append(at[w.Node], k)
	}
	return at
}
