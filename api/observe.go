package api

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"parley/protocol"
)

// observe logs and measures each request, and answers for a handler that
// panics.
func (s *server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		rec := &recorder{ResponseWriter: w}
		w.Header().Set("Cache-Control", "no-store") // answers hold tokens and what people say
		w.Header().Set("X-Content-Type-Options", "nosniff")
		defer func() {
			if p := recover(); p != nil {
				s.panicked(rec, r, p)
			}
			took := time.Since(start)
			route, method := s.routes.label(r.Pattern), methodLabel(r.Method)
			s.cfg.Meter.Request(route, method, rec.status, took)
			s.cfg.Log.LogAttrs(r.Context(), slog.LevelDebug, "request",
				slog.String("method", method), slog.String("route", route),
				slog.Int("status", rec.status), slog.Duration("took", took))
		}()
		next.ServeHTTP(rec, r)
	})
}

func (s *server) panicked(rec *recorder, r *http.Request, p any) {
	if p == http.ErrAbortHandler { //nolint:errorlint // a sentinel that is never wrapped, told apart as net/http does
		panic(p)
	}
	s.cfg.Log.LogAttrs(r.Context(), slog.LevelError, "panic in a request",
		slog.String("route", r.Pattern), slog.Any("panic", p), slog.String("stack", string(debug.Stack())))
	if rec.status == 0 {
		writeProblem(rec, protocol.AsError(fmt.Errorf("panic: %v", p)))
	}
}

// recorder remembers the status that was answered, 0 before.
type recorder struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// methodLabel bounds what a client can write into the metrics.
func methodLabel(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut,
		http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	default:
		return "other"
	}
}
