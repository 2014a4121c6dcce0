package api

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"parley/protocol"
)

// Route is a method and path that the API answers. {id} stands for a room's.
type Route struct {
	Method string
	Path   string
}

// Routes lists every route, aliases included, in the order in which they are
// documented. Each also answers without the slash at its end.
func Routes() []Route {
	return newServer(Config{}, Services{}).routes.list
}

// routes is the huma.Adapter between operations and a ServeMux.
type routes struct {
	mux     *http.ServeMux
	list    []Route
	methods map[string][]string // by path
	labels  map[string]string   // path by the mux's pattern
}

func newRoutes() *routes {
	r := &routes{
		mux:     http.NewServeMux(),
		methods: map[string][]string{},
		labels:  map[string]string{},
	}
	r.mux.HandleFunc("/api/", func(w http.ResponseWriter, _ *http.Request) {
		writeProblem(w, protocol.Errorf(protocol.CodeNotFound, "there is nothing at this path"))
	})
	return r
}

// Handle implements huma.Adapter: with and without the slash at the end.
func (r *routes) Handle(op *huma.Operation, handler func(huma.Context)) {
	r.list = append(r.list, Route{Method: op.Method, Path: op.Path})
	first := len(r.methods[op.Path]) == 0
	r.methods[op.Path] = append(r.methods[op.Path], op.Method)
	for _, pattern := range spellings(op.Path) {
		r.labels[op.Method+" "+pattern] = op.Path
		r.mux.HandleFunc(op.Method+" "+pattern, func(w http.ResponseWriter, req *http.Request) {
			handler(exchange{humago.NewContext(op, req, w)})
		})
		if first {
			r.labels[pattern] = op.Path
			r.mux.HandleFunc(pattern, r.methodNotAllowed(op.Path))
		}
	}
}

// ServeHTTP implements http.Handler.
func (r *routes) ServeHTTP(w http.ResponseWriter, req *http.Request) { r.mux.ServeHTTP(w, req) }

// spellings returns the mux patterns of a path: {$} keeps the slash from
// standing for everything below it.
func spellings(path string) []string {
	if bare, ok := strings.CutSuffix(path, "/"); ok {
		return []string{path + "{$}", bare}
	}
	return []string{path, path + "/{$}"}
}

// methodNotAllowed answers for a path that exists, by a method that does not.
func (r *routes) methodNotAllowed(path string) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		allowed := slices.Clone(r.methods[path])
		if slices.Contains(allowed, http.MethodGet) {
			allowed = append(allowed, http.MethodHead)
		}
		slices.Sort(allowed)
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		writeProblem(w, protocol.Errorf(protocol.CodeMethodNotAllowed,
			"%s is not allowed here; allowed: %s", methodLabel(req.Method), strings.Join(allowed, ", ")))
	}
}

// label returns the path of a pattern that the mux matched, for metrics.
func (r *routes) label(pattern string) string {
	if path, ok := r.labels[pattern]; ok {
		return path
	}
	return "unknown"
}

var _ huma.Adapter = (*routes)(nil)

// String implements fmt.Stringer.
func (r Route) String() string { return fmt.Sprintf("%s %s", r.Method, r.Path) }
