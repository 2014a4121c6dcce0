package main

import (
	"context"
	"fmt"
	"net/http"

	"github.com/coder/websocket"

	"parley/loadtest/bench/report"
)

// tls measures what an idle socket costs behind TLS. Its client is another than
// that of the other rows, with goroutines: only the server's memory counts.
func (t *trial) tls(ctx context.Context) error {
	return t.on(ctx, settings{secure: true}, func(s *stage) error {
		place, err := s.settle(ctx, s.o.secure/roomSize, roomSize)
		if err != nil {
			return err
		}
		if err := s.restart(ctx); err != nil {
			return err
		}
		dials := place.dials(chatPath)
		conns := make([]*websocket.Conn, len(dials))
		drop := func() {
			for i, c := range conns {
				if c != nil {
					_ = c.CloseNow()
					conns[i] = nil
				}
			}
		}
		defer drop()
		return s.growth(ctx, "", len(dials), report.AtMost(12_000), func(n int) error {
			drop()
			return together(ctx, n, func(ctx context.Context, i int) (err error) {
				conns[i], err = s.secure(ctx, dials[i].Path, dials[i].Token)
				return err
			})
		})
	})
}

// secure opens a socket behind TLS and takes its welcome. It is not read any
// more: what the row takes is less than a server waits for an answer to a ping.
func (s *stage) secure(ctx context.Context, path, token string) (*websocket.Conn, error) {
	c, res, err := websocket.Dial(ctx, "wss://"+s.server.addr.String()+path, &websocket.DialOptions{
		HTTPClient: s.settings.trust, HTTPHeader: http.Header{"Authorization": {"Token " + token}},
	})
	if err != nil {
		if res != nil && res.Body != nil {
			_ = res.Body.Close()
		}
		return nil, fmt.Errorf("wss: %w", err)
	}
	if _, _, err := c.Read(ctx); err != nil {
		_ = c.CloseNow()
		return nil, fmt.Errorf("wss: no welcome: %w", err)
	}
	return c, nil
}
