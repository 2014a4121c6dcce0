package raw

import (
	"io"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Receive takes what a non-blocking socket holds, as much as fits b (recv(2)): 0
// and no error if nothing has come yet, io.EOF at the end of the stream.
func Receive(fd int, b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	n, _, errno := unix.RawSyscall6(unix.SYS_RECVFROM, uintptr(fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)), 0, 0, 0) //nolint:gosec // G103: a raw system call takes addresses, see doc.go
	if errno == 0 && n == 0 {
		return 0, io.EOF
	}
	return outcome(n, errno)
}

// Send gives as much of b as a non-blocking socket takes (send(2)), which may
// be nothing.
func Send(fd int, b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	n, _, errno := unix.RawSyscall6(unix.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)), unix.MSG_NOSIGNAL, 0, 0) //nolint:gosec // G103: a raw system call takes addresses, see doc.go
	return outcome(n, errno)
}

// outcome is a call's result; to come again later is no error.
func outcome(n uintptr, errno syscall.Errno) (int, error) {
	switch errno {
	case 0:
		return int(n), nil
	case unix.EAGAIN, unix.EINTR:
		return 0, nil
	default:
		return 0, errno
	}
}
