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

// certificate writes a certificate for 127.0.0.1 and its key, and returns their
// files and the pool that trusts it.
func certificate(t *testing.T) (cert, key string, roots *x509.CertPool) {
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

	dir := t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	require.NoError(t, os.WriteFile(cert, certPEM, 0o600))
	require.NoError(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}), 0o600))
	roots = x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(certPEM))
	return cert, key, roots
}

// REST and WebSockets share the one port under TLS too, and a stop is as orderly.
func TestEverythingOverTLS(t *testing.T) {
	cert, key, roots := certificate(t)
	n := startNode(t, func(c *configs.Config) { c.HTTP.TLS = configs.TLS{Cert: cert, Key: key} })
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
	t.Cleanup(transport.CloseIdleConnections)
	n.Base, n.HTTP = "https://"+n.app.Addr(), &http.Client{Transport: transport}

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
