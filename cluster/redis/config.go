package redis

import (
	"cmp"
	"errors"
	"log/slog"
	"time"

	goredis "github.com/redis/go-redis/v9"
)

// Meter is told what the bus does. Its methods are called from any goroutine
// and must not block.
type Meter interface {
	// Published tells of payloads that one pipeline carried, the canary's too.
	Published(payloads int)
	// Received tells of a payload that came for handlers of this node.
	Received()
	// Dropped tells of payloads that were lost: "queue" (there was no room to
	// publish), "publish" (Redis did not take them), "inbox" (handlers were slow).
	Dropped(reason string, payloads int)
	// RoundTrip tells how long a canary was on its way, queue to reader.
	RoundTrip(took time.Duration)
	// Resubscribed tells of topics that carry again after an interruption.
	Resubscribed(topics int)
}

// Config says how a Bus works. Zero values take the defaults.
type Config struct {
	// Client says where Redis is: a *redis.Client (one server, or Sentinel's
	// master) or a *redis.ClusterClient. The bus makes connections of its own
	// like this client's; it never closes the client.
	Client goredis.UniversalClient
	// Prefix begins the names of all channels. Default "parley:bus:".
	Prefix string
	// QueuePayloads and QueueBytes bound what waits to be published to a master.
	// Defaults 65536 and 32 MiB: a second's worth of a busy node.
	QueuePayloads, QueueBytes int
	// InboxPayloads and InboxBytes bound what waits for handlers. Same defaults.
	InboxPayloads, InboxBytes int
	// BatchPayloads and BatchBytes bound one pipeline. Defaults 512 and 1 MiB:
	// enough to make the round trip cheap, few enough to stay short.
	BatchPayloads, BatchBytes int
	// CanaryEvery is how often the canary is published. Default 1 s.
	CanaryEvery time.Duration
	// CanaryPatience is how long none may return before the connections to a
	// master are given up and made anew. Default 3 s.
	CanaryPatience time.Duration
	// Timeout bounds one dial, one pipeline and one look at the cluster.
	// Default 2 s.
	Timeout time.Duration

	Meter  Meter        // nil: nobody is told
	Logger *slog.Logger // nil: nothing is logged
}

func (c *Config) complete() error {
	if c.Client == nil {
		return errors.New("cluster/redis: no client")
	}
	c.Prefix = cmp.Or(c.Prefix, "parley:bus:")
	c.QueuePayloads, c.QueueBytes = cmp.Or(c.QueuePayloads, 1<<16), cmp.Or(c.QueueBytes, 32<<20)
	c.InboxPayloads, c.InboxBytes = cmp.Or(c.InboxPayloads, 1<<16), cmp.Or(c.InboxBytes, 32<<20)
	c.BatchPayloads, c.BatchBytes = cmp.Or(c.BatchPayloads, 512), cmp.Or(c.BatchBytes, 1<<20)
	c.CanaryEvery = cmp.Or(c.CanaryEvery, time.Second)
	c.CanaryPatience = cmp.Or(c.CanaryPatience, 3*time.Second)
	c.Timeout = cmp.Or(c.Timeout, 2*time.Second)
	c.Logger = cmp.Or(c.Logger, slog.New(slog.DiscardHandler))
	if c.Meter == nil {
		c.Meter = deaf{}
	}
	return nil
}

type deaf struct{}

func (deaf) Published(int)           {}
func (deaf) Received()               {}
func (deaf) Dropped(string, int)     {}
func (deaf) RoundTrip(time.Duration) {}
func (deaf) Resubscribed(int)        {}
