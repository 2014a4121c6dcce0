package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// healthTimeout bounds the whole question: an orchestrator asks again in seconds.
const healthTimeout = 3 * time.Second

func newHealth(p process, s *settings) *cobra.Command {
	var ready bool
	cmd := &cobra.Command{
		Use:   "health",
		Short: "Ask the node on this host whether it is alive",
		Long: "Ask the admin listener of the node on this host (admin.addr) for /healthz,\n" +
			"or /readyz with --ready. Exit code 0: yes. 1: no, or it did not answer.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := s.loadFor(p)
			if err != nil {
				return err
			}
			if cfg.Admin.Addr == "" {
				return errors.New("health asks the admin listener, and admin.addr turns it off")
			}
			path := "/healthz"
			if ready {
				path = "/readyz"
			}
			return failed(ask(cmd.Context(), "http://"+reachable(cfg.Admin.Addr)+path, p.stdout))
		},
	}
	cmd.Flags().BoolVar(&ready, "ready", false, "ask whether the node is ready for traffic")
	s.bind(cmd.Flags(), "admin.addr")
	return cmd
}

// ask prints the answer of url, and returns an error unless it is 200.
func ask(ctx context.Context, url string, w io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return err
	}
	transport := &http.Transport{DisableKeepAlives: true} // no proxy: the node is on this host
	response, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, 64<<10))
	if err != nil {
		return err
	}
	answer := strings.TrimSpace(string(body))
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s: %s", url, response.Status, answer)
	}
	_, err = fmt.Fprintln(w, answer)
	return err
}
