package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"

	"parley/auth"
	"parley/chat"
	"parley/cluster"
	"parley/configs"
	"parley/edge"
	"parley/fleet"
	"parley/ledger"
	"parley/metrics"
	"parley/presence"
	"parley/room"
	"parley/signaling"
	"parley/store"
)

// App is one node.
type App struct {
	// static after New
	cfg    configs.Config
	log    *slog.Logger
	node   string
	boot   string // this process's name among the nodes
	limits configs.Limits

	metrics  *metrics.Metrics
	store    store.Store
	bus      cluster.Bus
	presence presence.Registry
	ledger   ledger.Ledger // nil: the node is alone
	fleet    *fleet.Fleet  // likewise
	auth     *auth.Service
	hub      *room.Hub
	chat     *chat.Service
	calls    *signaling.Service
	edge     *edge.Edge
	public   *http.Server
	admin    *http.Server
	health   *metrics.Admin

	// static after Start
	publicAddr net.Addr
	adminAddr  net.Addr

	certificate *certificate // nil without TLS

	failed   chan error
	requests chan error // capacity 1: how the public server's shutdown went
	teardown []step     // what undoes New and Start, in order of building
}

// step is one named part of the teardown.
type step struct {
	name string
	run  func(context.Context) error
}

// New opens the store and wires the node; nothing is reachable before Start. If
// it fails, what was opened is closed again.
func New(ctx context.Context, cfg configs.Config, log *slog.Logger) (*App, error) {
	a := &App{
		cfg: cfg, log: log, node: nodeName(cfg.Node.ID), limits: cfg.Limits.Effective(),
		failed: make(chan error, 2), requests: make(chan error, 1),
	}
	for _, build := range []func(context.Context) error{
		a.openBackends, a.buildServices, a.buildServers,
	} {
		if err := build(ctx); err != nil {
			return nil, errors.Join(err, a.undo(context.WithoutCancel(ctx)))
		}
	}
	return a, nil
}

// Start opens the listeners and returns when the node can be reached. After a
// failure the App must still be stopped.
func (a *App) Start(ctx context.Context) error {
	if err := a.loadCertificate(); err != nil {
		return err
	}
	if a.fleet != nil {
		a.fleet.Start()
	}
	public, err := listen(ctx, a.cfg.HTTP.Addr)
	if err != nil {
		return fmt.Errorf("app: http.addr: %w", err)
	}
	a.publicAddr = public.Addr()
	if err := a.servePublic(public); err != nil {
		_ = public.Close()
		return err
	}
	a.log.Info("listening", "node", a.node, "http", a.Addr())
	a.watchDependencies()
	if a.cfg.Admin.Addr == "" {
		return nil
	}
	admin, err := listen(ctx, a.cfg.Admin.Addr)
	if err != nil {
		return fmt.Errorf("app: admin.addr: %w", err)
	}
	a.adminAddr = admin.Addr()
	a.serve(a.admin, admin)
	a.log.Info("listening", "node", a.node, "admin", a.AdminAddr())
	return nil
}

// Stop ends the node: no new sockets, every socket told to reconnect and closed
// as restarted, what is pending committed. It returns when all is done or, with
// an error, when ctx ends; what is left is given up then.
func (a *App) Stop(ctx context.Context) error {
	a.health.SetDraining(true)
	return a.undo(ctx)
}

// undo runs the teardown, the last built first.
func (a *App) undo(ctx context.Context) error {
	var errs []error
	for i := len(a.teardown) - 1; i >= 0; i-- {
		s := a.teardown[i]
		if err := s.run(ctx); err != nil {
			errs = append(errs, fmt.Errorf("app: stop %s: %w", s.name, err))
		}
	}
	a.teardown = nil
	return errors.Join(errs...)
}

func (a *App) onStop(name string, run func(context.Context) error) {
	a.teardown = append(a.teardown, step{name, run})
}

// Reload reads the certificate's files again, soon and in the background. It
// may be called any time after Start.
func (a *App) Reload() {
	if a.certificate != nil {
		a.certificate.reload()
	}
}

// Addr is where the public listener listens, empty before Start.
func (a *App) Addr() string { return addrString(a.publicAddr) }

// AdminAddr is where the admin listener listens, empty if it is off.
func (a *App) AdminAddr() string { return addrString(a.adminAddr) }

// Failed tells of a listener that died: the node should be stopped.
func (a *App) Failed() <-chan error { return a.failed }

func addrString(addr net.Addr) string {
	if addr == nil {
		return ""
	}
	return addr.String()
}

// nodeName is unique: the host's name alone would not be, where two nodes share
// a machine.
func nodeName(configured string) string {
	if configured != "" {
		return configured
	}
	host, err := os.Hostname()
	if err != nil {
		host = "node"
	}
	return host + "-" + strings.ToLower(rand.Text()[:6])
}
