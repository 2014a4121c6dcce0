package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// placement is which processors server and client get; nil: whichever.
type placement struct{ all, server, client *unix.CPUSet }

// newPlacement gives each a processor of its own, if there are two to give.
func newPlacement(pin bool) (placement, error) {
	var all unix.CPUSet
	if err := unix.SchedGetaffinity(0, &all); err != nil {
		return placement{}, fmt.Errorf("sched_getaffinity: %w", err)
	}
	if !pin || all.Count() < 2 {
		return placement{}, nil
	}
	p := placement{all: &all, server: &unix.CPUSet{}, client: &unix.CPUSet{}}
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

func (p placement) pinned() bool { return p.all != nil }

// moveThread puts the calling thread, and what it starts, on some processors.
func moveThread(to *unix.CPUSet) error {
	if to == nil {
		return nil
	}
	if err := unix.SchedSetaffinity(0, to); err != nil {
		return fmt.Errorf("sched_setaffinity: %w", err)
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
		return fmt.Errorf("threads: %w", err)
	}
	for _, thread := range threads {
		tid, err := strconv.Atoi(thread.Name())
		if err != nil {
			return fmt.Errorf("threads: %w", err)
		}
		if err := unix.SchedSetaffinity(tid, to); err != nil && !errors.Is(err, unix.ESRCH) { // it may have ended
			return fmt.Errorf("sched_setaffinity: %w", err)
		}
	}
	return nil
}
