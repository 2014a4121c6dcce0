package edge

import (
	"crypto/tls"
	"net"
)

// NewTLSListener accepts connections of l under TLS, as tls.NewListener does,
// in such a way that a shard can own them. The handshake of each runs with the
// first Read or Write.
func NewTLSListener(l net.Listener, cfg *tls.Config) net.Listener {
	return tlsListener{l, cfg}
}

type tlsListener struct {
	net.Listener
	cfg *tls.Config
}

func (l tlsListener) Accept() (net.Conn, error) {
	nc, err := l.Listener.Accept()
	if err != nil {
		return nil, err // as it is: net/http tries some again
	}
	return serverTLS(nc, l.cfg), nil
}
