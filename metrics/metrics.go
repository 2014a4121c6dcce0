package metrics

import (
	"regexp"
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// BuildInfo names the program that is running; it becomes parley_build_info.
type BuildInfo struct {
	Version  string // for instance "1.2.0"
	Revision string // the commit that was built
}

// Metrics is one node's metrics, grouped by the part of Parley that reports
// them. Two Metrics share nothing, so that several nodes fit in one process
// (the Go and process metrics of all of them are then the process's).
type Metrics struct {
	Edge    *Edge
	Rooms   *Rooms
	Store   *Store
	Cluster *Cluster
	Calls   *Calls
	Chat    *Chat
	Auth    *Auth
	Gate    *Gate
	HTTP    *HTTP
	TLS     *TLS

	// Static after construction.
	registry *prometheus.Registry
	build    BuildInfo
	started  time.Time
}

// New makes a registry of its own with all metrics of Parley, of the Go runtime
// and of the process in it.
func New(build BuildInfo) *Metrics {
	reg := prometheus.NewRegistry()
	reg.MustRegister(
		collectors.NewGoCollector(collectors.WithGoCollectorRuntimeMetrics(
			// How long a goroutine that could run waits: late heartbeats begin here.
			collectors.GoRuntimeMetricsRule{Matcher: regexp.MustCompile(`^/sched/latencies:seconds$`)},
		)),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	f := promauto.With(reg)
	f.NewGauge(prometheus.GaugeOpts{
		Name: "parley_build_info",
		Help: "Constant 1, labeled with what is running.",
		ConstLabels: prometheus.Labels{
			"version": build.Version, "revision": build.Revision, "goversion": runtime.Version(),
		},
	}).Set(1)
	return &Metrics{
		Edge:    newEdge(reg),
		Rooms:   newRooms(f),
		Store:   newStore(reg),
		Cluster: newCluster(reg),
		Calls:   newCalls(f),
		Chat:    newChat(f),
		Auth:    newAuth(f),
		Gate:    newGate(f),
		HTTP:    newHTTP(f),
		TLS:     newTLS(f),

		registry: reg,
		build:    build,
		started:  time.Now(),
	}
}
