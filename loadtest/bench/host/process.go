package host

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

// Process is a process as the kernel counts what it spends.
type Process int

// RSS is the resident memory of the process, in bytes.
func (p Process) RSS() (int64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", int(p)))
	if err != nil {
		return 0, fmt.Errorf("host: memory: %w", err)
	}
	return parseRSS(b)
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
			return 0, fmt.Errorf("host: status: %q is no size", line)
		}
		return n << 10, nil
	}
	return 0, errors.New("host: status has no VmRSS")
}

// MachineCPU is the time that all processes have spent, in ticks of 10 ms.
func MachineCPU() (time.Duration, error) {
	b, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, fmt.Errorf("host: machine's CPU: %w", err)
	}
	return parseMachineCPU(b)
}

// parseMachineCPU adds user, nice and system of proc_stat(5): what processes are
// charged with, and neither idle time nor interrupts.
func parseMachineCPU(stat []byte) (time.Duration, error) {
	line, _, _ := bytes.Cut(stat, []byte("\n"))
	fields := bytes.Fields(line)
	if len(fields) < 4 || string(fields[0]) != "cpu" {
		return 0, fmt.Errorf("host: stat begins with %q", line)
	}
	return sumTicks(fields[1:4])
}

func sumTicks(fields [][]byte) (sum time.Duration, err error) {
	for _, field := range fields {
		n, err := strconv.ParseInt(string(field), 10, 64)
		if err != nil {
			return 0, fmt.Errorf("host: stat: %w", err)
		}
		sum += time.Duration(n) * tick
	}
	return sum, nil
}
