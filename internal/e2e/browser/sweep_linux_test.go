package browser

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

// attributes has the script killed when the test's process dies, whatever kills
// that; Chromium ends when the script does.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}

// sweep kills the process groups of those that have a word in their environment,
// and returns how many it found.
func sweep(word string) int {
	groups := groupsOf(word)
	for _, group := range groups {
		_ = syscall.Kill(-group, syscall.SIGKILL) // it may have ended
	}
	return len(groups)
}

// groupsOf finds the process groups of those that have a word in their
// environment. Chromium's main process leads a group of its own, in which its
// children are.
func groupsOf(word string) (groups []int) {
	environments, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, path := range environments {
		env, err := os.ReadFile(path)
		if err != nil || !has(env, word) {
			continue // ended meanwhile, somebody else's, or not ours
		}
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		group, err := syscall.Getpgid(pid)
		if err == nil && group != syscall.Getpgrp() && !slices.Contains(groups, group) {
			groups = append(groups, group)
		}
	}
	return groups
}

func has(env []byte, word string) bool {
	for one := range bytes.SplitSeq(env, []byte{0}) {
		if string(one) == word {
			return true
		}
	}
	return false
}
