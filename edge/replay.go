package edge

import (
	"io"
	"net"
)

// replayed is a connection of which the first bytes were read already: they are
// read again first. All else is TCP's, so that net/http does with it what it
// does with any.
type replayed struct {
	*net.TCPConn
	head []byte // the reader's
}

// Read implements net.Conn. Errors are TCP's own, which net/http knows.
func (r *replayed) Read(b []byte) (int, error) {
	if len(r.head) == 0 {
		return r.TCPConn.Read(b)
	}
	n := copy(b, r.head)
	r.head = r.head[n:]
	return n, nil
}

// WriteTo implements io.WriterTo, as TCP does.
func (r *replayed) WriteTo(w io.Writer) (int64, error) {
	n, err := w.Write(r.head)
	r.head = r.head[n:]
	if err != nil {
		return int64(n), err
	}
	rest, err := r.TCPConn.WriteTo(w)
	return int64(n) + rest, err
}
