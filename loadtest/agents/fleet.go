package agents

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/loadtest/measure"
	"parley/loadtest/plan"
	"parley/loadtest/report"
	"parley/loadtest/scenario"
	"parley/loadtest/target"
)

// Counters of agents that did not do all of their share; by default either fails a
// run.
const (
	CountGone   = "agents.gone"
	CountFailed = "agents.failed"
)

// Orders are what a Fleet is to do.
type Orders struct {
	Tool      report.Tool // agents must be of the same
	Addresses []string    // of the agents, host:port
	Token     string      // that they ask for
	Plan      plan.Plan
	URLs      []string // of the deployment, as the agents reach it
	Tokens    []string // of users; none: they sign up
	Prefix    string   // of users who sign up
}

// Fleet is a load that agents run together.
type Fleet struct {
	orders  Orders
	members []*member
}

// NewFleet makes a fleet of agents, or says why there cannot be one.
func NewFleet(o Orders) (*Fleet, error) {
	f := &Fleet{orders: o}
	run, client, known := rand.Text(), &http.Client{Transport: &http.Transport{}}, map[string]bool{}
	for _, address := range o.Addresses {
		if known[address] {
			return nil, fmt.Errorf("agents: %s is there twice", address)
		}
		known[address] = true
		f.members = append(f.members, &member{
			address: address, run: run, token: o.Token, http: client, fate: report.Agent{Address: address},
		})
	}
	for i := range f.members {
		if _, err := f.share(i).Load(nil); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// Agents tells what became of the agents, when the load has ended.
func (f *Fleet) Agents() (list []report.Agent) {
	for _, m := range f.members {
		list = append(list, m.fate)
	}
	return list
}

// Run has all agents begin together, keeps what they record, and returns when all
// have ended or are gone. It fails if not all could begin, or none could run.
func (f *Fleet) Run(ctx context.Context, _ *target.Target, r *measure.Recorder) error {
	defer f.members[0].http.CloseIdleConnections()
	r.Count(CountGone, 0) // so that there is something to hold rules against
	r.Count(CountFailed, 0)
	began, err := f.begin(ctx)
	if err != nil {
		f.each(func(m *member) { m.end(ctx) })
		return err
	}
	after := measure.Seconds(began.Sub(r.Snapshot().Started).Seconds())
	f.each(func(m *member) { m.watch(ctx, r, after) })
	return f.failed()
}

// begin gives the orders, and returns when the agents' loads begin.
func (f *Fleet) begin(ctx context.Context) (began time.Time, err error) {
	err = f.ask(func(_ int, m *member) error { return m.greet(ctx, f.orders.Tool) })
	if err != nil {
		return began, err
	}
	err = f.ask(func(i int, m *member) error {
		return m.ask(ctx, http.MethodPost, "/v1/runs", order{
			ID: m.run, Plan: f.share(i), URLs: f.orders.URLs, Tokens: f.tokens(i), Prefix: f.orders.Prefix,
		}, nil)
	})
	if err != nil {
		return began, err
	}
	began = time.Now().Add(soon)
	return began, f.ask(func(_ int, m *member) error {
		return m.ask(ctx, http.MethodPost, "/v1/runs/"+m.run+"/start", start{In: time.Until(began)}, nil)
	})
}

// share is what the ith agent has of the plan.
func (f *Fleet) share(i int) plan.Plan {
	p := f.orders.Plan
	p.Share = scenario.Share{Index: i, Of: len(f.orders.Addresses)}
	return p
}

// tokens are those of the ith agent's users, which no other has.
func (f *Fleet) tokens(i int) []string {
	share, all := f.share(i).Share, f.orders.Tokens
	from := share.Before(len(all))
	return all[from : from+share.Count(len(all))]
}

// ask asks all agents at once, and returns the first refusal when all have answered.
func (f *Fleet) ask(do func(i int, m *member) error) error {
	var group errgroup.Group
	for i, m := range f.members {
		group.Go(func() error { return do(i, m) })
	}
	return group.Wait()
}

// each does something with all agents at once.
func (f *Fleet) each(do func(*member)) {
	var group sync.WaitGroup
	for _, m := range f.members {
		group.Go(func() { do(m) })
	}
	group.Wait()
}

// failed is an error if no agent could run its share.
func (f *Fleet) failed() error {
	var all []error
	for _, m := range f.members {
		if m.fate.Failed == "" {
			return nil
		}
		all = append(all, fmt.Errorf("agents: %s: %s", m.address, m.fate.Failed))
	}
	return errors.Join(all...)
}
