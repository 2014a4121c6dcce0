package redis_test

import (
	"context"
	"errors"
	"net"
	"sync/atomic"

	driver "github.com/redis/go-redis/v9"
)

var errNetwork = errors.New("the network is to blame")

// network is a hook of a client that does what networks do to commands.
type network struct {
	fault atomic.Int32
	late  chan func() error // commands that are held back
}

const (
	none        = iota
	losesAnswer // it arrives, and the answer does not
	repeats     // it arrives twice, as where the client sends it again
	delays      // it arrives when the test says so, and the client has given up
)

func newNetwork() *network { return &network{late: make(chan func() error, 100)} }

func (n *network) DialHook(next driver.DialHook) driver.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) { return next(ctx, network, addr) }
}

func (n *network) ProcessHook(next driver.ProcessHook) driver.ProcessHook {
	return func(ctx context.Context, cmd driver.Cmder) error {
		err := n.carry(func() error { return next(context.WithoutCancel(ctx), cmd) })
		if err != nil {
			cmd.SetErr(err)
		}
		return err
	}
}

func (n *network) ProcessPipelineHook(next driver.ProcessPipelineHook) driver.ProcessPipelineHook {
	return func(ctx context.Context, cmds []driver.Cmder) error {
		err := n.carry(func() error { return next(context.WithoutCancel(ctx), cmds) })
		if errors.Is(err, errNetwork) {
			for _, cmd := range cmds {
				cmd.SetErr(err)
			}
		}
		return err
	}
}

func (n *network) carry(send func() error) error {
	switch n.fault.Load() {
	case losesAnswer:
		_ = send()
		return errNetwork
	case repeats:
		_ = send()
	case delays:
		n.late <- send
		return errNetwork
	}
	return send()
}
