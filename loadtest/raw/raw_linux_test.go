package raw

import (
	"bytes"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// pair is two ends of a non-blocking stream.
func pair(t *testing.T) (a, b int) {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	require.NoError(t, err)
	t.Cleanup(func() {
		for _, fd := range fds {
			_ = unix.Close(fd)
		}
	})
	return fds[0], fds[1]
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	a, b := pair(t)
	buf := make([]byte, 16)
	n, err := Receive(b, buf)
	require.NoError(t, err, "nothing has come yet")
	require.Zero(t, n)
	n, err = Send(a, []byte("hello"))
	require.NoError(t, err)
	require.Equal(t, 5, n)
	n, err = Receive(b, buf)
	require.NoError(t, err)
	require.Equal(t, "hello", string(buf[:n]))
}

func TestNothingIsNothing(t *testing.T) {
	a, _ := pair(t)
	n, err := Send(a, nil)
	require.NoError(t, err)
	require.Zero(t, n)
	n, err = Receive(a, nil)
	require.NoError(t, err, "no end of stream")
	require.Zero(t, n)
}

func TestAFullSocketTakesAPart(t *testing.T) {
	a, _ := pair(t)
	big := bytes.Repeat([]byte{'x'}, 1<<20)
	n, err := Send(a, big)
	require.NoError(t, err)
	require.Less(t, n, len(big))
	for n > 0 {
		n, err = Send(a, big)
		require.NoError(t, err, "it takes no more")
	}
}

func TestEndsAreErrors(t *testing.T) {
	a, b := pair(t)
	require.NoError(t, unix.Shutdown(a, unix.SHUT_WR))
	_, err := Receive(b, make([]byte, 1))
	require.ErrorIs(t, err, io.EOF)
	_, err = Receive(-1, make([]byte, 1))
	require.ErrorIs(t, err, unix.EBADF)
	_, err = Send(-1, make([]byte, 1))
	require.ErrorIs(t, err, unix.EBADF)
}

func TestNothingIsAllocated(t *testing.T) {
	a, b := pair(t)
	buf := make([]byte, 8)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		_, _ = Send(a, buf)
		_, _ = Receive(b, buf)
		_, _ = Receive(b, buf)
	}))
}
