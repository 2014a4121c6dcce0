//go:build linux && !noepoll

package edge

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// The calls below never wait: the descriptors are non-blocking, and epoll is
// asked without a timeout. So the Go scheduler is not told of them: see
// docs/adr/0008-loop-and-scheduler.md. The kernel keeps no pointer when they
// return.

func readNow(fd int, b []byte) (int, error) {
	return rawCall(unix.SYS_READ, fd, unsafe.Pointer(unsafe.SliceData(b)), len(b)) //nolint:gosec // G103: see above
}

func writeNow(fd int, b []byte) (int, error) {
	return rawCall(unix.SYS_WRITE, fd, unsafe.Pointer(unsafe.SliceData(b)), len(b)) //nolint:gosec // G103: see above
}

func writevNow(fd int, iov []unix.Iovec) (int, error) {
	return rawCall(unix.SYS_WRITEV, fd, unsafe.Pointer(unsafe.SliceData(iov)), len(iov)) //nolint:gosec // G103: see above
}

// rawCall is for calls whose arguments are a descriptor, an array and its length.
func rawCall(trap uintptr, fd int, p unsafe.Pointer, n int) (int, error) {
	got, _, errno := unix.RawSyscall(trap, uintptr(fd), uintptr(p), uintptr(n))
	if errno != 0 {
		return 0, errno
	}
	return int(got), nil
}

// pollNow is epoll_pwait with a timeout of 0.
func pollNow(fd int, events []unix.EpollEvent) (int, error) {
	n, _, errno := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(fd),
		uintptr(unsafe.Pointer(unsafe.SliceData(events))), uintptr(len(events)), 0, 0, 0) //nolint:gosec // G103: see above
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}
