package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"parley/loadtest/agents"
)

// Times of an agent's listener.
const (
	headerTime = 5 * time.Second
	bodyTime   = 30 * time.Second
)

func newAgent(p process) *cobra.Command {
	var s sources
	var listen, tokenFile string
	var confirmed bool
	cmd := &cobra.Command{
		Use:   "agent",
		Short: "Run shares of loads for a coordinator (--agents of the other commands)",
		Long: `An agent waits for a coordinator, which is any other command with --agents, and runs
its share of the load. It ends the load when it has not heard of its coordinator for
five seconds. The two share a token, and what they say is not encrypted: keep them
in a network of their own.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			from, err := s.addresses()
			if err != nil {
				return err
			}
			token, err := agents.ReadToken(tokenFile)
			if err != nil {
				return err
			}
			var config net.ListenConfig
			listener, err := config.Listen(cmd.Context(), "tcp", listen)
			if err != nil {
				return &unable{err}
			}
			a := agents.New(agents.Config{Tool: tool(), Token: token, Confirmed: confirmed, Sources: from})
			server := &http.Server{Handler: a.Handler(), ReadHeaderTimeout: headerTime, ReadTimeout: bodyTime, WriteTimeout: bodyTime}
			served := make(chan error, 1)
			go func() { served <- server.Serve(listener) }()
			fmt.Fprintf(p.stdout, "agent listens at %s\n", listener.Addr())
			select {
			case <-cmd.Context().Done():
				a.Close()
				_ = server.Close() // nobody is left to be told
				<-served           //nolint:errcheck // it was closed
				return nil
			case err = <-served:
				a.Close()
				return &unable{errors.Join(errors.New("the listener has failed"), err)}
			}
		},
	}
	flags := cmd.Flags()
	s.bind(flags)
	flags.StringVar(&listen, "listen", "127.0.0.1:7070", "address to listen at")
	flags.StringVar(&tokenFile, "token-file", "", "file with the token that coordinators must show")
	flags.BoolVar(&confirmed, "target-confirmed", false, "deployments on other machines may be put under load from here")
	_ = cmd.MarkFlagRequired("token-file") // it is there
	return cmd
}
