//go:build !linux

package servers

import "syscall"

// attributes keeps a terminal's interrupt from the child. Here it outlives a
// test's process that is killed.
func attributes(user *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: user, Setpgid: true}
}
