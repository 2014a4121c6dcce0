package edge_test

import (
	"context"
	"crypto/tls"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/edge"
)

// overTLS is the medium whose records the tests below make themselves.
func overTLS(t *testing.T) medium {
	t.Helper()
	t.Parallel()
	for _, m := range media() {
		if m.name == "tls" {
			return m
		}
	}
	panic("unreachable")
}

func TestRecordByteByByte(t *testing.T) {
	s := serve(t, overTLS(t), edge.Config{}, echo)
	p := s.upgraded()
	records := append(p.seal(recordData, string(text("drop by drop"))), p.seal(recordData, string(text("again")))...)
	for _, b := range records {
		p.write([]byte{b})
		s.turn()
	}
	require.Equal(t, "drop by drop", p.text())
	require.Equal(t, "again", p.text())
}

func TestLargestRecords(t *testing.T) {
	s := serve(t, overTLS(t), edge.Config{FrameBytes: 1 << 20}, nil)
	p, k := s.upgraded(), s.next()
	const record = 1 << 14 // RFC 8446, section 5.1
	want := strings.Repeat("0123456789abcdef", 20*record/16)
	wire := string(text(want))
	for len(wire) > 0 {
		n := min(len(wire), record)
		p.send(recordData, wire[:n])
		wire = wire[n:]
	}
	require.Equal(t, want, take(t, k.received, "the message"))
}

// A record of nothing but padding, and many frames in one record.
func TestOddRecords(t *testing.T) {
	s := serve(t, overTLS(t), edge.Config{}, echo)
	p := s.upgraded()
	p.write(p.seal(recordData, ""), p.seal(recordData, string(text("a"))+string(text("b"))+string(text("c"))[:3]))
	require.Equal(t, frameOut("a")+frameOut("b"), p.data(), "sent in one record")
	p.send(recordData, string(text("c"))[3:])
	require.Equal(t, "c", p.text())
}

func frameOut(payload string) string { return "\x81" + string(rune(len(payload))) + payload }

func TestKeyUpdates(t *testing.T) {
	for name, cut := range map[string]int{"whole": 0, "in two records": 3} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, overTLS(t), edge.Config{}, echo)
			p := s.upgraded()
			update := func(request bool) (records []byte) {
				message := keyUpdate(request)
				if cut > 0 {
					records = p.seal(recordHandshake, message[:cut])
				}
				records = append(records, p.seal(recordHandshake, message[cut:])...)
				p.out = p.next(p.out)
				return records
			}
			for range 3 {
				p.write(update(false), p.seal(recordData, string(text("the server keeps its key"))))
				require.Equal(t, "the server keeps its key", p.text())

				p.write(update(true))
				kind, payload, err := p.record()
				require.NoError(t, err)
				require.Equal(t, recordHandshake, kind)
				require.Equal(t, keyUpdate(false), string(payload), "the server's own update")
				p.in = p.next(p.in)
				p.send(recordData, string(text("both are new")))
				require.Equal(t, "both are new", p.text())
			}
		})
	}
}

// What cannot be read, or may not come, is answered by an alert and the end.
func TestViolationsOfTLS(t *testing.T) {
	for name, way := range map[string]struct {
		record func(p *recordPeer) []byte
		alert  byte
	}{
		"a record that was changed": {func(p *recordPeer) []byte {
			r := p.seal(recordData, string(text("hello")))
			r[len(r)-1] ^= 1
			return r
		}, alertBadRecordMAC},
		"a record too long":             {func(*recordPeer) []byte { return []byte{recordData, 3, 3, 0x41, 0x01} }, alertRecordOverflow},
		"another handshake":             {func(p *recordPeer) []byte { return p.seal(recordHandshake, clientHello) }, alertUnexpectedMessage},
		"a record of an unknown type":   {func(p *recordPeer) []byte { return p.seal(99, "?") }, alertUnexpectedMessage},
		"too many key updates in a row": {func(p *recordPeer) []byte { return idleUpdates(p, 50) }, alertUnexpectedMessage},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, overTLS(t), edge.Config{CloseTimeout: forever}, nil)
			p, k := s.upgraded(), s.next()
			p.write(p.seal(recordData, string(text("before"))), way.record(p))
			require.Equal(t, []byte{way.alert, alertCloseNotify}, p.alerts())
			require.Equal(t, edge.Closure{Code: 1006, Remote: true}, k.end(t))
			require.Equal(t, "before", <-k.received)
			s.empty()
		})
	}
}

// clientHello is a whole one (RFC 8446, section 4.1.2), with one cipher suite.
const clientHello = "\x01\x00\x00\x29\x03\x03" + "an unguessable number; 32 bytes." +
	"\x00\x00\x02\x13\x01\x01\x00"

func idleUpdates(p *recordPeer, n int) (records []byte) {
	for range n {
		records = append(records, p.seal(recordHandshake, keyUpdate(false))...)
		p.out = p.next(p.out)
	}
	return records
}

// close_notify is the end of the stream, though the TCP connection stays.
func TestPeerSaysGoodbyeToTLSOnly(t *testing.T) {
	s := serve(t, overTLS(t), edge.Config{CloseTimeout: forever}, nil)
	p, k := s.upgraded(), s.next()
	p.write(p.seal(recordData, string(text("last"))), p.seal(recordAlert, "\x01\x00"))
	require.Equal(t, []byte{alertCloseNotify}, p.alerts())
	require.True(t, k.end(t).Lost())
	require.Equal(t, "last", <-k.received)
	s.empty()
}

// The goodbye came in one piece with what a paused socket has not handled yet.
func TestGoodbyeWhilePaused(t *testing.T) {
	s := serve(t, overTLS(t), edge.Config{CloseTimeout: forever}, func(k *socket) {
		k.onReceive = func(k *socket, _ string) { k.conn.PauseReading() }
	})
	p, k := s.upgraded(), s.next()
	p.write(p.seal(recordData, string(text("one"))), p.seal(recordData, string(text("two"))), p.seal(recordAlert, "\x01\x00"))
	for _, want := range []string{"one", "two"} {
		require.Equal(t, want, take(t, k.received, "a message"))
		require.Empty(t, k.closed)
		k.do(t, (*edge.Conn).ResumeReading)
	}
	require.True(t, k.end(t).Lost())
	s.empty()
}

func TestServerSaysGoodbye(t *testing.T) {
	s := serve(t, overTLS(t), edge.Config{CloseTimeout: forever}, nil)
	p, k := s.upgraded(), s.next()
	k.do(t, func(c *edge.Conn) { c.Close(1012, "restart") })
	require.Equal(t, "\x88\x09\x03\xf4restart", p.data())
	p.send(recordData, string(closeFrame(1012, "")))
	require.Equal(t, []byte{alertCloseNotify}, p.alerts())
	s.empty()
}

// All that comes behind the opening handshake at once is handled in order: the
// part that net/http has buffered, the part that crypto/tls has opened, and what
// is still in the kernel.
func TestMuchRightBehindTheHandshake(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		for name, paused := range map[string]bool{"reading": false, "paused from the start": true} {
			t.Run(name, func(t *testing.T) {
				first := true
				s := serve(t, m, edge.Config{}, func(k *socket) {
					if paused && first {
						k.conn.PauseReading()
					}
					first = false
				})
				var early []byte
				for i := range 100 {
					early = append(early, text(numbered(i, 1000))...)
				}
				s.peer(early...)
				k := s.next()
				if paused {
					settled(t, s)
					require.Empty(t, k.received)
					k.do(t, (*edge.Conn).ResumeReading)
				}
				for i := range 100 {
					require.Equal(t, numbered(i, 1000), take(t, k.received, "a message"))
				}
			})
		}
	})
}

// One record holds the opening handshake and more frames than net/http buffers;
// nothing else ever comes, or only the end of the stream, which must not
// overtake them.
func TestFramesInTheRecordOfTheHandshake(t *testing.T) {
	m := overTLS(t)
	for name, ends := range map[string]bool{"alone": false, "with the end of the stream": true} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, m, edge.Config{}, nil)
			p := s.records()
			const n = 14
			var early string
			for i := range n {
				early += string(text(numbered(i, 1000)))
			}
			p.send(recordData, opening+early)
			if ends {
				require.NoError(t, p.Conn.(*net.TCPConn).CloseWrite())
			} else {
				p.upgraded() // whose answer may be cut off where the client's end is seen first
			}
			k := s.next()
			for i := range n {
				require.Equal(t, numbered(i, 1000), take(t, k.received, "a message"))
			}
			if ends {
				require.True(t, k.end(t).Lost())
			}
		})
	}
}

// Who connects and says nothing, or not enough, is not waited for longer than
// the deadline.
func TestHandshakeDeadline(t *testing.T) {
	for name, said := range map[string]string{"silent": "", "half a record": "\x16\x03\x01\x02\x00\x01\x00"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, err := net.Listen("tcp", "127.0.0.1:0")
			require.NoError(t, err)
			under := edge.NewTLSListener(l, certified())
			defer func() { require.NoError(t, under.Close()) }()
			client, err := net.Dial("tcp", l.Addr().String())
			require.NoError(t, err)
			defer func() { require.NoError(t, client.Close()) }()
			_, err = client.Write([]byte(said))
			require.NoError(t, err)
			nc, err := under.Accept()
			require.NoError(t, err)
			require.NoError(t, nc.SetDeadline(time.Now().Add(10*time.Millisecond)))
			err = nc.(*tls.Conn).HandshakeContext(context.Background())
			var timeout net.Error
			require.True(t, asTimeout(err, &timeout), "%v", err)
			_ = nc.Close()
		})
	}
}
