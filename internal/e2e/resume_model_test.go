package e2e

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"parley/loadtest/client"
	"parley/protocol"
)

// model says what everybody in a schedule must have seen.
type model struct{ taken []string }

func (m *model) note(format string, args ...any) {
	m.taken = append(m.taken, fmt.Sprintf(format, args...))
}

func (m *model) steps() string { return strings.Join(m.taken, "\n") + "\n" }

// check waits for what must come and then looks at all that came.
func (m *model) check(ctx context.Context, s *schedule) error {
	history, err := stored(ctx, s)
	if err != nil {
		return err
	}
	if err := postedOnce(history, s); err != nil {
		return err
	}
	eve := &line{traveller: &traveller{tracked: s.eve}, kind: protocol.ChannelChat}
	for _, l := range append([]*line{eve}, s.lines...) {
		if err := l.upToDate(ctx, int64(len(history))); err != nil {
			return fmt.Errorf("%s: %w", name(l), err)
		}
		if l.kind == protocol.ChannelChat {
			err = seqs(l.Streams(), l.from, int64(len(history)))
		} else {
			err = m.signals(s, l)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name(l), err)
		}
	}
	return m.leaves(s)
}

func name(l *line) string {
	if l.far == nil {
		return "eve"
	}
	return l.String()
}

// stored is the room's history, oldest first.
func stored(ctx context.Context, s *schedule) (all []protocol.Message, err error) {
	for after := int64(0); ; after = all[len(all)-1].Seq {
		var page struct{ Results []protocol.Message }
		path := fmt.Sprintf("/api/rooms/%d/messages/?after_seq=%d&limit=100", s.room, after)
		if err := s.lines[0].far.Call(ctx, http.MethodGet, path, nil, &page); err != nil {
			return nil, err
		}
		if len(page.Results) == 0 {
			return all, nil
		}
		all = append(all, page.Results...)
	}
}

// postedOnce: what each user said is stored once, in the order in which it was said.
func postedOnce(history []protocol.Message, s *schedule) error {
	for _, l := range s.lines {
		if l.kind != protocol.ChannelChat {
			continue
		}
		var got, want []string
		for _, msg := range history {
			if msg.Author.ID == l.far.Account.ID {
				got = append(got, msg.Content)
			}
		}
		for n := range l.sent {
			want = append(want, fmt.Sprintf("%d.%d", l.far.Account.ID, n))
		}
		if !slices.Equal(got, want) {
			return fmt.Errorf("%s: stored are %v, want %v", l, got, want)
		}
	}
	return nil
}

// seqs: in each stream the messages are without gap or double from where it begins,
// and the last stream goes on to the end. An edited message has its seq again, which
// this is not about.
func seqs(streams []client.Stream, from []int64, last int64) error {
	for i, stream := range streams {
		at := int64(-1)
		if i < len(from) {
			at = from[i]
		} else if w := stream.Welcomes; len(w) > 0 && w[0].LastSeq != nil {
			at = *w[0].LastSeq
		}
		for _, f := range stream.Frames {
			var msg protocol.Message
			if f.Type != protocol.TypeChatMessage || f.Into(&msg) != nil {
				continue
			}
			if msg.Seq != at+1 {
				return fmt.Errorf("stream %d: message %d follows %d", i, msg.Seq, at)
			}
			at = msg.Seq
		}
		if i == len(streams)-1 && at != last {
			return fmt.Errorf("stream %d ends with message %d, the room with %d", i, at, last)
		}
	}
	return nil
}

// signals: in each stream those of each sender come in order and once; and who was
// in the call all the time got all.
func (m *model) signals(s *schedule, l *line) error {
	streams := l.Streams()
	for _, from := range s.calls() {
		if from == l {
			continue
		}
		var got []int
		for i, stream := range streams {
			ns := numbers(stream.Frames, from.far.Account.ID)
			for k := 1; k < len(ns); k++ {
				if ns[k] <= ns[k-1] {
					return fmt.Errorf("stream %d: signal %d of %s follows %d", i, ns[k], from, ns[k-1])
				}
			}
			got = append(got, ns...)
		}
		for n, became := range from.sent {
			stayed := !l.broken && !l.left && !from.broken && !from.left
			if stayed && (became == delivered || became == queued) && !slices.Contains(got, n) {
				return fmt.Errorf("signal %d of %s never came: %v", n, from, got)
			}
			if became == turnedDown && slices.Contains(got, n) {
				return fmt.Errorf("signal %d of %s came though it was refused", n, from)
			}
		}
	}
	return nil
}

// leaves: nobody was seen to leave who did not, and whose session lived.
func (m *model) leaves(s *schedule) error {
	eve := frames(s.eve.Streams())
	for _, l := range s.lines {
		if l.broken || l.left {
			continue
		}
		for _, f := range eve {
			var in struct{ User protocol.User }
			if l.kind == protocol.ChannelChat && f.Type == protocol.TypeUserOffline && f.Into(&in) == nil && in.User.ID == l.far.Account.ID {
				return fmt.Errorf("%s was seen to leave", l)
			}
		}
		if l.kind == protocol.ChannelCall {
			was := false
			for _, st := range standings(eve, l.far.Account.ID) {
				if was && st.State != protocol.ParticipantActive && st.State != protocol.ParticipantSuspended {
					return fmt.Errorf("%s was seen to leave: %+v", l, standings(eve, l.far.Account.ID))
				}
				was = was || st.State == protocol.ParticipantActive
			}
		}
	}
	return nil
}

// present reports whether eve, by all that she was told, takes a line to be there.
func present(all []client.Frame, l *line) bool {
	id := l.far.Account.ID
	if l.kind == protocol.ChannelCall {
		list := standings(all, id)
		return len(list) > 0 && list[len(list)-1].State != ""
	}
	there := false
	for _, f := range all {
		switch f.Type {
		case protocol.TypePresenceState:
			var in protocol.PresenceState
			if f.Into(&in) == nil {
				there = slices.ContainsFunc(in.Users, func(u protocol.User) bool { return u.ID == id })
			}
		case protocol.TypeUserOnline, protocol.TypeUserOffline:
			var in protocol.PresenceChange
			if f.Into(&in) == nil && in.User.ID == id {
				there = f.Type == protocol.TypeUserOnline
			}
		}
	}
	return there
}

// expired reports whether a line that is not present is gone because its window
// ended. One that had not joined its call, or had just left it, may still be
// there.
func expired(all []client.Frame, l *line) bool {
	if l.kind == protocol.ChannelChat {
		return true
	}
	list := standings(all, l.far.Account.ID)
	return len(list) > 1 && list[len(list)-2].State == protocol.ParticipantSuspended
}

// told is what eve was told of who is there.
func told(all []client.Frame) string {
	var b strings.Builder
	for _, f := range all {
		switch f.Type {
		case protocol.TypePresenceState, protocol.TypeUserOnline, protocol.TypeUserOffline, protocol.TypeCallState:
			fmt.Fprintf(&b, "%s\n", f.Raw)
		}
	}
	return b.String()
}
