package faults

import (
	"net"

	"golang.org/x/sys/unix"
)

// arrived reports whether the other end has confirmed all that was written to a
// socket (SIOCOUTQ, tcp(7)). A reset would lose, or overtake, what it has not.
func arrived(k *net.TCPConn) bool {
	raw, err := k.SyscallConn()
	if err != nil {
		return true // closed
	}
	n := 0
	err = raw.Control(func(fd uintptr) { n, _ = unix.IoctlGetInt(int(fd), unix.SIOCOUTQ) })
	return err != nil || n == 0
}
