package app_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/servers"
)

// A node starts and stops whether Redis is away or hangs, and is not held up by it for
// as long as it may take to stop. It says that the others were not told.
func TestStartAndStopWithoutRedis(t *testing.T) {
	redis := servers.Redis(t)
	cfg := config(t)
	cfg.Cluster.RedisURL = redis.URL()
	for _, c := range []struct {
		what string
		end  func()
	}{{"hangs", redis.Pause}, {"is away", redis.Kill}} {
		t.Run(c.what, func(t *testing.T) {
			c.end()
			a, err := build(t, cfg)
			require.NoError(t, err)
			require.NoError(t, a.Start(t.Context()))
			for _, path := range []string{"/healthz", "/readyz"} {
				require.Equal(t, http.StatusOK, get(t, "http://"+a.AdminAddr()+path).StatusCode, path)
			}
			ctx, cancel := context.WithTimeout(context.Background(), 12*time.Second)
			defer cancel()
			require.ErrorContains(t, a.Stop(ctx), "app: stop presence")
			require.NoError(t, ctx.Err(), "it took all the time that there was")
		})
	}
}
