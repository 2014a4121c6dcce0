package cluster

import (
	"context"
	"fmt"
	"time"

	"parley/protocol"
)

// tick is how often a visitor looks for something to do.
const tick = 20 * time.Millisecond

// stay uses a socket until it is lost or given up, and returns how long to stay away.
func (v *visitor) stay(ctx context.Context) time.Duration {
	for {
		if ctx.Err() != nil {
			v.leave()
			return 0
		}
		now := time.Now()
		if now.Sub(v.heard) > silence {
			v.keep("  silence")
			v.socket.Cut()
			return 0
		}
		if away, gone := v.strike(now); gone {
			return away
		}
		v.busy(now)
		next, cancel := context.WithTimeout(ctx, tick)
		f, err := v.socket.Next(next)
		cancel()
		switch {
		case err == nil:
			v.heard = time.Now()
			v.received++
			v.take(f)
		case next.Err() == nil: // all that came has been taken
			v.keep("  lost: " + v.socket.Err().Error())
			v.refused(v.socket.Err())
			v.socket.Cut()
			return v.between(0, 300)
		}
	}
}

// leave leaves in good order.
func (v *visitor) leave() {
	v.Note(Departed{})
	_ = v.socket.Close() // it may be lost
	v.token = ""
}

// strike has a mishap befall the visitor if it is time: it loses its socket, in one
// of several ways, or leaves.
func (v *visitor) strike(now time.Time) (away time.Duration, gone bool) {
	if now.Before(v.mishap) || v.phase.Load() != storming {
		return 0, false
	}
	away = v.between(0, 500)
	switch v.rng.IntN(10) {
	case 0: // longer than its session is kept
		away = v.window + v.between(1000, 4000)
	case 1, 2:
		away = v.between(500, int(v.window.Milliseconds()*3/4))
	}
	conn := v.doors[v.door].Current()
	what := [...]string{"cuts", "cuts", "is reset", "ends", "half-open", "leaves"}[v.rng.IntN(6)]
	v.keep("  " + what)
	switch what {
	case "is reset":
		conn.Cut()
	case "ends":
		conn.CutClean()
	case "half-open":
		conn.HalfOpen()
	case "leaves":
		v.leave()
		return away, true
	}
	v.socket.Cut()
	return away, true
}

// busy does what there is to do.
func (v *visitor) busy(now time.Time) {
	if now.Sub(v.pinged) > pingEvery {
		v.pinged = now
		v.pings[v.send(nil, protocol.TypePing, nil, ask{})] = true
		if v.received > v.told {
			v.told = v.received
			v.send(nil, protocol.TypeReceived, protocol.Received{N: v.received}, ask{})
		}
	}
	for _, s := range v.seats {
		if v.everything && (!s.chatOpen || !s.callOpen) && now.After(s.again) {
			v.subscribe(s, now)
		}
		for _, p := range s.due(now) {
			p.at = now
			v.send(s, protocol.TypeChatMessage, map[string]string{"content": p.text, "client_msg_id": p.id}, ask{seat: s, typ: protocol.TypeChatMessage, post: p.id})
		}
		v.attend(s, now)
	}
	switch phase := v.phase.Load(); {
	case phase == storming && now.After(v.act):
		v.act = now.Add(v.between(30, 400))
		v.deed(v.seats[v.rng.IntN(len(v.seats))], now)
	case phase == ending:
		for _, s := range v.seats {
			v.lastWords(s)
		}
	}
}

// attend sees to it that the visitor is in the call if it wants to be.
func (v *visitor) attend(s *seat, now time.Time) {
	if !s.callOpen || now.Before(s.rest) || !s.asked.IsZero() && now.Sub(s.asked) < resendAfter {
		return
	}
	switch {
	case s.leaving:
		s.asked = now
		v.send(s, protocol.TypeLeaveCall, struct{}{}, ask{seat: s, typ: protocol.TypeLeaveCall})
	case s.want && s.peer == "":
		s.asked = now
		v.send(s, protocol.TypeJoinCall, struct{}{}, ask{seat: s, typ: protocol.TypeJoinCall})
	}
}

// deed is something that users do.
func (v *visitor) deed(s *seat, now time.Time) {
	switch n := v.rng.IntN(100); {
	case s.chatOpen && (n < 50 || !s.call):
		if len(s.posts) < mostPosts {
			v.post(s, "something")
		}
	case !s.callOpen:
	case s.peer != "" && n < 95 && len(s.others) > 0:
		v.signal(s, s.others[v.rng.IntN(len(s.others))])
	case s.peer != "" && n >= 97 && !s.leaving:
		v.Note(Leaving{About{s.room}})
		s.peer, s.others, s.want, s.leaving, s.asked = "", nil, false, true, time.Time{}
		s.rest = time.Time{}
	case !s.want && n >= 80 && !s.leaving:
		s.want, s.rest = true, now
	}
}

func (v *visitor) post(s *seat, text string) {
	p := &post{id: fmt.Sprintf("%d-%s-%d", v.user.Account.ID, v.kind(), s.written), text: text}
	s.written++
	s.posts = append(s.posts, p)
	v.Note(Posted{About{s.room}, p.id})
}

// kind tells a user's visitors apart.
func (v *visitor) kind() string {
	if v.everything {
		return "all"
	}
	return "room"
}

// signal sends a peer a frame of any type.
func (v *visitor) signal(s *seat, to string) {
	types := []protocol.Type{protocol.TypeOffer, protocol.TypeAnswer, protocol.TypeICECandidate, protocol.TypeSignal, protocol.TypeSignal}
	v.say(s, to, types[v.rng.IntN(len(types))])
}

func (v *visitor) say(s *seat, to string, typ protocol.Type) {
	n := v.number.Add(1)
	v.Note(Signaled{About{s.room}, n, typ, to})
	id := v.send(s, typ, map[string]any{"target_peer_id": to, "n": n}, ask{seat: s, typ: typ, n: n})
	v.numbers[id] = n
}

// lastWords are said once in the end, to the room and to each peer.
func (v *visitor) lastWords(s *seat) {
	if s.finals > 0 {
		return
	}
	s.finals++
	if s.chat {
		v.post(s, "the last")
	}
	for _, to := range s.others {
		v.say(s, to, protocol.TypeSignal)
	}
}
