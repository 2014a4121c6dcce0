package faults_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/internal/faults"
)

// patience bounds every wait of a test.
const patience = 30 * time.Second

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// wire is a TCP connection through a proxy, seen from both ends.
type wire struct {
	*faults.Conn
	client, server *net.TCPConn
}

// tcp connects a client with a server through a proxy of their own.
func tcp(t *testing.T) wire {
	t.Helper()
	l, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	conns := make(chan *faults.Conn, 1)
	p, err := faults.New(l.Addr().String(), func(c *faults.Conn) { conns <- c })
	require.NoError(t, err)
	t.Cleanup(p.Close)
	client := dial(t, p.Addr())
	server, err := l.AcceptTCP()
	require.NoError(t, err)
	t.Cleanup(func() { _ = server.Close() })
	require.NoError(t, server.SetDeadline(time.Now().Add(patience)))
	return wire{<-conns, client, server}
}

func dial(t *testing.T, addr string) *net.TCPConn {
	t.Helper()
	k, err := (&net.Dialer{}).DialContext(within(t), "tcp", addr)
	require.NoError(t, err)
	t.Cleanup(func() { _ = k.Close() })
	require.NoError(t, k.SetDeadline(time.Now().Add(patience)))
	return k.(*net.TCPConn)
}

func write(t *testing.T, k net.Conn, text string) {
	t.Helper()
	_, err := io.WriteString(k, text)
	require.NoError(t, err)
}

// read requires these bytes to come next.
func read(t *testing.T, k net.Conn, want string) {
	t.Helper()
	got := make([]byte, len(want))
	n, err := io.ReadFull(k, got)
	require.NoError(t, err, "after %q", got[:n])
	require.Equal(t, want, string(got))
}

// rest reads to the end and returns what came, and why it ended: nil for a FIN.
func rest(t *testing.T, k net.Conn) (string, error) {
	t.Helper()
	b, err := io.ReadAll(k)
	require.NotErrorIs(t, err, context.DeadlineExceeded)
	return string(b), err
}

func requireReset(t *testing.T, k net.Conn, before string) {
	t.Helper()
	got, err := rest(t, k)
	require.ErrorIs(t, err, syscall.ECONNRESET)
	require.Equal(t, before, got)
}

func requireFIN(t *testing.T, k net.Conn, before string) {
	t.Helper()
	got, err := rest(t, k)
	require.NoError(t, err)
	require.Equal(t, before, got)
}

// talk is a WebSocket through a proxy, seen from both ends.
type talk struct {
	*faults.Conn
	client, server *websocket.Conn
}

// converse opens a WebSocket through a proxy of its own.
func converse(t *testing.T) talk {
	t.Helper()
	opened, ended := make(chan *websocket.Conn, 1), make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		k, err := websocket.Accept(w, r, nil)
		if err != nil {
			return // the client sees it
		}
		opened <- k
		<-ended
		_ = k.CloseNow()
	}))
	t.Cleanup(s.Close)
	t.Cleanup(func() { close(ended) })
	p, err := faults.New(strings.TrimPrefix(s.URL, "http://"), nil)
	require.NoError(t, err)
	t.Cleanup(p.Close)
	k, _, err := websocket.Dial(within(t), "ws://"+p.Addr(), nil)
	require.NoError(t, err)
	t.Cleanup(func() { _ = k.CloseNow() })
	return talk{p.Current(), k, <-opened}
}

func say(t *testing.T, k *websocket.Conn, texts ...string) {
	t.Helper()
	for _, text := range texts {
		require.NoError(t, k.Write(within(t), websocket.MessageText, []byte(text)))
	}
}

// hear reads to the socket's end and returns what came before.
func hear(t *testing.T, k *websocket.Conn) (all []string, err error) {
	t.Helper()
	for {
		_, b, err := k.Read(within(t))
		if err != nil {
			require.NotErrorIs(t, err, context.DeadlineExceeded)
			return all, err
		}
		all = append(all, string(b))
	}
}

func isLost(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, io.ErrUnexpectedEOF)
}
