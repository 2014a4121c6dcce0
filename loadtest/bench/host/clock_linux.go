package host

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// CPU is the time that the process has spent, in user and kernel mode: what
// utime and stime of proc_pid_stat(5) add up to, but in nanoseconds where those
// count ticks of 10 ms. It is read from the clock of clock_getcpuclockid(3),
// whose number is made of the process id (CPUCLOCK_SCHED of the kernel's
// posix-timers.h).
func (p Process) CPU() (time.Duration, error) {
	const sched = 2
	var at unix.Timespec
	if err := unix.ClockGettime(^int32(p)<<3|sched, &at); err != nil {
		return 0, fmt.Errorf("host: CPU of process %d: %w", p, err)
	}
	return time.Duration(at.Nano()), nil
}
