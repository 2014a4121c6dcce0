package room

import "parley/edge"

// late sends a message after a line that has gone to another node: an answer to a
// frame of its client's that came before.
func (h *Hub) late(name string, message []byte) {
	if to := h.journeys.postpone(name, message); to != "" {
		h.Write(to, Letter{Kind: kindLate, Body: append(appendText(nil, name), message...)})
	}
}

// followed takes such a message in.
func (h *Hub) followed(l Letter) {
	r := reading{rest: l.Body}
	name := string(r.text())
	if r.failed {
		return
	}
	b, landed := h.journeys.follow(name, r.rest)
	if !landed {
		return
	}
	b.shard.edge.Post(func() { // in which turn the line has settled, if it was about to
		if l := b.shard.landed(name); l != nil {
			f := edge.TextOf(r.rest)
			l.Send(f)
		}
	})
}

// landed finds a line of the shard that came from another node.
func (sh *shard) landed(name string) *line {
	b, landed := sh.hub.journeys.berth(name)
	if !landed || b.shard != sh {
		return nil
	}
	return sh.lines.at(b.place)
}
