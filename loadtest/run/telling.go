package run

import (
	"strings"

	"parley/loadtest/target"
)

// telling are the metrics that a report keeps of each second: the nodes' own but for
// histograms' parts, and of those of the process and of Go what it uses.
func telling(all target.Metrics) target.Metrics {
	kept := target.Metrics{}
	for name, value := range all {
		switch name {
		case "process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds",
			"go_goroutines", "go_memstats_heap_inuse_bytes", "go_memstats_stack_inuse_bytes":
			kept[name] = value
		default:
			part := strings.HasSuffix(name, "_sum") || strings.HasSuffix(name, "_count")
			if strings.HasPrefix(name, "parley_") && !part {
				kept[name] = value
			}
		}
	}
	return kept
}
