package edge

import (
	"crypto/tls"
	"net"
)

// ListenTLS is l behind TLS, for an http.Server that has the Edge as its handler
// for WebSockets: the handshake of TLS is net/http's, and so are HTTP/2 and the
// head of each request. It costs far less than the keys do.
func (e *Edge) ListenTLS(l net.Listener, cfg *tls.Config) net.Listener { return tlsListener{l, cfg} }

type tlsListener struct {
	net.Listener
	cfg *tls.Config
}

// Accept implements net.Listener.
func (l tlsListener) Accept() (net.Conn, error) {
	nc, err := l.Listener.Accept()
	if err != nil {
		return nil, err // as it is: net/http tries some again
	}
	return serverTLS(nc, l.cfg), nil
}

// serverTLS is the server's side of TLS on a connection.
func serverTLS(nc net.Conn, cfg *tls.Config) *tls.Conn { return tls.Server(nc, cfg) }
