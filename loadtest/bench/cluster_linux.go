package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"parley/internal/servers"
	"parley/loadtest/bench/host"
	"parley/loadtest/bench/report"
	"parley/loadtest/bench/swarm"
)

const (
	// mostNodes is how many nodes a cluster is measured with.
	mostNodes = 3
	// clusterShare is what part of the pace a paced cluster is given: all of it, with
	// what it stands on, is on this machine.
	clusterShare = 10
)

// services are what the nodes of a cluster share.
type services struct {
	redis    *servers.RedisServer
	postgres *servers.PostgresServer
	tb       servers.TB
}

// measuring is what is done beside services.
type measuring func()

// Run implements servers.Tests.
func (m measuring) Run() int { m(); return 0 }

// besideServices starts services, and ends them when f has returned.
func besideServices(f func(services) error) (err error) {
	defer func() {
		if failed := recover(); failed != nil {
			err = fmt.Errorf("services: %v", failed)
		}
	}()
	var shared services
	servers.Main(measuring(func() { err = f(shared) }), func(tb servers.TB) {
		shared = services{servers.Redis(tb), servers.Postgres(tb, "fsync=on"), tb}
	}).Run()
	return err
}

// cluster measures one, two and three nodes. Nobody has a processor of its own:
// there are more processes than processors.
func (t *trial) cluster(ctx context.Context) error {
	if err := t.cpus.Release(); err != nil {
		return err
	}
	lab := *t.lab
	lab.cpus = host.Processors{}
	free := &trial{&lab, t.row, t.subject}
	return besideServices(func(shared services) error {
		for n := 1; n <= mostNodes; n++ {
			set := settings{shards: 1, env: []string{
				"PARLEY_STORE_DSN=" + shared.postgres.Database(shared.tb), "PARLEY_CLUSTER_REDIS_URL=" + shared.redis.URL(),
			}}
			err := free.on(ctx, set, func(s *stage) error { return s.clusterOf(ctx, n, shared.redis) })
			if err != nil {
				return fmt.Errorf("%s: %w", nodes(n), err)
			}
			if _, err := shared.redis.Do("FLUSHALL"); err != nil {
				return err
			}
		}
		return nil
	})
}

func nodes(n int) string {
	if n == 1 {
		return "1 node"
	}
	return strconv.Itoa(n) + " nodes"
}

// clusterOf measures n nodes, of which the stage has one.
func (s *stage) clusterOf(ctx context.Context, n int, redis *servers.RedisServer) error {
	for range n - 1 {
		other, err := s.launch(ctx, s.subject, s.settings)
		if err != nil {
			return err
		}
		s.others = append(s.others, other)
	}
	place, err := s.settle(ctx, s.o.sockets/roomSize, roomSize)
	if err != nil {
		return err
	}
	dials := place.dials(chatPath)
	for i := range dials { // neighbors are of different rooms: all of a user's go to one node
		if node := i / len(place.rooms) % n; node > 0 {
			dials[i].At = s.others[node-1].addr
		}
	}
	if _, err := s.open(ctx, dials); err != nil {
		return err
	}
	for _, measure := range []func(context.Context, string, *servers.RedisServer) error{s.clusterAtRest, s.clusterSaturated, s.clusterPaced} {
		if err := measure(ctx, nodes(n), redis); err != nil {
			return err
		}
	}
	return nil
}

// clusterAtRest measures what Redis has to do while nobody says anything: leases are
// renewed, and the bus looks whether it carries.
func (s *stage) clusterAtRest(ctx context.Context, name string, redis *servers.RedisServer) error {
	m, commands, err := s.counting(ctx, name+" at rest", nil, redis)
	if err == nil {
		s.tell(report.Figure{Name: name + " at rest, Redis commands/s"}, m.rate(int64(commands)))
	}
	return err
}

// clusterSaturated measures with always as many messages under way.
func (s *stage) clusterSaturated(ctx context.Context, name string, redis *servers.RedisServer) error {
	load := swarm.Load{
		Frame: same(chatFrame(chatChars, true)), Answers: 1, Deliveries: roomSize, Outstanding: s.o.stored,
	}
	m, commands, err := s.counting(ctx, name, []swarm.Load{load}, redis)
	if err != nil {
		return err
	}
	s.tell(report.Figure{Name: name + ", deliveries/s"}, m.rate(m.Delivery.Count()))
	s.tell(report.Figure{Name: name + ", CPU a delivery", Unit: "µs"}, m.each(m.Delivery.Count()))
	s.tell(report.Figure{Name: name + ", Redis commands a message"}, commands/float64(m.Done))
	s.circumstances(name, m)
	return nil
}

// clusterPaced measures at a rate that leaves all idle in between.
func (s *stage) clusterPaced(ctx context.Context, name string, redis *servers.RedisServer) error {
	load := swarm.Load{
		Frame: same(chatFrame(chatChars, true)), Answers: 1, Deliveries: roomSize,
		Pace: s.o.pace / clusterShare / roomSize, Outstanding: pacedMost,
	}
	name += " paced"
	m, commands, err := s.counting(ctx, name, []swarm.Load{load}, redis)
	if err != nil {
		return err
	}
	s.tell(report.Figure{Name: name + ", delivery p50", Unit: "ms"}, ms(m.Delivery.Percentile(50)))
	s.tell(report.Figure{Name: name + ", delivery p99", Unit: "ms"}, ms(m.Delivery.Percentile(99)))
	s.tell(report.Figure{Name: name + ", ack p50", Unit: "ms"}, ms(m.Answer.Percentile(50)))
	s.detail(name+", Redis commands a message", "", commands/float64(m.Done))
	s.detail(name+", CPU a delivery", "µs", m.each(m.Delivery.Count()))
	return nil
}

// counting measures loads and the commands that Redis executes meanwhile, those
// within scripts included.
func (s *stage) counting(ctx context.Context, name string, loads []swarm.Load, redis *servers.RedisServer) (measured, float64, error) {
	var edges []float64
	s.edge = func() error {
		stats, err := redis.Do("INFO", "commandstats")
		if err == nil {
			edges = append(edges, sumCalls(stats))
		}
		return err
	}
	defer func() { s.edge = nil }()
	all, err := s.sustain(ctx, name, loads...)
	if err != nil {
		return measured{}, 0, err
	}
	return all[0], edges[1] - edges[0], nil
}

// sumCalls adds up the calls in the answer to INFO commandstats, whose lines are
// such as cmdstat_get:calls=21,usec=175,usec_per_call=8.33.
func sumCalls(stats string) (calls float64) {
	for line := range strings.Lines(stats) {
		_, rest, found := strings.Cut(line, ":calls=")
		number, _, _ := strings.Cut(rest, ",")
		if n, err := strconv.ParseFloat(number, 64); found && err == nil {
			calls += n
		}
	}
	return calls
}
