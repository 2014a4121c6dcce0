package cluster

import (
	"encoding/json"
	"time"

	"parley/loadtest/client"
	"parley/protocol"
)

// take takes a frame.
func (v *visitor) take(f client.Frame) {
	if v.pings[f.ID] {
		delete(v.pings, f.ID)
		v.Note(Beat{})
		return
	}
	if _, asked := v.asks[f.ID]; asked || f.ID == "" {
		v.keep("< " + string(f.Raw))
	}
	if f.ID != "" {
		v.answered(f)
		return
	}
	s := v.seatOf(f.RoomID)
	if s == nil {
		return
	}
	switch f.Type {
	case protocol.TypeChatMessage, protocol.TypePresenceState, protocol.TypeUserOnline, protocol.TypeUserOffline:
		v.takeChat(s, f)
	case protocol.TypeOffer, protocol.TypeAnswer, protocol.TypeICECandidate, protocol.TypeSignal, protocol.TypeSignalExpired:
		v.takeSignal(s, f)
	case protocol.TypeUnsubscribed:
		in := into[protocol.Unsubscribed](f)
		v.Note(Shut{About{s.room}, in.Channel, in.Code})
		if in.Channel == protocol.ChannelChat {
			s.chatOpen = false
		} else {
			s.callOpen, s.peer, s.others, s.asked, s.leaving = false, "", nil, time.Time{}, false
		}
	default:
		v.takeCall(s, f)
	}
}

// seatOf is the seat in a room. On a socket of one room frames need not name it.
func (v *visitor) seatOf(room int64) *seat {
	for _, s := range v.seats {
		if s.room == room || room == 0 && !v.everything {
			return s
		}
	}
	return nil
}

func into[T any](f client.Frame) (data T) {
	if err := f.Into(&data); err != nil {
		panic(err) // the server does not speak the protocol
	}
	return data
}

func (v *visitor) takeChat(s *seat, f client.Frame) {
	at := About{s.room}
	switch f.Type {
	case protocol.TypeChatMessage:
		m := into[protocol.Message](f)
		s.seen = m.Seq
		v.Note(Shown{at, protocol.MessageRef{ID: m.ID, Seq: m.Seq}, m.ClientMsgID})
	case protocol.TypePresenceState:
		var users []int64
		for _, u := range into[protocol.PresenceState](f).Users {
			users = append(users, u.ID)
		}
		v.Note(Present{at, users})
	default:
		v.Note(Appeared{at, into[protocol.PresenceChange](f).User.ID, f.Type == protocol.TypeUserOnline})
	}
}

func (v *visitor) takeCall(s *seat, f client.Frame) {
	at := About{s.room}
	switch f.Type {
	case protocol.TypeCallState:
		v.Note(Called{at, into[protocol.CallState](f).Participants})
	case protocol.TypeCallJoined:
		in := into[protocol.CallJoined](f)
		s.peer, s.others, s.asked = in.PeerID, nil, time.Time{}
		for _, p := range in.Participants {
			s.others = append(s.others, p.PeerID)
		}
		v.Note(Joined{at, s.peer, append([]string(nil), s.others...)})
	case protocol.TypeUserJoined:
		in := into[protocol.UserJoined](f)
		s.came(in.PeerID)
		v.Note(PeerCame{at, in.PeerID, in.User.ID})
	case protocol.TypeUserLeft:
		in := into[protocol.UserLeft](f)
		s.left(in.PeerID)
		v.Note(PeerLeft{at, in.PeerID, in.Reason})
	}
}

func (v *visitor) takeSignal(s *seat, f client.Frame) {
	if f.Type == protocol.TypeSignalExpired {
		var id string
		if json.Unmarshal(into[protocol.SignalExpired](f).ID, &id) == nil {
			v.Note(Expired{About{s.room}, v.numbers[id]})
		}
		return
	}
	in := into[struct {
		N     int64  `json:"n"`
		From  string `json:"from_peer_id"`
		Epoch int64  `json:"from_epoch"`
	}](f)
	v.Note(Heard{About{s.room}, in.N, f.Type, in.From, in.Epoch})
}

// answered takes an answer to what it answers, once.
func (v *visitor) answered(f client.Frame) {
	a, ok := v.asks[f.ID]
	if !ok {
		return
	}
	delete(v.asks, f.ID)
	var refusal protocol.ErrorData
	if f.Type == protocol.TypeError {
		refusal = into[protocol.ErrorData](f)
	}
	switch a.typ {
	case "chat", "call":
		v.subscribed(a, refusal)
	case protocol.TypeChatMessage:
		v.stored(a, f, refusal)
	case protocol.TypeJoinCall:
		if refusal.Code != "" { // full, perhaps
			a.seat.asked, a.seat.rest = time.Time{}, time.Now().Add(v.between(1000, 4000))
		}
	case protocol.TypeLeaveCall:
		a.seat.asked, a.seat.leaving = time.Time{}, a.seat.leaving && refusal.Temporary
	default:
		d := Answered{About: About{a.seat.room}, N: a.n, Code: refusal.Code}
		if refusal.Code == "" {
			in := into[protocol.Delivery](f)
			d.Delivery, d.Epoch = in.Delivery, in.Epoch
		}
		v.Note(d)
	}
}

// subscribed opens a channel, or asks again.
func (v *visitor) subscribed(a ask, refusal protocol.ErrorData) {
	switch {
	case refusal.Code != "":
		a.seat.again = time.Now().Add(v.between(200, 600))
	case a.typ == "chat":
		a.seat.chatOpen = true
	default:
		a.seat.callOpen = true
	}
}

// stored takes the answer to a message, which may have been sent several times.
func (v *visitor) stored(a ask, f client.Frame, refusal protocol.ErrorData) {
	p := a.seat.find(a.post)
	switch {
	case refusal.Code == "":
		v.Note(Stored{About{a.seat.room}, a.post, into[protocol.MessageRef](f)})
		a.seat.drop(a.post)
	case p == nil:
	case refusal.Temporary || refusal.Code == protocol.CodeNotSubscribed:
		p.at = time.Now().Add(v.between(200, 600) - resendAfter)
	default:
		v.Note(Refused{About{a.seat.room}, a.post, refusal.Code})
		a.seat.drop(a.post)
	}
}
