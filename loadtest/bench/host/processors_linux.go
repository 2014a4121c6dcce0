package host

import (
	"errors"
	"fmt"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// Processors are those of the machine, as they are given out. The zero value
// gives them to everyone.
type Processors struct{ all, server, client *unix.CPUSet }

// NewProcessors gives server and client one processor each, if that is asked for
// and there are two to give.
func NewProcessors(pin bool) (Processors, error) {
	var all unix.CPUSet
	if err := unix.SchedGetaffinity(0, &all); err != nil {
		return Processors{}, fmt.Errorf("host: sched_getaffinity: %w", err)
	}
	if !pin || all.Count() < 2 {
		return Processors{}, nil
	}
	p := Processors{all: &all, server: &unix.CPUSet{}, client: &unix.CPUSet{}}
	cpu := 0
	for _, set := range []*unix.CPUSet{p.server, p.client} {
		for !all.IsSet(cpu) {
			cpu++
		}
		set.Set(cpu)
		cpu++
	}
	return p, nil
}

// Pinned tells whether server and client have one processor each.
func (p Processors) Pinned() bool { return p.all != nil }

// Release gives this process all processors again.
func (p Processors) Release() error { return moveAll(p.all) }

// aside has the calling thread on the server's processor, or on all if it needs
// more than one, while f starts it, and the whole process on the client's after.
func (p Processors) aside(many bool, f func() error) error {
	to := p.server
	if many {
		to = p.all
	}
	if err := moveThread(to); err != nil {
		return err
	}
	return errors.Join(f(), moveAll(p.client))
}

// moveThread puts the calling thread, and what it starts, on some processors.
func moveThread(to *unix.CPUSet) error {
	if to == nil {
		return nil
	}
	if err := unix.SchedSetaffinity(0, to); err != nil {
		return fmt.Errorf("host: sched_setaffinity: %w", err)
	}
	return nil
}

// moveAll puts every thread of this process there.
func moveAll(to *unix.CPUSet) error {
	if to == nil {
		return nil
	}
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return fmt.Errorf("host: threads: %w", err)
	}
	for _, thread := range threads {
		tid, err := strconv.Atoi(thread.Name())
		if err != nil {
			return fmt.Errorf("host: threads: %w", err)
		}
		if err := unix.SchedSetaffinity(tid, to); err != nil && !errors.Is(err, unix.ESRCH) { // it may have ended
			return fmt.Errorf("host: sched_setaffinity: %w", err)
		}
	}
	return nil
}
