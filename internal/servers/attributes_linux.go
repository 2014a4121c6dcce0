package servers

import "syscall"

// attributes has the child killed when the test's process dies, whatever kills
// that, and keeps a terminal's interrupt from it.
func attributes(user *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: user, Pdeathsig: syscall.SIGKILL, Setpgid: true}
}
