//go:build !linux

package browser

import "syscall"

// attributes has the script lead a group of its own.
func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// sweep finds nobody: Chromium ends by itself when its script does.
func sweep(string) int { return 0 }
