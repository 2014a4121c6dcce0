package app

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"parley/configs"
)

// pair is a certificate and its key as PEM; serial tells it from others.
type pair struct {
	cert, key []byte
	notAfter  time.Time
}

func newPair(t *testing.T, serial int64) pair {
	t.Helper()
	priv, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	notAfter := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(serial))
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), NotAfter: notAfter}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &priv.PublicKey, priv)
	require.NoError(t, err)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(priv)
	require.NoError(t, err)
	return pair{
		cert:     pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		key:      pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}),
		notAfter: notAfter,
	}
}

func (p pair) write(t *testing.T, files configs.TLS) {
	t.Helper()
	require.NoError(t, os.WriteFile(files.Cert, p.cert, 0o600))
	require.NoError(t, os.WriteFile(files.Key, p.key, 0o600))
}

func filesIn(dir string) configs.TLS {
	return configs.TLS{Cert: filepath.Join(dir, "tls.crt"), Key: filepath.Join(dir, "tls.key")}
}

// reports are what the certificate's meter was told.
type reports struct {
	ok, failed int
	notAfter   time.Time
}

func (r *reports) CertificateInUse(notAfter time.Time) { r.notAfter = notAfter }

func (r *reports) CertificateReload(result string) {
	if result == "ok" {
		r.ok++
	} else {
		r.failed++
	}
}

// following runs a test in a bubble of virtual time, in which a certificate with
// serial number 1 is watched; pass lets time pass.
func following(t *testing.T, files configs.TLS, test func(t *testing.T, c *certificate, told *reports, pass func(time.Duration))) {
	t.Helper()
	long := time.Now().Add(-time.Hour)
	for _, path := range []string{files.Cert, files.Key} { // not in the same tick of the clock as what follows
		require.NoError(t, os.Chtimes(path, long, long))
	}
	synctest.Test(t, func(t *testing.T) {
		told := &reports{}
		c, err := newCertificate(files, slog.New(slog.DiscardHandler), told)
		require.NoError(t, err)
		require.EqualValues(t, 1, serial(t, c))
		go c.watch(t.Context())
		test(t, c, told, func(d time.Duration) {
			time.Sleep(d)
			synctest.Wait()
		})
	})
}

func serial(t *testing.T, c *certificate) int64 {
	t.Helper()
	cert, err := c.get(nil)
	require.NoError(t, err)
	return cert.Leaf.SerialNumber.Int64()
}

func TestCertificateFollowsItsFiles(t *testing.T) {
	first, second := newPair(t, 1), newPair(t, 2)
	for name, replace := range map[string]func(t *testing.T, files configs.TLS){
		"written over": func(t *testing.T, files configs.TLS) { second.write(t, files) },
		"renamed over": func(t *testing.T, files configs.TLS) {
			fresh := filesIn(t.TempDir())
			second.write(t, fresh)
			require.NoError(t, os.Rename(fresh.Cert, files.Cert))
			require.NoError(t, os.Rename(fresh.Key, files.Key))
		},
		"with an older time": func(t *testing.T, files configs.TLS) {
			second.write(t, files)
			old := time.Unix(1e9, 0)
			require.NoError(t, os.Chtimes(files.Cert, old, old))
			require.NoError(t, os.Chtimes(files.Key, old, old))
		},
	} {
		t.Run(name, func(t *testing.T) {
			files := filesIn(t.TempDir())
			first.write(t, files)
			following(t, files, func(t *testing.T, c *certificate, told *reports, pass func(time.Duration)) {
				pass(10 * certificateCheck)
				require.Equal(t, reports{notAfter: first.notAfter}, *told, "nothing has changed")
				replace(t, files)
				pass(certificateCheck)
				require.EqualValues(t, 2, serial(t, c))
				require.Equal(t, reports{ok: 1, notAfter: second.notAfter}, *told)
			})
		})
	}
}

// Kubernetes mounts a secret as links through a folder, itself a link, and
// turns that one.
func TestCertificateFollowsALinkThatIsTurned(t *testing.T) {
	dir := t.TempDir()
	for i, generation := range []string{"..1", "..2"} {
		require.NoError(t, os.Mkdir(filepath.Join(dir, generation), 0o700))
		newPair(t, int64(i+1)).write(t, filesIn(filepath.Join(dir, generation)))
	}
	files := filesIn(dir)
	require.NoError(t, os.Symlink("..1", filepath.Join(dir, "..data")))
	require.NoError(t, os.Symlink("..data/tls.crt", files.Cert))
	require.NoError(t, os.Symlink("..data/tls.key", files.Key))
	following(t, files, func(t *testing.T, c *certificate, told *reports, pass func(time.Duration)) {
		require.NoError(t, os.Symlink("..2", filepath.Join(dir, "..new")))
		require.NoError(t, os.Rename(filepath.Join(dir, "..new"), filepath.Join(dir, "..data")))
		pass(certificateCheck)
		require.EqualValues(t, 2, serial(t, c))
		require.Equal(t, 1, told.ok)
	})
}

func TestBrokenCertificateDoesNotReplaceAWorkingOne(t *testing.T) {
	first, second, third := newPair(t, 1), newPair(t, 2), newPair(t, 3)
	for name, spoil := range map[string]func(t *testing.T, files configs.TLS){
		"no PEM":           func(t *testing.T, files configs.TLS) { pair{cert: []byte("?"), key: second.key}.write(t, files) },
		"half written":     func(t *testing.T, files configs.TLS) { pair{cert: second.cert[:100], key: second.key}.write(t, files) },
		"another's key":    func(t *testing.T, files configs.TLS) { pair{cert: second.cert, key: third.key}.write(t, files) },
		"one file is gone": func(t *testing.T, files configs.TLS) { require.NoError(t, os.Remove(files.Key)) },
	} {
		t.Run(name, func(t *testing.T) {
			files := filesIn(t.TempDir())
			first.write(t, files)
			following(t, files, func(t *testing.T, c *certificate, told *reports, pass func(time.Duration)) {
				spoil(t, files)
				pass(10 * certificateCheck)
				require.EqualValues(t, 1, serial(t, c))
				require.Equal(t, reports{failed: 1, notAfter: first.notAfter}, *told, "tried once, told once")
				second.write(t, files)
				pass(certificateCheck)
				require.EqualValues(t, 2, serial(t, c))
				require.Equal(t, reports{ok: 1, failed: 1, notAfter: second.notAfter}, *told)
			})
		})
	}
}

func TestReloadThatIsAskedForComesAtOnce(t *testing.T) {
	files := filesIn(t.TempDir())
	newPair(t, 1).write(t, files)
	following(t, files, func(t *testing.T, c *certificate, told *reports, _ func(time.Duration)) {
		c.reload()
		synctest.Wait()
		require.Equal(t, 1, told.ok, "though nothing has changed")
		newPair(t, 2).write(t, files)
		for range 10 {
			c.reload() // never blocks
		}
		synctest.Wait()
		require.EqualValues(t, 2, serial(t, c))
	})
}
