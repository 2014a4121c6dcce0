package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"
)

// tick is the unit of CPU time in /proc: USER_HZ, 100 on every Linux that Go
// runs on.
const tick = 10 * time.Millisecond

// process is a process as /proc shows it.
type process int

// cpu is the time that the process has spent, in user and kernel mode.
func (p process) cpu() (time.Duration, error) {
	b, err := p.read("stat")
	if err != nil {
		return 0, fmt.Errorf("server's CPU: %w", err)
	}
	return parseCPU(b)
}

// rss is the resident memory of the process, in bytes.
func (p process) rss() (int64, error) {
	b, err := p.read("status")
	if err != nil {
		return 0, fmt.Errorf("server's memory: %w", err)
	}
	return parseRSS(b)
}

func (p process) read(name string) ([]byte, error) {
	return os.ReadFile(fmt.Sprintf("/proc/%d/%s", int(p), name)) //nolint:gosec // G703: a number and our own name lead nowhere else
}

// parseCPU adds utime and stime of proc_pid_stat(5). The second field is a name
// in parentheses that may hold anything.
func parseCPU(stat []byte) (time.Duration, error) {
	end := bytes.LastIndexByte(stat, ')')
	fields := bytes.Fields(stat[end+1:])
	const utime, stime = 14 - 3, 15 - 3 // counted from the field behind the name
	if end < 0 || len(fields) <= stime {
		return 0, fmt.Errorf("stat is too short: %q", stat)
	}
	return sumTicks(fields[utime : stime+1])
}

// parseRSS finds VmRSS in proc_pid_status(5).
func parseRSS(status []byte) (int64, error) {
	for line := range bytes.Lines(status) {
		rest, ok := bytes.CutPrefix(line, []byte("VmRSS:"))
		if !ok {
			continue
		}
		number, ok := bytes.CutSuffix(bytes.TrimSpace(rest), []byte(" kB"))
		n, err := strconv.ParseInt(string(number), 10, 64)
		if !ok || err != nil {
			return 0, fmt.Errorf("status: %q is no size", line)
		}
		return n << 10, nil
	}
	return 0, errors.New("status has no VmRSS")
}

// machineCPU is the time that all processes have spent.
func machineCPU() (time.Duration, error) {
	b, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, fmt.Errorf("machine's CPU: %w", err)
	}
	return parseMachineCPU(b)
}

// parseMachineCPU adds user, nice and system of proc_stat(5): what processes are
// charged with, and neither idle time nor interrupts.
func parseMachineCPU(stat []byte) (time.Duration, error) {
	line, _, _ := bytes.Cut(stat, []byte("\n"))
	fields := bytes.Fields(line)
	if len(fields) < 4 || string(fields[0]) != "cpu" {
		return 0, fmt.Errorf("stat begins with %q", line)
	}
	return sumTicks(fields[1:4])
}

func sumTicks(fields [][]byte) (sum time.Duration, err error) {
	for _, field := range fields {
		n, err := strconv.ParseInt(string(field), 10, 64)
		if err != nil {
			return 0, fmt.Errorf("stat: %w", err)
		}
		sum += time.Duration(n) * tick
	}
	return sum, nil
}
