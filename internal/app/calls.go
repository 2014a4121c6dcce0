package app

import (
	"parley/fleet"
	"parley/inbox"
	"parley/protocol"
	"parley/signaling"
)

// makeCalls makes the calls of all rooms. They begin with the edge.
func (a *App) makeCalls(inboxes *inbox.Service) {
	cfg := signaling.Config{
		MaxParticipants: a.cfg.Calls.MaxParticipants, ParkedBytes: a.limits.ResumeBytes,
		ICEServers: func(int64) protocol.ICEServers {
			return protocol.ICEServers{ICEServers: iceServers(a.cfg.TURN)}
		},
		Started: inboxes.CallStarted, Ledger: a.ledger, Logger: a.log, Meter: a.metrics.Calls,
	}
	if a.fleet != nil {
		cfg.Nodes = a.fleet
	}
	a.calls = signaling.New(cfg, a.hub)
	if a.fleet != nil {
		a.fleet.Watch(fleet.Events{Gone: a.calls.Gone})
	}
}
