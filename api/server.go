package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"parley/api/docpage"
	"parley/protocol"
)

// server is the API at work.
type server struct {
	Services

	// Static after construction.
	cfg    Config
	routes *routes
	huma   huma.API
	spec   []byte // the OpenAPI document
	page   docpage.Page
}

// New makes the handler of everything under /api/.
func New(cfg Config, services Services) (http.Handler, error) {
	s := newServer(cfg, services)
	if err := s.describe(); err != nil {
		return nil, err
	}
	return s.observe(s.cors(s.routes)), nil
}

func newServer(cfg Config, services Services) *server {
	s := &server{Services: services, cfg: cfg.withDefaults(), routes: newRoutes()}
	s.huma = huma.NewAPI(humaConfig(s.cfg), s.routes)
	s.huma.UseMiddleware(s.authenticate, checkID, s.readBody)
	s.accountRoutes()
	s.roomRoutes()
	s.participantRoutes()
	s.messageRoutes()
	s.callRoutes()
	s.missedRoutes()
	s.documentRoutes()
	return s
}

// operation is what a route adds to what its types say.
type operation struct {
	id      string
	method  string
	path    string
	tag     string
	summary string
	detail  string
	status  int                       // of success; 0: 200
	public  bool                      // needs no token
	errors  []protocol.Code           // besides those that follow from the rest
	answers map[string]*huma.Response // where the types do not say it all; by status
}

// register adds a route. Its handler's errors reach the client as problems.
func register[I, O any](s *server, o operation, handle func(context.Context, *I) (*O, error)) {
	huma.Register(s.huma, document[I](o), func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, newProblem(s.clientError(ctx, err))
		}
		return out, nil
	})
}

// clientError returns what the client may see of err, and logs the rest.
func (s *server) clientError(ctx context.Context, err error) *protocol.Error {
	e := protocol.AsError(err)
	if e.Code == protocol.CodeInternal {
		level := slog.LevelError
		if errors.Is(err, context.Canceled) { // the client went away
			level = slog.LevelDebug
		}
		s.cfg.Log.LogAttrs(ctx, level, "request failed", slog.Any("error", err))
	}
	return e
}
