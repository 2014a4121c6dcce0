package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"sync"

	"parley/edge"
	"parley/metrics"
)

// checkStore is what readiness calls the store.
const checkStore = "store"

// buildServers makes the admin server; the public one is made with the services
// that it serves.
func (a *App) buildServers(context.Context) error {
	a.health = metrics.AdminHandler(a.metrics, []metrics.Check{
		{Name: checkStore, Probe: a.store.Ping},
		{Name: "bus", Optional: true, Probe: a.bus.Ping}, // without the other nodes it serves its own
		{Name: "presence", Optional: true, Probe: a.presence.Ping},
	})
	a.admin = &http.Server{
		Handler:           a.health,
		ReadHeaderTimeout: a.cfg.HTTP.ReadHeaderTimeout,
		ErrorLog:          errorLog(a.log),
	}
	a.teardown = append([]step{{"admin server", a.admin.Shutdown}}, a.teardown...) // goes last
	// The public server stops accepting first; requests under way have until
	// the sockets are gone.
	a.onStop("public server", func(ctx context.Context) error {
		go func() { a.requests <- a.public.Shutdown(ctx) }()
		return nil
	})
	return nil
}

// awaitRequests ends what the public server still does.
func (a *App) awaitRequests(context.Context) error {
	if a.public == nil {
		return nil
	}
	err := <-a.requests
	if err != nil {
		_ = a.public.Close()
	}
	return err
}

func listen(ctx context.Context, addr string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	return l, nil
}

// servePublic serves HTTP and WebSockets on one port: the edge takes from it
// what it knows to be its own.
func (a *App) servePublic(l net.Listener) error {
	if cfg := a.public.TLSConfig; cfg != nil {
		a.serve(a.public, edge.NewTLSListener(l, cfg))
		return nil
	}
	front, err := a.edge.Listen(l)
	if err != nil {
		return fmt.Errorf("app: http.addr: %w", err)
	}
	a.serve(a.public, front)
	return nil
}

func (a *App) serve(s *http.Server, l net.Listener) {
	go func() {
		if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			a.failed <- fmt.Errorf("app: listener %s: %w", l.Addr(), err)
		}
	}()
}

// loadCertificate makes the public server speak TLS, where that is configured.
func (a *App) loadCertificate() error {
	if a.cfg.HTTP.TLS.Cert == "" {
		return nil
	}
	c, err := newCertificate(a.cfg.HTTP.TLS, a.log, a.metrics.TLS)
	if err != nil {
		return err
	}
	a.certificate = c
	ctx, cancel := context.WithCancel(context.Background())
	var watching sync.WaitGroup
	watching.Go(func() { c.watch(ctx) })
	a.onStop("certificate", func(context.Context) error {
		cancel()
		watching.Wait()
		return nil
	})
	a.public.TLSConfig = &tls.Config{
		GetCertificate: c.get, MinVersion: tls.VersionTLS12,
		NextProtos: []string{"h2", "http/1.1"}, // WebSocket clients offer HTTP/1.1 alone
	}
	return nil
}

// errorLog takes what net/http says of single connections, such as a client
// that gave up: of no concern to an operator by default.
func errorLog(l *slog.Logger) *log.Logger {
	return slog.NewLogLogger(l.Handler(), slog.LevelDebug)
}
