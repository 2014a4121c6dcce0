package metrics

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/pprof" // also registers on http.DefaultServeMux, which nothing here serves
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// maxScrapes is how many scrapes may run at once; more are answered 503.
const maxScrapes = 8

// Admin serves what an operator asks of a node. It tells internals and must be
// reachable by operators only. Its server needs no write time-out below the
// longest profile that is wanted (30 s by default).
type Admin struct {
	// Static after construction.
	metrics *Metrics
	ready   *readiness
	mux     *http.ServeMux
}

// AdminHandler serves m and the node's health: /metrics (Prometheus text,
// OpenMetrics or protobuf, as negotiated), /healthz, /readyz, /debug/pprof/ and
// at / a page that lists them. The node is ready while all checks succeed.
func AdminHandler(m *Metrics, checks []Check) *Admin {
	a := &Admin{metrics: m, ready: newReadiness(checks), mux: http.NewServeMux()}
	a.mux.HandleFunc("GET /{$}", index)
	a.mux.Handle("GET /metrics", a.scrape())
	a.mux.HandleFunc("GET /healthz", a.healthz)
	a.mux.HandleFunc("GET /readyz", a.readyz)
	a.mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	a.mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	a.mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	a.mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	a.mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	a.mux.HandleFunc("POST /debug/pprof/symbol", pprof.Symbol) // as `go tool pprof` asks
	return a
}

// ServeHTTP implements http.Handler.
func (a *Admin) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.mux.ServeHTTP(w, r) }

// SetDraining makes the node not ready, at once, while it gives up its sockets.
func (a *Admin) SetDraining(draining bool) { a.ready.draining.Store(draining) }

// scrape serves the node's metrics together with its readiness, which belongs
// to this listener and so is not in the node's registry.
func (a *Admin) scrape() http.Handler {
	own := prometheus.NewRegistry()
	own.MustRegister(a.ready)
	return promhttp.HandlerFor(prometheus.Gatherers{a.metrics.registry, own}, promhttp.HandlerOpts{
		EnableOpenMetrics:   true,
		ErrorHandling:       promhttp.ContinueOnError, // one broken gauge hides no other
		Registry:            own,                      // counts those errors
		MaxRequestsInFlight: maxScrapes,
	})
}

// healthz answers 200 as long as the process can answer at all.
func (a *Admin) healthz(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, struct {
		OK       bool    `json:"ok"`
		Version  string  `json:"version"`
		Revision string  `json:"revision"`
		UptimeS  float64 `json:"uptime_s"`
	}{true, a.metrics.build.Version, a.metrics.build.Revision, time.Since(a.metrics.started).Seconds()})
}

// readyz answers 200 if the node should be given work and 503 if not.
func (a *Admin) readyz(w http.ResponseWriter, _ *http.Request) {
	results := a.ready.ask()
	ready := a.ready.isReady(results)
	status := http.StatusOK
	if !ready {
		status = http.StatusServiceUnavailable
	}
	writeJSON(w, status, struct {
		Ready    bool          `json:"ready"`
		Degraded bool          `json:"degraded"`
		Draining bool          `json:"draining"`
		Checks   []checkResult `json:"checks"`
	}{ready, len(failing(results)) > 0, a.ready.draining.Load(), results})
}

// Failing names the checks that fail, from what /readyz knows. It blocks as long
// as a probe may take.
func (a *Admin) Failing() []string { return failing(a.ready.ask()) }

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	// A failed write means that nobody is there to be told.
	_ = json.NewEncoder(w).Encode(body)
}

func index(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(w, `<!doctype html>
<html lang="en">
<title>Parley: admin</title>
<h1>Parley: admin</h1>
<ul>
<li><a href="/metrics">/metrics</a>: Prometheus metrics
<li><a href="/healthz">/healthz</a>: is the process alive
<li><a href="/readyz">/readyz</a>: should it be given work, and if not, why
<li><a href="/debug/pprof/">/debug/pprof/</a>: profiles
</ul>
</html>
`)
}
