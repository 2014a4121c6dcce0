package e2e

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/configs"
	"parley/protocol"
)

// certificate writes a certificate for 127.0.0.1 and its key into dir, and
// returns their files and the pool that trusts it.
func certificate(t *testing.T, dir string) (cert, key string, roots *x509.CertPool) {
	t.Helper()
	priv, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &priv.PublicKey, priv)
	require.NoError(t, err)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(priv)
	require.NoError(t, err)

	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	require.NoError(t, os.WriteFile(cert, certPEM, 0o600))
	require.NoError(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}), 0o600))
	roots = x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(certPEM))
	return cert, key, roots
}

// trusting is a client that trusts only those.
func trusting(t *testing.T, roots *x509.CertPool) *http.Client {
	t.Helper()
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// REST and WebSockets share the one port under TLS too, and a stop is as orderly.
func TestEverythingOverTLS(t *testing.T) {
	cert, key, roots := certificate(t, t.TempDir())
	n := startNode(t, func(c *configs.Config) { c.HTTP.TLS = configs.TLS{Cert: cert, Key: key} })
	n.Base, n.HTTP = "https://"+n.Addr(), trusting(t, roots)

	users := signUp(t, n.Server, "ann", "bob")
	room := meet(t, users...)
	ann, bob := openChat(t, users[0], room.ID, ""), openChat(t, users[1], room.ID, "")
	ref := request[protocol.MessageRef](t, ann, protocol.TypeChatMessage, map[string]string{"content": "in private"})
	require.Equal(t, ref.ID, await[protocol.Message](t, bob, protocol.TypeChatMessage).ID)

	n.stop(t)
	await[protocol.Reconnect](t, bob, protocol.TypeReconnect)
	require.Equal(t, protocol.CloseRestart, closeCode(t, bob))
	require.Equal(t, protocol.CloseRestart, closeCode(t, ann))
}

// A renewed certificate is shown to whoever comes next; whoever is there stays.
func TestCertificateIsRenewedUnderOpenSockets(t *testing.T) {
	dir := t.TempDir()
	cert, key, roots := certificate(t, dir)
	n := startNode(t, func(c *configs.Config) { c.HTTP.TLS = configs.TLS{Cert: cert, Key: key} })
	n.Base, n.HTTP = "https://"+n.Addr(), trusting(t, roots)
	users := signUp(t, n.Server, "ann")
	room := meet(t, users...)
	ann := openChat(t, users[0], room.ID, "")

	_, _, renewed := certificate(t, dir)
	n.Reload()
	require.Eventually(t, func() bool { return trusted(n.Addr(), renewed) }, patience, time.Millisecond)
	require.False(t, trusted(n.Addr(), roots), "the one before is shown no more")

	request[protocol.MessageRef](t, ann, protocol.TypeChatMessage, map[string]string{"content": "still here"})
	m := scrape(t, n.AdminURL())
	require.InDelta(t, time.Now().Add(time.Hour).Unix(), m.value(t, "parley_tls_certificate_not_after_seconds"), 60)
	require.InDelta(t, 1, m.value(t, `parley_tls_certificate_reloads_total{result="ok"}`), 0)
}

// trusted reports whether a handshake succeeds.
func trusted(addr string, roots *x509.CertPool) bool {
	c, err := tls.Dial("tcp", addr, &tls.Config{RootCAs: roots})
	if err == nil {
		_ = c.Close()
	}
	return err == nil
}

// HTTP/2 is for who offers it; a WebSocket client does not.
func TestProtocolsOverTLS(t *testing.T) {
	cert, key, roots := certificate(t, t.TempDir())
	n := startNode(t, func(c *configs.Config) { c.HTTP.TLS = configs.TLS{Cert: cert, Key: key} })
	for want, offered := range map[string][]string{
		"h2":       {"h2", "http/1.1"},
		"http/1.1": {"http/1.1"},
		"":         nil,
	} {
		c, err := tls.Dial("tcp", n.Addr(), &tls.Config{RootCAs: roots, NextProtos: offered})
		require.NoError(t, err)
		require.Equal(t, want, c.ConnectionState().NegotiatedProtocol)
		require.NoError(t, c.Close())
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true}
	defer transport.CloseIdleConnections()
	req, err := http.NewRequestWithContext(within(t), http.MethodGet, "https://"+n.Addr()+"/api/openapi.json", nil)
	require.NoError(t, err)
	res, err := transport.RoundTrip(req)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusOK, res.StatusCode)
	require.Equal(t, 2, res.ProtoMajor)
}
