package chat

import "time"

// outgoing is what a room sends in one turn of its shard of messages that were
// stored, for the measure of how long they take from commit to kernel.
type outgoing struct {
	messages int
	since    time.Time // the commit of the first
}

// sent counts a message that was committed at that time and is on its way to the
// sockets. It is measured with the others of its turn, as if all were as old as
// the first: they are of one commit, or of two that followed each other.
func (c *roomChat) sent(committed time.Time) {
	out := &c.outgoing
	if out.messages == 0 {
		out.since = committed
		c.room.AfterTurn(c.written)
	}
	out.messages++
}

func (c *roomChat) written() {
	out := &c.outgoing
	c.svc.cfg.Meter.CommitToDelivery(out.messages, time.Since(out.since))
	*out = outgoing{}
}
