package room

import (
	"parley/edge"
	"parley/protocol"
)

// Degrade tells every client, those who come later included, what the node does
// without for the time: none, all is well. It does not block; it is called by one
// goroutine at a time, where that has changed.
func (h *Hub) Degrade(reasons []string) {
	if reasons == nil {
		reasons = []string{}
	}
	f := Encode(protocol.TypeDegraded, 0, protocol.Degraded{Reasons: reasons})
	var standing *edge.Frame
	if len(reasons) > 0 {
		standing = f.wire
	}
	for _, sh := range h.shards {
		sh.edge.Post(func() {
			sh.degraded = standing
			n := 0
			sh.lines.each(func(l *line) {
				if l.serial != 0 && !l.over { // nothing comes before welcome
					l.Send(f.wire)
					n++
				}
			})
			h.cfg.Meter.FrameOut(string(protocol.TypeDegraded), n)
		})
	}
}
