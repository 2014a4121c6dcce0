package agents

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"parley/loadtest/report"
)

// member is an agent, as its coordinator knows it.
type member struct {
	// static
	address string // host:port
	run     string // id of the run
	token   string
	http    *http.Client

	// owned by the goroutine that watches it
	samples int // of its series that are known
	fate    report.Agent
}

// refusal is what an agent answered instead of doing what it was asked to.
type refusal struct {
	status int
	detail string
}

func (r *refusal) Error() string { return r.detail }

// ask sends a request and reads the answer.
func (m *member) ask(ctx context.Context, method, path string, body, into any) error {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	var sent bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&sent).Encode(body); err != nil {
			return fmt.Errorf("agents: %w", err)
		}
	}
	request, err := http.NewRequestWithContext(ctx, method, "http://"+m.address+path, &sent)
	if err != nil {
		return fmt.Errorf("agents: %w", err)
	}
	request.Header.Set("Authorization", "Bearer "+m.token)
	response, err := m.http.Do(request)
	if err != nil {
		return fmt.Errorf("agents: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	got := json.NewDecoder(io.LimitReader(response.Body, mostState))
	if response.StatusCode >= http.StatusBadRequest {
		p := problem{}
		if err := got.Decode(&p); err != nil || p.Detail == "" {
			p.Detail = "it answers " + response.Status
		}
		return fmt.Errorf("agents: %s: %w", m.address, &refusal{response.StatusCode, p.Detail})
	}
	if into == nil {
		return nil
	}
	if err := got.Decode(into); err != nil {
		return fmt.Errorf("agents: %s: %w", m.address, err)
	}
	return nil
}

// greet finds out whether the agent is of the same build.
func (m *member) greet(ctx context.Context, tool report.Tool) error {
	var g greeting
	if err := m.ask(ctx, http.MethodGet, "/v1/agent", nil, &g); err != nil {
		return err
	}
	if g.Tool != tool {
		return fmt.Errorf("agents: %s is parley-load %s (commit %s), and this is %s (commit %s)",
			m.address, g.Tool.Version, g.Tool.Commit, tool.Version, tool.Commit)
	}
	return nil
}

// state asks how the run stands. An agent that knows of no run has lost it.
func (m *member) state(ctx context.Context) (s state, err error) {
	err = m.ask(ctx, http.MethodGet, fmt.Sprintf("/v1/runs/%s?after=%d", m.run, m.samples), nil, &s)
	return s, err
}

// end has the agent end its load. Where it does not hear that, its lease ends it.
func (m *member) end(ctx context.Context) {
	_ = m.ask(context.WithoutCancel(ctx), http.MethodDelete, "/v1/runs/"+m.run, nil, nil)
}

// forgotten tells the answer of an agent that was started anew.
func forgotten(err error) bool {
	var r *refusal
	return errors.As(err, &r) && r.status == http.StatusNotFound
}
