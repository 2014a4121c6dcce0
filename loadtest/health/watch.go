package health

import (
	"os"
	"runtime"
	"sync"
	"syscall"
	"time"

	"parley/loadtest/measure"
)

// beat is how often the process looks whether it is late.
const beat = 10 * time.Millisecond

// Sample is how this process fared since the one before.
type Sample struct {
	At          measure.Seconds `json:"at"`          // since the start
	CPU         float64         `json:"cpu"`         // share of the processors that it may use
	Lag         measure.Seconds `json:"lag"`         // the latest that it was for its own timers
	Descriptors int             `json:"descriptors"` // open files and sockets
	Memory      uint64          `json:"memory"`      // bytes that Go has from the system
	Goroutines  int             `json:"goroutines"`
}

// Watch watches this process.
type Watch struct {
	start time.Time // static
	quit  chan struct{}
	done  chan struct{}
	limit int // of descriptors

	// owned by the caller
	lastAt  time.Time
	lastCPU time.Duration
	series  []Sample

	mu       sync.Mutex
	all      measure.Latency // guarded by mu
	interval time.Duration   // guarded by mu: the worst since the last sample
}

// Start begins to watch.
func Start(now time.Time) *Watch {
	w := &Watch{
		start: now, lastAt: now, lastCPU: cpu(), limit: descriptorLimit(), all: measure.NewLatency(),
		quit: make(chan struct{}), done: make(chan struct{}),
	}
	go w.listen()
	return w
}

// listen notes how late each beat is.
func (w *Watch) listen() {
	defer close(w.done)
	due := time.Now()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-w.quit:
			return
		case <-timer.C:
			now := time.Now()
			w.late(now.Sub(due))
			due = now.Add(beat)
			timer.Reset(beat)
		}
	}
}

func (w *Watch) late(lag time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all.Record(lag)
	w.interval = max(w.interval, lag)
}

// Sample ends an interval and adds it to the series.
func (w *Watch) Sample(now time.Time) Sample {
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	spent := cpu()
	s := Sample{
		At:          measure.Seconds(now.Sub(w.start).Seconds()),
		Descriptors: descriptors(), Memory: memory.Sys - memory.HeapReleased, Goroutines: runtime.NumGoroutine(),
	}
	if wall := now.Sub(w.lastAt); wall > 0 {
		s.CPU = float64(spent-w.lastCPU) / float64(wall) / float64(runtime.GOMAXPROCS(0))
	}
	w.lastAt, w.lastCPU = now, spent
	w.mu.Lock()
	s.Lag, w.interval = measure.Seconds(w.interval.Seconds()), 0
	w.mu.Unlock()
	w.series = append(w.series, s)
	return s
}

// Stop ends watching and returns what was seen.
func (w *Watch) Stop() Health {
	close(w.quit)
	<-w.done
	h := Health{
		Processors: runtime.GOMAXPROCS(0), DescriptorLimit: w.limit, Lag: w.all, Series: w.series,
	}
	h.Warnings = h.warnings()
	return h
}

// cpu is the processor time that this process has used.
func cpu() time.Duration {
	var used syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &used) != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func descriptorLimit() int {
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) != nil {
		return 0
	}
	return int(min(limit.Cur, 1<<30))
}

// descriptors counts what is open, 0 where the system does not tell.
func descriptors() int {
	folder, err := os.Open("/dev/fd")
	if err != nil {
		return 0
	}
	defer func() { _ = folder.Close() }()
	names, _ := folder.Readdirnames(-1) // as far as it gets
	return max(len(names)-1, 0)         // without the folder itself
}
