package load

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/loadtest/agents"
	"parley/loadtest/calls"
	"parley/loadtest/chat"
	"parley/loadtest/measure"
	"parley/loadtest/plan"
	"parley/loadtest/report"
	"parley/loadtest/run"
	"parley/loadtest/target"
)

// token is what agents and coordinators share.
const token = "0123456789abcdef"

// tool is the build of agents and coordinator.
func tool() report.Tool { return report.Tool{Version: "v1", Commit: "abc"} }

// startAgent starts an agent that ends with the test, and returns its listener.
func startAgent(t *testing.T, change ...func(*agents.Config)) *httptest.Server {
	t.Helper()
	cfg := agents.Config{Tool: tool(), Token: token}
	for _, c := range change {
		c(&cfg)
	}
	a := agents.New(cfg)
	server := httptest.NewServer(a.Handler())
	t.Cleanup(server.Close)
	t.Cleanup(a.Close)
	return server
}

func addresses(servers ...*httptest.Server) (list []string) {
	for _, s := range servers {
		list = append(list, strings.TrimPrefix(s.URL, "http://"))
	}
	return list
}

// orders are for agents that put a node under load.
func orders(url string, p plan.Plan, at ...*httptest.Server) agents.Orders {
	return agents.Orders{Tool: tool(), Addresses: addresses(at...), Token: token, Plan: p, URLs: []string{url}, Prefix: "agents"}
}

// command is a run of agents, as a coordinator does it.
func command(ctx context.Context, t *testing.T, o agents.Orders, r *measure.Recorder) (report.Report, error) {
	t.Helper()
	fleet, err := agents.NewFleet(o)
	require.NoError(t, err)
	tg, err := target.New(t.Context(), target.Config{URLs: o.URLs, Confirmed: true})
	require.NoError(t, err)
	defer tg.Close()
	return run.Do(ctx, run.Config{Tool: tool(), Name: "test"}, fleet, tg, r)
}

// talk is a chat of so many sockets, two rooms for each of two agents.
func talk(sockets int, d time.Duration) plan.Plan {
	o := chat.Defaults()
	o.Sockets, o.Rooms, o.Users, o.Rate, o.Duration = sockets, 4, 8, 40, d
	return plan.Plan{Chat: &o}
}

// ring is so many calls without media.
func ring(n int) plan.Plan {
	return plan.Plan{Calls: &calls.Config{Calls: n, Concurrency: n, Signaling: true, Hold: 500 * time.Millisecond}}
}

// post sends a request to an agent, and returns the status of the answer.
func post(t *testing.T, to *httptest.Server, path, body string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, to.URL+path, strings.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := to.Client().Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return response.StatusCode
}
