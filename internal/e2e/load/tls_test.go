package load

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/configs"
	"parley/loadtest/client"
	"parley/loadtest/crowd"
	"parley/loadtest/wire"
	"parley/protocol"
)

// guest tells a test what a session's sockets did.
type guest struct {
	welcomes chan protocol.Welcome
	frames   chan protocol.Type
	gone     chan error
}

func newGuest() *guest {
	return &guest{make(chan protocol.Welcome, 10), make(chan protocol.Type, 100), make(chan error, 10)}
}

func (g *guest) Welcomed(w protocol.Welcome, _, _ time.Time) { g.welcomes <- w }
func (g *guest) Frame(payload []byte, _ time.Time)           { g.frames <- wire.TypeOf(payload) }
func (g *guest) Pinged(time.Time)                            {}
func (g *guest) Gone(err error, _ bool, _ time.Time)         { g.gone <- err }

// next is what comes next.
func next[T any](t *testing.T, c <-chan T) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(patience):
		require.Fail(t, "it did not come")
	}
	return v
}

// secure makes a certificate for this machine, and a client's trust in it.
func secure(t *testing.T) (cert, key string, trust *tls.Config) {
	t.Helper()
	s := httptest.NewTLSServer(http.NotFoundHandler()) // which has one
	defer s.Close()
	private, err := x509.MarshalPKCS8PrivateKey(s.TLS.Certificates[0].PrivateKey)
	require.NoError(t, err)
	folder := t.TempDir()
	cert, key = filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
	for path, block := range map[string]pem.Block{
		cert: {Type: "CERTIFICATE", Bytes: s.Certificate().Raw}, key: {Type: "PRIVATE KEY", Bytes: private},
	} {
		require.NoError(t, os.WriteFile(path, pem.EncodeToMemory(&block), 0o600))
	}
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return cert, key, &tls.Config{RootCAs: roots}
}

// Behind TLS a crowd has the same: sockets are welcomed, send, lose their connection
// and come back to their sessions.
func TestACrowdOverTLS(t *testing.T) {
	t.Parallel()
	cert, key, trust := secure(t)
	node := startNode(t, func(c *configs.Config) { c.HTTP.TLS = configs.TLS{Cert: cert, Key: key} })
	url := "https" + node[len("http"):]
	transport := &http.Transport{TLSClientConfig: trust}
	defer transport.CloseIdleConnections()
	ann, err := client.Server{Base: url, HTTP: &http.Client{Transport: transport}}.Register(within(t), "ann", "correct horse battery")
	require.NoError(t, err)
	pass := crowd.Pass{Dial: crowd.Dial{Base: url, Path: "/ws/", Token: ann.Token}}

	c, err := crowd.New(within(t), crowd.Config{URLs: []string{url}, TLS: trust})
	require.NoError(t, err)
	defer c.Close()
	g := newGuest()
	s := c.NewSession(pass, g)
	s.Open(time.Now())
	require.False(t, next(t, g.welcomes).Resumed)
	require.True(t, s.Send([]byte(`{"type":"ping","id":"1"}`)))
	require.Equal(t, protocol.TypePong, next(t, g.frames))
	require.True(t, s.Drop(0))
	require.True(t, next(t, g.welcomes).Resumed)
	s.Leave()
	require.NoError(t, next(t, g.gone))

	stranger, err := crowd.New(within(t), crowd.Config{URLs: []string{url}})
	require.NoError(t, err)
	defer stranger.Close()
	g = newGuest()
	s = stranger.NewSession(pass, g)
	s.Open(time.Now())
	var unknown x509.UnknownAuthorityError
	require.ErrorAs(t, next(t, g.gone), &unknown, "who does not trust the node does not come in")
	s.Abandon()
}
