package agents

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strconv"
	"sync"

	"parley/loadtest/report"
	"parley/loadtest/target"
)

// Config sets an Agent up.
type Config struct {
	Tool      report.Tool
	Token     string       // that coordinators must show
	Confirmed bool         // deployments may be on other machines
	Sources   []netip.Addr // local addresses that sockets come from; none: what the load says
}

// Agent runs shares of loads for coordinators, one at a time.
type Agent struct {
	cfg Config // static

	mu  sync.Mutex
	run *job // guarded by mu: the latest; nil: there was none
}

// New makes an agent.
func New(cfg Config) *Agent { return &Agent{cfg: cfg} }

// Close ends what runs, and returns when it has ended.
func (a *Agent) Close() {
	a.mu.Lock()
	j := a.run
	a.mu.Unlock()
	if j != nil {
		j.end()
		<-j.ended
	}
}

// Handler serves coordinators.
func (a *Agent) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/agent", a.greet)
	mux.HandleFunc("POST /v1/runs", a.take)
	mux.HandleFunc("POST /v1/runs/{id}/start", a.begin)
	mux.HandleFunc("GET /v1/runs/{id}", a.tell)
	mux.HandleFunc("DELETE /v1/runs/{id}", a.end)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !allowed(r, a.cfg.Token) {
			refuse(w, http.StatusUnauthorized, errors.New("this is not the agent's token"))
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, mostOrder)
		mux.ServeHTTP(w, r)
	})
}

func (a *Agent) greet(w http.ResponseWriter, _ *http.Request) {
	a.mu.Lock()
	busy := a.run != nil && !a.run.free()
	a.mu.Unlock()
	answer(w, http.StatusOK, greeting{Tool: a.cfg.Tool, Busy: busy})
}

// take accepts an order, if it can be carried out.
func (a *Agent) take(w http.ResponseWriter, r *http.Request) {
	var o order
	if err := json.NewDecoder(r.Body).Decode(&o); err != nil {
		refuse(w, http.StatusBadRequest, err)
		return
	}
	t, err := target.New(r.Context(), target.Config{
		URLs: o.URLs, TokenList: o.Tokens, Prefix: o.Prefix, Confirmed: a.cfg.Confirmed,
	})
	if errors.Is(err, target.ErrUnconfirmed) {
		err = fmt.Errorf("%w; start the agent with --target-confirmed if this deployment may be put under load", err)
	}
	if err != nil {
		refuse(w, http.StatusUnprocessableEntity, err)
		return
	}
	load, err := o.Plan.Load(a.cfg.Sources)
	if err != nil {
		t.Close()
		refuse(w, http.StatusUnprocessableEntity, err)
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.run != nil && !a.run.free() {
		t.Close()
		refuse(w, http.StatusConflict, errors.New("the agent is busy with another run"))
		return
	}
	a.run = newJob(context.WithoutCancel(r.Context()), o.ID, a.cfg.Tool, load, t)
	w.WriteHeader(http.StatusCreated)
}

// with finds the run that a request is about, whose coordinator has shown that it
// lives.
func (a *Agent) with(w http.ResponseWriter, r *http.Request) (*job, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.run == nil || a.run.id != r.PathValue("id") {
		refuse(w, http.StatusNotFound, errors.New("there is no such run"))
		return nil, false
	}
	a.run.renew()
	return a.run, true
}

func (a *Agent) begin(w http.ResponseWriter, r *http.Request) {
	var s start
	if err := json.NewDecoder(r.Body).Decode(&s); err != nil {
		refuse(w, http.StatusBadRequest, err)
		return
	}
	if j, ok := a.with(w, r); ok {
		j.begin(s.In)
		w.WriteHeader(http.StatusNoContent)
	}
}

func (a *Agent) tell(w http.ResponseWriter, r *http.Request) {
	after, err := strconv.Atoi(r.FormValue("after"))
	if err != nil || after < 0 {
		refuse(w, http.StatusBadRequest, fmt.Errorf("after: want a number of samples, got %q", r.FormValue("after")))
		return
	}
	if j, ok := a.with(w, r); ok {
		answer(w, http.StatusOK, j.state(after))
	}
}

func (a *Agent) end(w http.ResponseWriter, r *http.Request) {
	if j, ok := a.with(w, r); ok {
		j.end()
		w.WriteHeader(http.StatusNoContent)
	}
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a coordinator that is gone is noticed by its silence
}

func refuse(w http.ResponseWriter, status int, err error) {
	answer(w, status, problem{Detail: err.Error()})
}
