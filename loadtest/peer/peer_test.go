package peer_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/coder/websocket"
	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"parley/loadtest/client"
	"parley/loadtest/peer"
	"parley/protocol"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// pairUp returns both ends of the connection between two peers, once it is up.
func pairUp(t *testing.T, a, b *peer.Peer) (ab, ba *peer.Link) {
	t.Helper()
	ab, err := a.To(within(t), b.User().Account.ID)
	require.NoError(t, err)
	ba, err = b.To(within(t), a.User().Account.ID)
	require.NoError(t, err)
	require.NoError(t, ab.Connected(within(t)))
	require.NoError(t, ba.Connected(within(t)))
	return ab, ba
}

// echo sends a message over one end and has it come out of the other.
func echo(t *testing.T, from, to *peer.Link) {
	t.Helper()
	require.NoError(t, from.Send([]byte("hello")))
	got, err := to.Receive(within(t))
	require.NoError(t, err)
	require.Equal(t, "hello", string(got))
}

func TestPeersConnectAndReport(t *testing.T) {
	s := newServer(t)
	a, b := join(t, s, 1, peer.Config{}), join(t, s, 2, peer.Config{Label: "other"})
	require.Equal(t, "p1", a.ID())
	ab, ba := pairUp(t, a, b)
	require.Equal(t, int64(2), ab.UserID())
	require.Equal(t, "p2", ab.PeerID())
	require.False(t, ab.Polite())
	require.True(t, ba.Polite())
	echo(t, ab, ba)
	echo(t, ba, ab)
	require.Len(t, s.frames(protocol.TypeOffer), 1)
	require.Equal(t, "p2", s.frames(protocol.TypeOffer)[0].Data["target_peer_id"])

	require.NoError(t, b.Leave(within(t)))
	b.Close()
	<-ab.Ended()
	require.Equal(t, protocol.LeaveLeft, ab.Reason())
	a.Close()
	_, err := ab.Receive(within(t))
	require.ErrorContains(t, err, "the link has ended")
	require.Error(t, ab.Send(nil))

	reports := map[any]int{}
	for _, f := range s.frames(protocol.TypePeerState) {
		reports[f.Data["state"]]++
		if f.Data["state"] == "connected" {
			require.Positive(t, f.Data["ms"])
			require.Equal(t, "udp", f.Data["protocol"])
			require.NotEmpty(t, f.Data["local_candidate_type"])
			require.NotEmpty(t, f.Data["remote_candidate_type"])
		}
	}
	require.Equal(t, 2, reports["connected"], "once for each end: %v", reports)
}

// The end of candidates names the generation that it ends.
func TestCandidatesAreTrickled(t *testing.T) {
	s := newServer(t)
	a, b := join(t, s, 1, peer.Config{}), join(t, s, 2, peer.Config{})
	pairUp(t, a, b)
	last := func(from string) map[string]any {
		var c map[string]any
		for _, f := range s.frames(protocol.TypeICECandidate) {
			if f.Data["from_peer_id"] == from {
				c, _ = f.Data["candidate"].(map[string]any)
			}
		}
		return c
	}
	for _, id := range []string{"p1", "p2"} {
		require.Eventually(t, func() bool { c := last(id); return c != nil && c["candidate"] == "" }, patience, patience/1000)
		require.NotEmpty(t, last(id)["usernameFragment"])
		require.NotNil(t, last(id)["sdpMid"])
	}
}

// Descriptions that arrive after their candidates are no trouble.
func TestCandidatesMayComeFirst(t *testing.T) {
	s := newServer(t)
	held := map[string][]frame{}
	s.answer = func(m *member, f frame) bool {
		switch f.Type {
		case protocol.TypeOffer, protocol.TypeAnswer:
			held[m.id] = append(held[m.id], f)
			return true
		case protocol.TypeICECandidate:
			s.relay(m, f)
			for _, h := range held[m.id] {
				s.relay(m, h)
			}
			held[m.id] = nil
			return true
		}
		return false
	}
	a, b := join(t, s, 1, peer.Config{}), join(t, s, 2, peer.Config{})
	ab, ba := pairUp(t, a, b)
	echo(t, ab, ba)
}

func TestGlareIsSettledByTheRoles(t *testing.T) {
	s := newServer(t)
	var crossed []frame
	var senders []*member
	s.answer = func(m *member, f frame) bool { // lets the first two offers cross
		if f.Type != protocol.TypeOffer || senders == nil && crossed != nil {
			return false
		}
		crossed, senders = append(crossed, f), append(senders, m)
		if len(crossed) == 2 {
			for i := range crossed {
				s.relay(senders[i], crossed[i])
			}
			senders = nil
		}
		return true
	}
	a, b := join(t, s, 1, peer.Config{Eager: true}), join(t, s, 2, peer.Config{Eager: true})
	ab, ba := pairUp(t, a, b)
	require.Equal(t, 1, ab.Status().Ignored)
	require.Equal(t, 1, ba.Status().Yielded)
	require.Zero(t, ab.Status().Yielded+ba.Status().Ignored)
	echo(t, ab, ba)
	echo(t, ba, ab)
}

func TestJoinIsRefused(t *testing.T) {
	s := newServer(t)
	s.answer = func(m *member, f frame) bool {
		m.send(protocol.TypeError, f.ID, map[string]any{"code": "room_full", "message": "no"})
		return true
	}
	_, err := peer.Join(within(t), s.user(1), 1, peer.Config{})
	var refused *client.FrameError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, protocol.CodeRoomFull, refused.Code)
}

func TestJoinIsNotAnswered(t *testing.T) {
	for name, end := range map[string]func(m *member, cancel func()){
		"the caller gives up":   func(_ *member, cancel func()) { cancel() },
		"the socket is lost":    func(m *member, _ func()) { _ = m.conn.CloseNow() },
		"the server closes":     func(m *member, _ func()) { go m.conn.Close(4403, "") },
		"only acknowledged":     func(m *member, cancel func()) { m.send(protocol.TypeAck, "1", nil); cancel() },
		"acknowledged and lost": func(m *member, _ func()) { m.send(protocol.TypeAck, "1", nil); _ = m.conn.CloseNow() },
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			ctx, cancel := context.WithCancel(within(t))
			defer cancel()
			s.answer = func(m *member, _ frame) bool { end(m, cancel); return true }
			_, err := peer.Join(ctx, s.user(1), 1, peer.Config{Media: true})
			require.Error(t, err)
		})
	}
	_, err := peer.Join(within(t), &client.User{Server: client.Server{Base: "http://127.0.0.1:1"}}, 1, peer.Config{})
	require.Error(t, err)
}

func TestDismissedPeerHangsUp(t *testing.T) {
	s := newServer(t)
	a, b := join(t, s, 1, peer.Config{}), join(t, s, 2, peer.Config{Media: true})
	ab, _ := pairUp(t, a, b)
	s.mu.Lock()
	conn := s.peers[0].conn
	s.mu.Unlock()
	require.NoError(t, conn.Close(websocket.StatusCode(protocol.CloseForbidden), "removed"))
	<-ab.Ended()
	require.Empty(t, ab.Reason())
	require.Empty(t, a.Links())
}

func TestPeerWhoseSocketIsLostGoesOn(t *testing.T) {
	s := newServer(t)
	a, b := join(t, s, 1, peer.Config{}), join(t, s, 2, peer.Config{})
	ab, ba := pairUp(t, a, b)
	b.Cut()
	<-ab.Ended()
	require.Len(t, b.Links(), 1)
	b.Close()
	b.Close() // twice is as good as once
	<-ba.Ended()
	require.Equal(t, webrtc.PeerConnectionStateClosed, ba.Status().Connection)
}

func TestObserveSeesEveryFrame(t *testing.T) {
	s := newServer(t)
	seen := make(chan string, 100)
	cfg := peer.Config{Observe: func(f client.Frame) { seen <- string(f.Type) }}
	a, b := join(t, s, 1, cfg), join(t, s, 2, peer.Config{})
	pairUp(t, a, b)
	s.tell(0, "something_new", map[string]any{})
	require.Equal(t, "welcome", <-seen)
	require.Equal(t, "call_joined", <-seen)
	require.Equal(t, "user_joined", <-seen)
	for typ := range seen {
		if typ == "something_new" {
			break
		}
		require.Contains(t, []string{"offer", "answer", "ice_candidate"}, typ)
	}
}

func TestMediaIsCounted(t *testing.T) {
	s := newServer(t)
	a, b := join(t, s, 1, peer.Config{Media: true}), join(t, s, 2, peer.Config{})
	ab, ba := pairUp(t, a, b)
	require.NoError(t, ba.Await(within(t), func(s peer.Status) bool { return s.Audio > 10 && s.Video > 10 }))
	require.Zero(t, ab.Status().Audio+ab.Status().Video)
	b.StartMedia()
	require.NoError(t, ab.Await(within(t), func(s peer.Status) bool { return s.Audio > 10 && s.Video > 10 }))
}

func TestWaitingEndsWithItsContext(t *testing.T) {
	s := newServer(t)
	a := join(t, s, 1, peer.Config{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := a.To(ctx, 9)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorContains(t, err, "user 9")

	s.answer = func(_ *member, f frame) bool { return f.Type == protocol.TypeOffer } // and nothing comes of it
	b := join(t, s, 2, peer.Config{})
	l, err := b.To(within(t), 1)
	require.NoError(t, err)
	require.ErrorIs(t, l.Connected(ctx), context.Canceled)
	_, err = l.Receive(ctx)
	require.ErrorIs(t, err, context.Canceled)
	a.Close()
	<-l.Ended()
	require.ErrorContains(t, l.Connected(within(t)), "the link has ended")
}

func TestWhatOthersSendCannotBreakAPeer(t *testing.T) {
	s := newServer(t)
	taken := make(chan struct{})
	cfg := peer.Config{Observe: func(f client.Frame) {
		if f.Type == "last" {
			close(taken)
		}
	}}
	a, b := join(t, s, 1, cfg), join(t, s, 2, peer.Config{})
	ab, ba := pairUp(t, a, b)
	for _, data := range []map[string]any{
		{},
		{"from_peer_id": 7},
		{"from_peer_id": "nobody", "sdp": "v=0"},
		{"from_peer_id": "p2"},
		{"from_peer_id": "p2", "candidate": nil},
		{"from_peer_id": "p2", "candidate": "x"},
	} {
		s.tell(0, protocol.TypeAnswer, data) // to no offer
		s.tell(0, protocol.TypeICECandidate, data)
	}
	for i := range 1000 { // of a description that never comes
		s.tell(0, protocol.TypeICECandidate, map[string]any{"from_peer_id": "p2", "candidate": map[string]any{
			"candidate": "candidate:1 1 udp 1 127.0.0.1 9 typ host", "usernameFragment": fmt.Sprint(i),
		}})
	}
	for _, typ := range []protocol.Type{protocol.TypeCallJoined, protocol.TypeUserJoined, protocol.TypeUserLeft} {
		s.tell(0, typ, map[string]any{"peer_id": 7})
	}
	s.tell(0, protocol.TypeUserLeft, map[string]any{"peer_id": "nobody"})
	s.tell(0, "last", nil)
	<-taken // an answer is to no offer as long as there is none
	echo(t, ab, ba)
	ab.Restart()
	require.NoError(t, ab.Await(within(t), func(s peer.Status) bool { return s.Restarts == 1 }))
	echo(t, ba, ab)
}

// What does break a link tells those who wait for it.
func TestBrokenLinkTellsWhy(t *testing.T) {
	for name, data := range map[string]map[string]any{
		"an offer that is none": {"sdp": "hello"},
		"an offer of nothing":   {"sdp": ""},
		"an offer without ICE":  {"sdp": "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			s.answer = func(_ *member, f frame) bool { return f.Type == protocol.TypeOffer }
			a, b := join(t, s, 1, peer.Config{}), join(t, s, 2, peer.Config{})
			data["from_peer_id"] = a.ID()
			s.tell(1, protocol.TypeOffer, data)
			l, err := b.To(within(t), 1)
			require.NoError(t, err)
			err = l.Connected(within(t))
			require.ErrorContains(t, err, "peer: link to p1: ")
			require.NotErrorIs(t, err, context.DeadlineExceeded)
		})
	}
}

func TestICEServersComeFromTheServer(t *testing.T) {
	wrong := []protocol.ICEServer{{URLs: []string{"nonsense:"}}}
	s := newServer(t)
	s.servers = wrong
	join(t, s, 1, peer.Config{})
	l, err := join(t, s, 2, peer.Config{}).To(within(t), 1)
	require.NoError(t, err)
	require.Error(t, l.Connected(within(t)), "they are used")
	require.Error(t, l.Send(nil))
	l.Restart()
	l.Renegotiate()

	own := peer.Config{ICEServers: []webrtc.ICEServer{}}
	a, b := join(t, s, 3, own), join(t, s, 4, own)
	pairUp(t, a, b)
}
