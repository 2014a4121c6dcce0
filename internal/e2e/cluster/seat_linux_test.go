package cluster

import (
	"slices"
	"time"
)

// seat is a visitor's part in one room.
type seat struct {
	room       int64
	chat, call bool      // the channels that it has
	again      time.Time // when to subscribe again to those that are not open

	// the chat
	chatOpen bool // it may send
	seen     int64
	posts    []*post // that are not acknowledged, in order
	written  int

	// the call
	callOpen bool
	peer     string // that it is in the call as; empty: it is not
	others   []string
	want     bool      // to be in the call
	asked    time.Time // when it last asked to join or to leave; zero: that is answered
	leaving  bool      // it waits for the answer to leave_call
	rest     time.Time // until when it does not ask again
	finals   int       // how many rounds of last words it has said
}

// post is a message that is under way.
type post struct {
	id   string
	text string
	at   time.Time // when it was sent last
}

// afresh forgets what was about a session that is gone.
func (s *seat) afresh(open bool) {
	s.chatOpen, s.callOpen = open && s.chat, open && s.call
	s.peer, s.others, s.asked, s.leaving, s.again = "", nil, time.Time{}, false, time.Time{}
}

// due are the messages to send, again if they wait for long.
func (s *seat) due(now time.Time) (all []*post) {
	if !s.chatOpen {
		return nil
	}
	for _, p := range s.posts {
		if now.Sub(p.at) >= resendAfter {
			all = append(all, p)
		}
	}
	return all
}

// find is the post of a client_msg_id, nil if it is not under way.
func (s *seat) find(id string) *post {
	for _, p := range s.posts {
		if p.id == id {
			return p
		}
	}
	return nil
}

func (s *seat) drop(id string) {
	s.posts = slices.DeleteFunc(s.posts, func(p *post) bool { return p.id == id })
}

func (s *seat) came(peer string) {
	if s.peer != "" && !slices.Contains(s.others, peer) {
		s.others = append(s.others, peer)
	}
}

func (s *seat) left(peer string) {
	s.others = slices.DeleteFunc(s.others, func(p string) bool { return p == peer })
}
