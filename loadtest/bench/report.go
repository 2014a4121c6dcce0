package main

import (
	"slices"
	"time"

	"parley/loadtest/bench/swarm"
)

// report is what all was measured, and under which circumstances.
type report struct {
	Machine machine `json:"machine"`
	Setup   setup   `json:"setup"`
	Idle    idle    `json:"idle"`
	Rows    []row   `json:"rows"`
}

// machine is where it was measured.
type machine struct {
	CPUs   int     `json:"cpus"`
	Go     string  `json:"go"`
	Arch   string  `json:"arch"`
	SyncMS float64 `json:"sync_ms"` // 4 KiB to the disk of the data; 0: not measured
}

// setup is how it was measured.
type setup struct {
	Sockets     int     `json:"sockets"`
	Room        int     `json:"room"`
	Outstanding int     `json:"outstanding"`
	DurationS   float64 `json:"duration_s"`
	Runs        int     `json:"runs"`
	Pinned      bool    `json:"pinned"`      // server and client have one processor each
	ServerCPUs  int     `json:"server_cpus"` // that the server may use
}

// idle is what sockets cost the server that have nothing to say, in bytes.
type idle struct {
	RSS  float64 `json:"rss_bytes_per_socket"`  // growth of the process; pages freed before are used first
	Heap float64 `json:"heap_bytes_per_socket"` // growth of Go heap and stacks, after a collection
	All  float64 `json:"rss_bytes"`             // of the process, with all sockets open
}

// row is one scenario. What was not measured is 0.
type row struct {
	Name          string  `json:"name"`
	Rate          float64 `json:"per_s"`
	Deliveries    float64 `json:"deliveries_per_s"`
	AnswerP50     float64 `json:"answer_p50_ms"`
	AnswerP99     float64 `json:"answer_p99_ms"`
	DeliveryP50   float64 `json:"delivery_p50_ms"`
	DeliveryP99   float64 `json:"delivery_p99_ms"`
	PerOp         float64 `json:"server_cpu_us_per_op"`
	PerDelivery   float64 `json:"server_cpu_us_per_delivery"`
	ServerBusy    float64 `json:"server_cpus_busy"`
	ClientBusy    float64 `json:"client_cpus_busy"`
	OthersBusy    float64 `json:"other_cpus_busy"` // with other work on the machine
	ClientLimited bool    `json:"client_limited"`  // a faster client might have got more
}

// figures are the fields of which a median can be taken.
func (r *row) figures() []*float64 {
	return []*float64{
		&r.Rate, &r.Deliveries, &r.AnswerP50, &r.AnswerP99, &r.DeliveryP50, &r.DeliveryP99,
		&r.PerOp, &r.PerDelivery, &r.ServerBusy, &r.ClientBusy, &r.OthersBusy,
	}
}

func (i *idle) figures() []*float64 { return []*float64{&i.RSS, &i.Heap, &i.All} }

const (
	// busy is how much of a processor counts as all of it.
	busy = 0.9
	// disturbed is how much other work, in processors, makes figures doubtful.
	disturbed = 0.1
)

// usage is CPU time that was spent.
type usage struct{ server, client, machine time.Duration }

func (u usage) since(before usage) usage {
	return usage{u.server - before.server, u.client - before.client, u.machine - before.machine}
}

func (u usage) plus(more usage) usage {
	return usage{u.server + more.server, u.client + more.client, u.machine + more.machine}
}

// others is what neither server nor client spent; nothing if the server's share
// is not known.
func (u usage) others() time.Duration {
	if u.server == 0 {
		return 0
	}
	return max(0, u.machine-u.server-u.client)
}

func newRow(name string, r swarm.Result, spent usage) row {
	seconds := r.Elapsed.Seconds()
	deliveries := r.Delivery.Count()
	out := row{
		Name: name,
		Rate: float64(r.Done) / seconds, Deliveries: float64(deliveries) / seconds,
		AnswerP50: ms(r.Answer.Percentile(50)), AnswerP99: ms(r.Answer.Percentile(99)),
		DeliveryP50: ms(r.Delivery.Percentile(50)), DeliveryP99: ms(r.Delivery.Percentile(99)),
		PerOp: each(spent.server, r.Done), PerDelivery: each(spent.server, deliveries),
		ServerBusy: spent.server.Seconds() / seconds, ClientBusy: spent.client.Seconds() / seconds,
		OthersBusy: spent.others().Seconds() / seconds,
	}
	out.ClientLimited = out.ClientBusy >= busy && out.ServerBusy < busy
	return out
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// each is the share of one of n, in microseconds.
func each(d time.Duration, n int64) float64 {
	if n == 0 {
		return 0
	}
	return float64(d.Microseconds()) / float64(n)
}

// medians merges the reports of several runs, figure by figure.
func medians(runs []report) report {
	out := runs[0]
	out.Setup.Runs = len(runs)
	out.Rows = slices.Clone(out.Rows)
	mergeFigures(runs, func(r *report) []*float64 { return r.Idle.figures() }, &out)
	for i := range out.Rows {
		mergeFigures(runs, func(r *report) []*float64 { return r.Rows[i].figures() }, &out)
		limited := 0
		for _, r := range runs {
			if r.Rows[i].ClientLimited {
				limited++
			}
		}
		out.Rows[i].ClientLimited = 2*limited > len(runs)
	}
	return out
}

func mergeFigures(runs []report, of func(*report) []*float64, out *report) {
	for n, figure := range of(out) {
		values := make([]float64, len(runs))
		for i := range runs {
			values[i] = *of(&runs[i])[n]
		}
		*figure = median(values)
	}
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}
