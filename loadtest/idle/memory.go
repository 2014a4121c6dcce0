package idle

import (
	"context"
	"fmt"

	"parley/loadtest/measure"
	"parley/loadtest/target"
)

// memory is what the nodes hold, in bytes.
type memory struct {
	rss  float64 // as the kernel counts it
	heap float64 // of Go's heap and stacks, without garbage
}

// weigh reads the nodes' memory, and reports whether it could. Nodes that cannot be
// asked to collect their garbage are weighed with it.
func (l *Load) weigh(ctx context.Context, t *target.Target, r *measure.Recorder) (held memory, known bool) {
	if l.options.Unweighed || !t.Watched() {
		return memory{}, false
	}
	if err := t.Collect(ctx); err != nil && ctx.Err() == nil {
		r.Warn(fmt.Sprintf("the memory of a socket includes garbage: a node could not be asked to collect it (%v)", err))
	}
	m, err := t.Scrape(ctx)
	if err != nil {
		if ctx.Err() == nil {
			r.Warn(fmt.Sprintf("the memory of a socket is not known: a node's metrics could not be read (%v)", err))
		}
		return memory{}, false
	}
	return memory{
		rss:  m["process_resident_memory_bytes"],
		heap: m["go_memstats_heap_alloc_bytes"] + m["go_memstats_stack_inuse_bytes"],
	}, true
}

// record records what a socket costs. Where the nodes had more memory before than with
// the sockets, as after many passwords were hashed, what they cost of it is not known.
func record(each memory, r *measure.Recorder) {
	r.Gauge("server_heap_per_socket_bytes", int64(each.heap))
	if each.rss > 0 {
		r.Gauge("server_rss_per_socket_bytes", int64(each.rss))
	}
}

func (m memory) minus(before memory) memory { return memory{m.rss - before.rss, m.heap - before.heap} }

func (m memory) each(n int) memory { return memory{m.rss / float64(n), m.heap / float64(n)} }
