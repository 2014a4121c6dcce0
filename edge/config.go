package edge

import (
	"fmt"
	"log/slog"
	"runtime"
	"time"
)

// Config sets an Edge up. Zero values take the defaults. Heartbeats and
// CloseTimeout are rounded up to ticks of a sixteenth of Heartbeat, 10 ms to 1 s.
type Config struct {
	Shards           int           // default GOMAXPROCS: one loop a core
	Path             string        // what the paths of WebSockets begin with; default /
	FrameBytes       int           // largest message from a client; default 64 KiB
	OutboundBytes    int           // most that may wait for one socket; default 256 KiB
	Heartbeat        time.Duration // silence before a ping; default 25 s, below the 30–60 s at which proxies give up
	HeartbeatGrace   time.Duration // silence beyond two heartbeats that ends a socket; default 10 s
	HandshakeTimeout time.Duration // default 10 s
	CloseTimeout     time.Duration // wait for the peer's close frame; default 5 s
	PerAddress       int           // sockets from one IP address; 0: no limit

	Logger *slog.Logger
	Meter  Meter
}

// Meter observes the edge. Its methods may be called from any goroutine.
type Meter interface {
	Handshake(result string)
	Opened()
	Closed(code uint16)
	BytesIn(n int)
	BytesOut(n int)
	Dropped(reason string, frames int)
	RTT(d time.Duration)
}

func (c Config) withDefaults() Config {
	if c.Shards == 0 {
		c.Shards = runtime.GOMAXPROCS(0)
	}
	if c.Path == "" {
		c.Path = "/"
	}
	if c.FrameBytes == 0 {
		c.FrameBytes = 64 << 10
	}
	if c.OutboundBytes == 0 {
		c.OutboundBytes = 256 << 10
	}
	if c.Heartbeat == 0 {
		c.Heartbeat = 25 * time.Second
	}
	if c.HeartbeatGrace == 0 {
		c.HeartbeatGrace = 10 * time.Second
	}
	if c.HandshakeTimeout == 0 {
		c.HandshakeTimeout = 10 * time.Second
	}
	if c.CloseTimeout == 0 {
		c.CloseTimeout = 5 * time.Second
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Meter == nil {
		c.Meter = noMeter{}
	}
	return c
}

// Validate reports the first setting that cannot work.
func (c Config) Validate() error {
	switch {
	case c.Shards < 0 || c.Shards > 1024:
		return fmt.Errorf("edge: shards must be 0 to 1024, not %d", c.Shards)
	case c.FrameBytes < 0 || c.OutboundBytes < 0 || c.PerAddress < 0:
		return fmt.Errorf("edge: limits must not be negative")
	case c.Heartbeat < 0 || c.HeartbeatGrace < 0 || c.HandshakeTimeout < 0 || c.CloseTimeout < 0:
		return fmt.Errorf("edge: times must not be negative")
	}
	return nil
}

// deadline is the silence after which a socket is closed.
func (c Config) deadline() time.Duration { return 2*c.Heartbeat + c.HeartbeatGrace }

type noMeter struct{}

func (noMeter) Handshake(string)    {}
func (noMeter) Opened()             {}
func (noMeter) Closed(uint16)       {}
func (noMeter) BytesIn(int)         {}
func (noMeter) BytesOut(int)        {}
func (noMeter) Dropped(string, int) {}
func (noMeter) RTT(time.Duration)   {}
