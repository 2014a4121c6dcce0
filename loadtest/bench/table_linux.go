package main

import (
	"context"
	"fmt"
	"slices"

	"parley/loadtest/bench/floor"
	"parley/loadtest/bench/report"
)

// row is one row of the table and how it is measured.
type row struct {
	name, about string
	floors      []floor.Mode // that are measured beside the server
	measure     func(*trial, context.Context) error
	// conclude adds what is made of the subjects' figures of one run, where it is
	// set.
	conclude func(r *report.Report, nth int)
}

// chosen are the rows that are asked for, in their order.
func chosen(o options) []row {
	if o.grow {
		return growthRows(o)
	}
	names := rowNames()
	if o.only != nil {
		names = slices.DeleteFunc(names, func(name string) bool { return !slices.Contains(o.only, name) })
	}
	all := append(restRows(o), loadRows(o)...)
	out := make([]row, len(names))
	for i, name := range names {
		out[i] = all[slices.IndexFunc(all, func(r row) bool { return r.name == name })]
	}
	return out
}

// restRows are about sockets that come, rest and go.
func restRows(o options) []row {
	coalesced := []floor.Mode{floor.Coalesced}
	return []row{
		{
			name: rowMemory, floors: coalesced, measure: (*trial).memory,
			about: fmt.Sprintf("growth by an idle socket, of %s, authenticated, each in a room of %d", report.Count(o.crowd), roomSize),
		},
		{
			name: rowSessions, measure: (*trial).sessions,
			about: fmt.Sprintf("growth by a session at rest, of %s in rooms of %d, and of %s on /ws/ whose users are in %d rooms",
				report.Count(max(o.crowd/sessionSeats, 1)*sessionSeats), sessionSeats, report.Count(o.crowd/2), sessionRooms),
		},
		{
			name: rowJoins, floors: coalesced, measure: (*trial).joins,
			about: fmt.Sprintf("%s sockets, %d at a time: connect, upgrade, token, membership, until welcome", report.Count(o.crowd), joinsAtOnce),
		},
		{
			name: rowIdle, measure: (*trial).idle,
			about: fmt.Sprintf("%s sockets at rest for %s, pings answered", report.Count(o.crowd), o.idle),
		},
		{
			name: rowStorm, floors: coalesced, measure: (*trial).storm,
			about: fmt.Sprintf("%s sockets drop and come back at once", report.Count(o.crowd)),
		},
		{
			name: rowResume, measure: (*trial).resume,
			about: fmt.Sprintf("%s sockets are cut and return at once, something is said in each room meanwhile: as new sessions, and to those they had",
				report.Count(o.crowd/2)),
		},
		{
			name: rowTLS, measure: (*trial).tls,
			about: fmt.Sprintf("growth by an idle socket behind TLS, of %s in rooms of %d", report.Count(o.secure), roomSize),
		},
	}
}

// loadRows are about what passes through.
func loadRows(o options) []row {
	both := []floor.Mode{floor.Coalesced, floor.Each}
	return []row{
		{
			name: rowSaturated, floors: both, measure: (*trial).saturated,
			about: fmt.Sprintf("%s sockets, %s, %d bytes a message, not stored", report.Count(o.sockets), o.underWay(), payloadBytes),
		},
		{
			name: rowPaced, floors: both, measure: (*trial).paced, conclude: pacedAgainstFloor,
			about: fmt.Sprintf("%s sockets in rooms of %d, %s deliveries a second, %d bytes a message, not stored",
				report.Count(o.sockets), roomSize, report.Count(int(o.pace)), payloadBytes),
		},
		{
			name: rowSignals, floors: both, measure: (*trial).signals,
			about: fmt.Sprintf("%s pairs, %s signals under way: SDP of %s bytes, candidates of 150; mix: one in %d is SDP",
				report.Count(o.sockets/2), report.Count(o.frames(1)), report.Count(sdpBytes), mixture),
		},
		{
			name: rowNumbering, measure: (*trial).numbering,
			about: fmt.Sprintf("%s pairs without and as many with ack=1 and received every %d frames, in turns of %d; the mix of signals, %s under way",
				report.Count(o.sockets/2), receivedEvery, numberingTurns, report.Count(o.frames(1))),
		},
		{
			name: rowChat, measure: (*trial).chat,
			about: fmt.Sprintf("%s sockets in rooms of %d, %s messages of %d characters under way, committed with synchronous=FULL, then delivered to all",
				report.Count(o.sockets), roomSize, report.Count(o.stored), chatChars),
		},
		{
			name: rowSpill, measure: (*trial).spill,
			about: fmt.Sprintf("one room of %s sockets, %d messages under way; with 2 shards the client shares a processor with one", report.Count(o.crowd), spillMessages),
		},
		{
			name: rowFairness, floors: both[:1], measure: (*trial).fairness,
			about: fmt.Sprintf("%s sockets in quiet rooms of %d, %s deliveries a second among them, beside a flood of %s on the same shard",
				report.Count(o.sockets), roomSize, report.Count(int(o.pace/quietShare)), o.underWay()),
		},
		{
			name: rowDeflate, measure: (*trial).deflate,
			about: fmt.Sprintf("%s sockets in rooms of %d, %s deliveries a second, stored messages of %s characters",
				report.Count(o.sockets), roomSize, report.Count(int(o.pace)), report.Count(deflateChars)),
		},
		{
			name: rowCluster, measure: (*trial).cluster,
			about: fmt.Sprintf("one, two and three nodes with one Redis and one PostgreSQL, on all processors; %s sockets in rooms of %d, each room on all nodes; %s messages of %d characters under way, and %s deliveries a second",
				report.Count(o.sockets), roomSize, report.Count(o.stored), chatChars, report.Count(int(o.pace/clusterShare))),
		},
	}
}
