package cluster

import (
	"maps"
	"slices"

	"parley/protocol"
)

// view is what a line was told last of a room.
type view struct {
	online map[int64]bool             // who is in the chat
	listed bool                       // it was told
	call   []protocol.CallParticipant // who is in the call
	called bool                       // it was told
}

// see goes on by a fact.
func (v *view) see(fact Fact, room int64) {
	switch f := fact.(type) {
	case Shut:
		if f.Room == room && f.Channel == protocol.ChannelChat {
			v.online, v.listed = nil, false
		}
	case Welcomed, Departed:
		if ends(fact, room) {
			*v = view{}
		}
	}
	if fact.Where() != room {
		return
	}
	switch f := fact.(type) {
	case Present:
		v.online, v.listed = make(map[int64]bool), true
		for _, u := range f.Users {
			v.online[u] = true
		}
	case Appeared:
		if v.online == nil {
			v.online = make(map[int64]bool)
		}
		if f.Online {
			v.online[f.User] = true
		} else {
			delete(v.online, f.User)
		}
	case Called:
		v.call, v.called = f.Participants, true
	}
}

// views are what a line was told last, by room.
func (l Line) views() map[int64]*view {
	all := make(map[int64]*view)
	for _, room := range l.rooms() {
		v := &view{}
		for _, e := range l.Events {
			v.see(e.Fact, room)
		}
		all[room] = v
	}
	return all
}

func (l Line) rooms() []int64 {
	all := slices.Concat(l.Chats, l.Calls)
	slices.Sort(all)
	return slices.Compact(all)
}

func (v *view) users() []int64 { return slices.Sorted(maps.Keys(v.online)) }
