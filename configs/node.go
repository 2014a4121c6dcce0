package configs

import (
	"regexp"
	"time"
)

// Node names this node among others.
type Node struct {
	ID string `mapstructure:"id" about:"Name of this node, unique in the cluster; empty: the host's name and a random ending."`
}

// Edge configures the WebSocket transport.
type Edge struct {
	Shards           int           `mapstructure:"shards" about:"Event loops that share the sockets and rooms; 0: one for each CPU."`
	Spill            int           `mapstructure:"spill" about:"Sockets of one room from which on further ones go to the least loaded event loops; 0: never."`
	Heartbeat        time.Duration `mapstructure:"heartbeat" about:"Silence after which a socket is pinged; after twice that and 10s it is closed."`
	ResumeWindow     time.Duration `mapstructure:"resume_window" about:"Time a client has to come back to its session when its socket is lost; 0: the session ends at once."`
	HandshakeTimeout time.Duration `mapstructure:"handshake_timeout" about:"Time a client has to finish the WebSocket handshake."`
	CloseTimeout     time.Duration `mapstructure:"close_timeout" about:"Time a client has to answer a close frame."`
	Deflate          []string      `mapstructure:"deflate" about:"Sockets on which compression (permessage-deflate) is accepted: a list of chat (/ws/room/…) and call (/ws/call/…)."`
}

// Drain configures how the clients of a node that ends come back elsewhere.
type Drain struct {
	Rate int `mapstructure:"rate" about:"Clients a second that are asked to reconnect, each in a slot of its own."`
}

// Shutdown configures how a node ends.
type Shutdown struct {
	Grace time.Duration `mapstructure:"grace" about:"Time to tell sockets to come back elsewhere and to commit what is pending, after SIGTERM."`
}

func defaultEdge() Edge {
	return Edge{
		Spill:            512,              // a frame for as many is about a millisecond of writing: worth sharing
		Heartbeat:        25 * time.Second, // below the 30 s after which the strictest NATs and proxies forget a connection
		ResumeWindow:     20 * time.Second, // a phone that changes networks, a proxy that restarts
		HandshakeTimeout: 10 * time.Second, // a handshake is one round trip and one token look-up
		CloseTimeout:     5 * time.Second,  // a healthy client answers in one round trip
		Deflate:          []string{},       // it saves bytes and costs CPU: which is scarce, the operator knows
	}
}

func defaultDrain() Drain {
	return Drain{Rate: 1000} // a handshake of a client that comes back costs 0.1 ms of CPU or less
}

func defaultShutdown() Shutdown {
	return Shutdown{Grace: 20 * time.Second} // below the 30 s that orchestrators wait before they kill
}

func (n Node) validate(bad report) {
	if n.ID != "" && !regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`).MatchString(n.ID) {
		bad("node.id", "want at most 64 letters, digits, '.', '_' or '-', got "+quote(n.ID))
	}
}

func (e Edge) validate(bad report) {
	wantInt(bad, "edge.shards", e.Shards, 0, 1024)
	wantInt(bad, "edge.spill", e.Spill, 0, 1_000_000)
	wantTime(bad, "edge.heartbeat", e.Heartbeat, time.Second, 10*time.Minute)
	wantTime(bad, "edge.resume_window", e.ResumeWindow, 0, 10*time.Minute)
	wantTime(bad, "edge.handshake_timeout", e.HandshakeTimeout, 100*time.Millisecond, 5*time.Minute)
	wantTime(bad, "edge.close_timeout", e.CloseTimeout, 100*time.Millisecond, 5*time.Minute)
	for _, channel := range e.Deflate {
		wantOneOf(bad, "edge.deflate", channel, "chat", "call")
	}
}

func (d Drain) validate(bad report) {
	wantInt(bad, "drain.rate", d.Rate, 1, 1_000_000)
}

func (s Shutdown) validate(bad report) {
	wantTime(bad, "shutdown.grace", s.Grace, 0, time.Hour)
}
