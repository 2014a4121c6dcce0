package main

import (
	"fmt"
	"io"
	"net"
	"net/netip"

	"parley/configs"
)

// greet tells a person where the node is and what to try first.
func greet(w io.Writer, n node, cfg configs.HTTP) {
	scheme := "http://"
	if cfg.TLS.Cert != "" {
		scheme = "https://"
	}
	base := scheme + reachable(n.Addr())
	fmt.Fprintf(w, "Parley is ready at %s\n", base)
	if cfg.Page {
		fmt.Fprintf(w, "Open %s/ in a browser to chat and to call.\n", base)
	}
	if admin := n.AdminAddr(); admin != "" {
		fmt.Fprintf(w, "Metrics and health: http://%s\n", reachable(admin))
	}
	fmt.Fprintf(w, `Sign up to get a token:
  curl %s/api/auth/register/ -H 'Content-Type: application/json' \
    -d '{"username":"ann","email":"ann@example.com","password":"correct horse"}'
`, base)
}

// reachable turns an address that is listened on into one to connect to from
// the same host.
func reachable(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip, err := netip.ParseAddr(host); host == "" || (err == nil && ip.IsUnspecified()) {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}
