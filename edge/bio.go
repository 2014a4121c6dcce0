//go:build linux && !noepoll

package edge

import (
	"net"
	"time"
)

// bio is what crypto/tls reads a socket's records from and writes them to.
// While the handshake runs it is the connection that it was made of, and
// blocks. Once a shard owns the socket it never does: it gives what the loop
// has read, and keeps what is written until the loop sends it.
//
// That much of an error crypto/tls forgives when it reads (Go 1.26, conn.go):
// readRecordOrCCS makes every error stick but one that says it is Temporary,
// and leaves what it has of a record in rawInput, of a handshake message in
// hand; atLeastReader hands such an error through. The next Read goes on from
// there. When it writes it forgives nothing (Conn.Write, setErrorLocked), so
// Write never fails.
type bio struct {
	net.Conn             // while the handshake runs; nil on a shard
	bufs     *tlsBuffers // the shard's; nil while the handshake runs
	record   recordReader
}

// tlsBuffers are what a shard needs for the TLS socket that has its turn; an
// idle one has none of its own.
type tlsBuffers struct {
	received []byte // what the kernel's bytes are read into
	unread   []byte // the part of received that crypto/tls has not taken yet
	opened   []byte // lent to crypto/tls, to open a record in
	plain    []byte // frames that go into the same records
	sealed   []byte // records to be sent; empty between two sockets' turns
	fields   tlsFields
}

const (
	receivedBytes = 32 << 10 // with what is left of a record before, no more than Shard.buf holds
	openedBytes   = 20 << 10 // the largest record, and room to read that bytes.Buffer wants behind it
	plainBytes    = 32 << 10 // most that is sealed at once, and so waits beside the outbox
)

func newTLSBuffers() *tlsBuffers {
	return &tlsBuffers{
		received: make([]byte, receivedBytes),
		opened:   make([]byte, 0, openedBytes),
		plain:    make([]byte, 0, plainBytes),
		sealed:   make([]byte, 0, plainBytes+plainBytes/16), // headers and tags of records of 1 KiB
		fields:   findTLSFields(),
	}
}

// Read never takes more than the record that it is in, so that crypto/tls never
// holds more than one: what is lent to it is always large enough.
func (b *bio) Read(p []byte) (n int, err error) {
	p = p[:min(len(p), b.record.rest())]
	switch {
	case b.bufs == nil:
		n, err = b.Conn.Read(p)
	case len(b.bufs.unread) == 0:
		return 0, dry{}
	default:
		n = copy(p, b.bufs.unread)
		b.bufs.unread = b.bufs.unread[n:]
	}
	b.record.took(p[:n])
	return n, err
}

func (b *bio) Write(p []byte) (int, error) {
	if b.bufs == nil {
		return b.Conn.Write(p)
	}
	b.bufs.sealed = append(b.bufs.sealed, p...)
	return len(p), nil
}

// SetWriteDeadline is what crypto/tls calls before it says goodbye.
func (b *bio) SetWriteDeadline(t time.Time) error {
	if b.bufs == nil {
		return b.Conn.SetWriteDeadline(t)
	}
	return nil
}

// recordReader follows the records in a stream (RFC 8446, section 5.1: type,
// version, two bytes of length, fragment).
type recordReader struct {
	head uint8  // bytes of the header that are read
	left uint16 // of the fragment, once the header is whole
}

const recordHeader = 5

// rest is how many bytes are known to belong to the record.
func (r *recordReader) rest() int {
	if r.head < recordHeader {
		return recordHeader - int(r.head)
	}
	return int(r.left)
}

// took moves on by p, which is not longer than rest said.
func (r *recordReader) took(p []byte) {
	if r.head == recordHeader {
		r.left -= uint16(len(p))
	} else {
		for _, b := range p {
			if r.head++; r.head > recordHeader-2 {
				r.left = r.left<<8 | uint16(b)
			}
		}
	}
	if r.head == recordHeader && r.left == 0 {
		r.head = 0
	}
}

// dry is the error of a read that has to wait for the kernel.
type dry struct{}

var _ net.Error = dry{}

func (dry) Error() string   { return "edge: nothing to read yet" }
func (dry) Timeout() bool   { return true }
func (dry) Temporary() bool { return true }
