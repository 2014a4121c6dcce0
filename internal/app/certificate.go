package app

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"parley/configs"
)

// certificateCheck is how often the files are looked at: two calls of stat.
const certificateCheck = 3 * time.Second

// certificate is what the public listener shows its clients. It is read again
// when its files change, and a handshake never waits for that.
type certificate struct {
	// static after construction
	files configs.TLS
	log   *slog.Logger
	meter certificateMeter

	current atomic.Pointer[tls.Certificate]
	asked   chan struct{} // capacity 1: read again whatever the files look like

	// owned by whoever loads: newCertificate, then watch
	seen pairState
}

type certificateMeter interface {
	CertificateInUse(notAfter time.Time)
	CertificateReload(result string)
}

// newCertificate reads the files for the first time.
func newCertificate(files configs.TLS, log *slog.Logger, meter certificateMeter) (*certificate, error) {
	c := &certificate{files: files, log: log, meter: meter, asked: make(chan struct{}, 1)}
	return c, c.load()
}

// get answers a handshake (tls.Config.GetCertificate). Any goroutine may call it.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	return c.current.Load(), nil
}

// reload has watch read the files soon. Any goroutine may call it.
func (c *certificate) reload() {
	select {
	case c.asked <- struct{}{}:
	default:
	}
}

// watch follows the files until ctx ends.
func (c *certificate) watch(ctx context.Context) {
	t := time.NewTicker(certificateCheck)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.asked:
		case <-t.C:
			if c.look().same(c.seen) {
				continue
			}
		}
		c.again()
	}
}

func (c *certificate) again() {
	if err := c.load(); err != nil {
		c.meter.CertificateReload("error")
		c.log.Error("certificate not reloaded, the one before stays in use", "err", err)
		return
	}
	c.meter.CertificateReload("ok")
	c.log.Info("certificate reloaded", "not_after", c.current.Load().Leaf.NotAfter)
}

// load looks before it reads: a file that changes meanwhile is seen as changed
// the next time. Of two files that are not replaced as one it may see a pair
// that does not match; the second change brings the next try.
func (c *certificate) load() error {
	c.seen = c.look()
	cert, err := tls.LoadX509KeyPair(c.files.Cert, c.files.Key)
	if err != nil {
		return fmt.Errorf("app: http.tls.cert, http.tls.key: %w", err)
	}
	c.current.Store(&cert)
	c.meter.CertificateInUse(cert.Leaf.NotAfter)
	return nil
}

// pairState is what two files look like from the outside; nil for one that
// cannot be looked at.
type pairState [2]os.FileInfo

// look follows symbolic links: secrets are often replaced by turning one.
func (c *certificate) look() (s pairState) {
	for i, path := range []string{c.files.Cert, c.files.Key} {
		if info, err := os.Stat(path); err == nil {
			s[i] = info
		}
	}
	return s
}

func (s pairState) same(as pairState) bool {
	for i, a := range s {
		b := as[i]
		if a == nil || b == nil {
			if a != b {
				return false
			}
			continue
		}
		if !os.SameFile(a, b) || !a.ModTime().Equal(b.ModTime()) || a.Size() != b.Size() {
			return false
		}
	}
	return true
}
