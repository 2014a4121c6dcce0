package configs

// Limits bounds what one client may ask of a node. 0 turns one limit off.
type Limits struct {
	Enabled           bool `mapstructure:"enabled" about:"Whether rates and counts are limited at all; false is for load tests. Sizes are limited either way."`
	FrameBytes        int  `mapstructure:"frame_bytes" about:"Largest WebSocket message a client may send, in bytes; 0: the ceiling of 16 MiB."`
	BodyBytes         int  `mapstructure:"body_bytes" about:"Largest body of an HTTP request, in bytes; 0: the ceiling of 16 MiB."`
	MessageChars      int  `mapstructure:"message_chars" about:"Longest chat message, in Unicode code points; 0: as long as a frame or body may be."`
	OutboundBytes     int  `mapstructure:"outbound_bytes" about:"Bytes that may wait for one socket before it counts as too slow and is closed; 0: the ceiling of 64 MiB."`
	ResumeBytes       int  `mapstructure:"resume_bytes" about:"Bytes kept for a session of what its client may not have, 64 a frame included; 0: as many as limits.outbound_bytes."`
	ResumeFrames      int  `mapstructure:"resume_frames" about:"Frames kept for a session; 0: no limit of their number."`
	ResumeNodeBytes   int  `mapstructure:"resume_node_bytes" about:"Bytes kept for all sessions of the node together; 0: no limit."`
	Subscriptions     int  `mapstructure:"subscriptions" about:"Subscriptions of one multiplexed socket; 0: no limit."`
	SocketsPerUser    int  `mapstructure:"sockets_per_user" about:"Sockets one user may have open on this node; 0: no limit."`
	SocketsPerAddress int  `mapstructure:"sockets_per_address" about:"Sockets one IP address may have open on this node; 0: no limit."`
}

// Ceilings that hold even where a limit is off, so that one client cannot take
// all memory.
const (
	ceilingMessage  = 16 << 20 // bytes of one frame or body
	ceilingOutbound = 64 << 20 // bytes queued for one socket: a few of the largest frames
)

func defaultLimits() Limits {
	return Limits{
		Enabled:       true,
		FrameBytes:    65536,  // an SDP offer with many codecs and candidates is under 20 KiB
		BodyBytes:     65536,  // as a frame: a message sent either way is the same message
		MessageChars:  4000,   // fits a frame even if each is escaped to the 12 bytes of a surrogate pair
		OutboundBytes: 262144, // four of the largest frames, or seconds of a busy room
		ResumeBytes:   65536,  // a resume window is 20 s: a few hundred chat messages

		ResumeFrames:    1024,      // each keeps a buffer of its own, however small it is
		ResumeNodeBytes: 256 << 20, // 4,000 sessions that are full, or 100,000 with 2.5 KiB each
		Subscriptions:   128,       // rooms that one page watches
	}
}

// Effective returns the limits as a node applies them: counts are 0 where limits
// are off, and sizes that were turned off are the ceiling that protects memory.
func (l Limits) Effective() Limits {
	if !l.Enabled {
		l.SocketsPerUser, l.SocketsPerAddress, l.Subscriptions = 0, 0, 0
	}
	l.FrameBytes = orCeiling(l.FrameBytes, ceilingMessage)
	l.BodyBytes = orCeiling(l.BodyBytes, ceilingMessage)
	l.MessageChars = orCeiling(l.MessageChars, ceilingMessage)
	l.OutboundBytes = max(orCeiling(l.OutboundBytes, ceilingOutbound), l.FrameBytes)
	l.ResumeBytes = min(orCeiling(l.ResumeBytes, ceilingOutbound), l.OutboundBytes) // it is sent at once
	return l
}

func orCeiling(n, ceiling int) int {
	if n == 0 {
		return ceiling
	}
	return n
}

func (l Limits) validate(bad report) {
	wantSize(bad, "limits.frame_bytes", l.FrameBytes, ceilingMessage)
	wantSize(bad, "limits.body_bytes", l.BodyBytes, ceilingMessage)
	wantIntOrOff(bad, "limits.message_chars", l.MessageChars, 1, ceilingMessage)
	wantSize(bad, "limits.outbound_bytes", l.OutboundBytes, ceilingOutbound)
	wantSize(bad, "limits.resume_bytes", l.ResumeBytes, ceilingOutbound)
	wantInt(bad, "limits.resume_frames", l.ResumeFrames, 0, 1_000_000)
	wantInt(bad, "limits.resume_node_bytes", l.ResumeNodeBytes, 0, 1<<40)
	wantInt(bad, "limits.subscriptions", l.Subscriptions, 0, 1_000_000)
	wantInt(bad, "limits.sockets_per_user", l.SocketsPerUser, 0, 1_000_000)
	wantInt(bad, "limits.sockets_per_address", l.SocketsPerAddress, 0, 1_000_000)
	if l.OutboundBytes != 0 && l.OutboundBytes < l.FrameBytes {
		bad("limits.outbound_bytes", "want at least limits.frame_bytes, or the largest frame could reach nobody")
	}
}

// wantSize wants at least 1 KiB, below which the protocol's own frames no longer
// fit.
func wantSize(bad report, key string, n, ceiling int) {
	wantIntOrOff(bad, key, n, 1024, ceiling)
}
