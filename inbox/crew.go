package inbox

import (
	"context"
	"sync"
)

// crew does jobs that block, a few at a time, the first that came first. A job
// that waits is a closure and no goroutine: there may be very many.
type crew struct {
	// static after start
	ctx  context.Context // ends the jobs
	most int

	work sync.WaitGroup // of those who do jobs

	mu      sync.Mutex
	waiting []func(ctx context.Context) // guarded by mu, as is working
	working int
}

func (c *crew) start(ctx context.Context, most int) { c.ctx, c.most = ctx, most }

// wait waits for the jobs that are being done when ctx has ended.
func (c *crew) wait() { c.work.Wait() }

// do adds a job. It does not wait.
func (c *crew) do(job func(ctx context.Context)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting = append(c.waiting, job)
	if c.working < c.most {
		c.working++
		c.work.Go(c.run)
	}
}

// run does jobs until none waits.
func (c *crew) run() {
	for {
		job := c.next()
		if job == nil {
			return
		}
		job(c.ctx)
	}
}

func (c *crew) next() func(ctx context.Context) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.waiting) == 0 || c.ctx.Err() != nil {
		c.working--
		c.waiting = nil // its array too
		return nil
	}
	job := c.waiting[0]
	c.waiting[0] = nil
	c.waiting = c.waiting[1:]
	return job
}
