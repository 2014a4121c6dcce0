package redis

import (
	"cmp"
	"context"
	"errors"
	"net"
	"sync"

	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// errDialedOnce keeps a subscription from being made anew behind our back.
var errDialedOnce = errors.New("the connection was lost")

// likeClient returns the options of a connection of our own to addr, like the
// client's. Nothing is tried twice: what failed may have been carried.
func (b *Bus) likeClient(addr string) *goredis.Options {
	var o goredis.Options
	if b.base != nil {
		o = *b.base
	} else {
		c := b.cluster.Options()
		o = goredis.Options{
			Addr: addr, ClientName: c.ClientName, Dialer: c.Dialer, OnConnect: c.OnConnect,
			Username: c.Username, Password: c.Password,
			CredentialsProvider: c.CredentialsProvider, CredentialsProviderContext: c.CredentialsProviderContext,
			StreamingCredentialsProvider: c.StreamingCredentialsProvider, TLSConfig: c.TLSConfig,
			DisableIdentity: c.DisableIdentity,
		}
	}
	o.Protocol = 2
	o.MaxRetries, o.DialerRetries = -1, 1
	o.DialTimeout, o.ReadTimeout, o.WriteTimeout, o.PoolTimeout = b.cfg.Timeout, b.cfg.Timeout, b.cfg.Timeout, b.cfg.Timeout
	o.ContextTimeoutEnabled = true
	o.PipelinePoolSize = -1 // pipelines are all there is
	o.PoolSize = 4          // one for the writer; Ping comes rarely
	o.MinIdleConns, o.MaxIdleConns, o.MaxActiveConns = 0, 0, 0
	o.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	return &o
}

// dialOnce makes a client that connects a single time.
func (b *Bus) dialOnce(addr string) *goredis.Client {
	o := b.likeClient(addr)
	dial := o.Dialer
	if dial == nil {
		dial = goredis.NewDialer(o)
	}
	var mu sync.Mutex
	var failure error // of the attempts after the first
	o.Dialer = func(ctx context.Context, network, addr string) (net.Conn, error) {
		mu.Lock()
		defer mu.Unlock()
		if failure != nil {
			return nil, failure
		}
		conn, err := dial(ctx, network, addr)
		failure = cmp.Or(err, errDialedOnce)
		return conn, err
	}
	return goredis.NewClient(o)
}
