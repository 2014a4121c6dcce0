package app

import (
	"parley/auth"
	"parley/configs"
	"parley/fleet"
	"parley/inbox"
	"parley/protocol"
	"parley/signaling"
)

// makeCalls makes the calls of all rooms. They begin with the edge.
func (a *App) makeCalls(inboxes *inbox.Service, turn *auth.TURN) {
	cfg := signaling.Config{
		MaxParticipants: a.cfg.Calls.MaxParticipants, ParkedBytes: a.limits.ResumeBytes,
		ICEServers: turn.ICEServers,
		Started:    inboxes.CallStarted, Ledger: a.ledger, Logger: a.log, Meter: a.metrics.Calls,
	}
	if a.fleet != nil {
		cfg.Nodes = a.fleet
	}
	a.calls = signaling.New(cfg, a.hub)
	if a.fleet != nil {
		a.fleet.Watch(fleet.Events{Gone: a.calls.Gone})
	}
}

func newTURN(cfg configs.TURN) *auth.TURN {
	servers := make([]protocol.ICEServer, 0, len(cfg.ICEServers))
	for _, s := range cfg.ICEServers {
		servers = append(servers, protocol.ICEServer{URLs: s.URLs, Username: s.Username, Credential: s.Credential})
	}
	return auth.NewTURN(auth.TURNConfig{Servers: servers, Secret: cfg.Secret, TTL: cfg.TTL})
}
