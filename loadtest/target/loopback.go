package target

import (
	"context"
	"errors"
	"fmt"
	"net"
)

// ErrUnconfirmed refuses a deployment on another machine that nobody confirmed: a
// load test that goes to the wrong address hurts people.
var ErrUnconfirmed = errors.New("target: not on this machine, and not confirmed")

// locate returns a URL's base and whether it leads to this machine: whether each
// address of its host is a loopback one.
func locate(ctx context.Context, raw string) (base string, here bool, err error) {
	u, err := parse(raw)
	if err != nil {
		return "", false, err
	}
	addresses, err := net.DefaultResolver.LookupNetIP(ctx, "ip", u.Hostname())
	if err != nil {
		return "", false, fmt.Errorf("target: %w", err)
	}
	here = len(addresses) > 0
	for _, a := range addresses {
		here = here && a.Unmap().IsLoopback()
	}
	return baseOf(u), here, nil
}
