package exporter

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"parley/loadtest/measure"
)

// Server answers GET /metrics.
type Server struct {
	listener net.Listener
	http     http.Server
	done     chan struct{}
}

// headerTimeout is what a client may take to ask.
const headerTimeout = 5 * time.Second

// Listen begins to serve what the source tells, and this process' own metrics.
func Listen(ctx context.Context, addr string, source func() measure.Snapshot) (*Server, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("exporter: %w", err)
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		newCollector(source), collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	s := &Server{
		listener: listener, done: make(chan struct{}),
		http: http.Server{Handler: mux, ReadHeaderTimeout: headerTimeout},
	}
	go func() {
		defer close(s.done)
		_ = s.http.Serve(listener) // until Close
	}()
	return s, nil
}

// Addr is where it listens.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// Close ends it at once.
func (s *Server) Close() {
	_ = s.http.Close() // the listener and its connections are gone either way
	<-s.done
}
