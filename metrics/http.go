package metrics

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// maxRoutes bounds the route label. Parley has some thirty routes; more than
// this means that a caller passes paths in place of patterns.
const maxRoutes = 100

// HTTP counts and times REST requests.
type HTTP struct {
	// Static after construction.
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec

	// Guarded by mu.
	mu     sync.RWMutex
	routes map[string]struct{}
	series map[request]response
}

// request tells the series of requests apart; status 0 is one that HTTP does
// not have.
type request struct {
	route, method string
	status        int
}

// response is what is recorded when a request was answered.
type response struct {
	count   prometheus.Counter
	seconds prometheus.Observer
}

func newHTTP(f promauto.Factory) *HTTP {
	return &HTTP{
		requests: f.NewCounterVec(prometheus.CounterOpts{
			Name: "parley_http_requests_total",
			Help: "HTTP requests answered, by route, method and status.",
		}, []string{"route", "method", "status"}),
		seconds: f.NewHistogramVec(histogram("parley_http_request_seconds",
			"Time that an HTTP request took, by route and method.",
			[]float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}),
			[]string{"route", "method"}),
		routes: make(map[string]struct{}),
		series: make(map[request]response),
	}
}

// Request records an answered request. The route is the pattern that matched,
// never the path; "" stands for none.
func (h *HTTP) Request(route, method string, status int, took time.Duration) {
	r := h.response(route, method, status)
	r.count.Inc()
	observe(r.seconds, took)
}

func (h *HTTP) response(route, method string, status int) response {
	if route == "" {
		route = other
	}
	if status < 100 || status > 599 {
		status = 0
	}
	method = oneOf(method, http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut,
		http.MethodPatch, http.MethodDelete, http.MethodOptions)
	key := request{route: route, method: method, status: status}

	h.mu.RLock()
	r, ok := h.series[key]
	h.mu.RUnlock()
	if ok {
		return r
	}
	return h.add(key)
}

// add makes the series of key, under the route "other" once there are too many.
func (h *HTTP) add(key request) response {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.routes) < maxRoutes {
		h.routes[key.route] = struct{}{}
	} else if _, ok := h.routes[key.route]; !ok {
		key.route = other
	}
	status := other
	if key.status != 0 {
		status = strconv.Itoa(key.status)
	}
	r := response{
		count:   h.requests.WithLabelValues(key.route, key.method, status),
		seconds: h.seconds.WithLabelValues(key.route, key.method),
	}
	h.series[key] = r
	return r
}
