package crowd

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// Dial is a socket to open.
type Dial struct {
	Base  string // one of Config.URLs
	Path  string // such as /ws/room/7/, with a query if there is to be one
	Token string
}

// host is where a node is.
type host struct {
	secure bool
	name   string // with its port if there is one, as the Host header has it
	prefix string // of every path
	addr   netip.AddrPort
}

var errNoAddress = errors.New("crowd: the name has no address")

// locate finds the address of a base URL once, so that ten thousand sockets do not
// ask for it each.
func locate(ctx context.Context, base string) (host, error) {
	u, err := url.Parse(base)
	if err != nil {
		return host{}, fmt.Errorf("crowd: %w", err)
	}
	h := host{secure: u.Scheme == "https", name: u.Host, prefix: strings.TrimRight(u.Path, "/")}
	port := 80
	if h.secure {
		port = 443
	}
	if given := u.Port(); given != "" {
		if port, err = strconv.Atoi(given); err != nil {
			return host{}, fmt.Errorf("crowd: port of %s: %w", base, err)
		}
	}
	found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", u.Hostname())
	if err != nil {
		return host{}, fmt.Errorf("crowd: %w", err)
	}
	if len(found) == 0 {
		return host{}, fmt.Errorf("%w: %s", errNoAddress, base)
	}
	h.addr = netip.AddrPortFrom(found[0].Unmap(), uint16(port))
	return h, nil
}
