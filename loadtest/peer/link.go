package peer

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/webrtc/v4"

	"parley/protocol"
)

// Link is the connection to one other peer of the call.
type Link struct {
	// static after start
	peer   *Peer
	userID int64
	peerID string
	polite bool // this side's role
	began  time.Time
	pc     *webrtc.PeerConnection
	inbox  chan []byte
	tasks  chan func() // what the link's goroutine is to do, in order
	ctx    context.Context
	cancel context.CancelFunc
	ended  chan struct{} // closed when all of the link's goroutines have ended

	rounds atomic.Int64 // of negotiation: descriptions of the other's that were taken

	// owned by the link's goroutine
	negotiation negotiation
	trickle     trickle
	reported    webrtc.PeerConnectionState
	readers     sync.WaitGroup
	sending     bool // media has been added

	mu      sync.Mutex
	data    *webrtc.DataChannel  // guarded by mu: nil until it is made
	status  Status               // guarded by mu
	err     error                // guarded by mu: the first failure
	why     protocol.LeaveReason // guarded by mu
	changed chan struct{}        // guarded by mu: nil while nobody waits
}

// backlog is how many tasks may wait for a link's goroutine before those who
// bring them do.
const backlog = 64

func newLink(p *Peer, userID int64, peerID string, polite, offers bool) *Link {
	ctx, cancel := context.WithCancel(context.Background())
	return &Link{
		peer: p, userID: userID, peerID: peerID, polite: polite, began: time.Now(),
		inbox: make(chan []byte, inboxSize), tasks: make(chan func(), backlog),
		ctx: ctx, cancel: cancel, ended: make(chan struct{}),
		negotiation: negotiation{waits: !offers},
	}
}

// start takes the connection over and begins to negotiate.
func (l *Link) start(pc *webrtc.PeerConnection) {
	l.pc = pc
	pc.OnICECandidate(func(c *webrtc.ICECandidate) { l.post(func() { l.gathered(c) }) })
	pc.OnICEGatheringStateChange(l.gathers)
	pc.OnConnectionStateChange(func(webrtc.PeerConnectionState) { l.post(l.observe) })
	pc.OnNegotiationNeeded(func() {
		round := l.rounds.Load()
		l.post(func() {
			if l.rounds.Load() == round { // else pion has looked again since
				l.needed()
			}
		})
	})
	l.watch(pc)
	pc.OnTrack(func(t *webrtc.TrackRemote, _ *webrtc.RTPReceiver) { l.post(func() { l.count(t) }) })
	go l.run()
	l.post(l.open)
}

// run is the link's goroutine.
func (l *Link) run() {
	defer close(l.ended)
	for {
		select {
		case task := <-l.tasks:
			task()
		case <-l.ctx.Done():
			l.fail(l.pc.GracefulClose())
			l.readers.Wait()
			l.update(func(s *Status) { s.Connection = webrtc.PeerConnectionStateClosed })
			l.report(webrtc.PeerConnectionStateClosed)
			return
		}
	}
}

// post has the link's goroutine run a task, or nobody if the link has ended.
func (l *Link) post(task func()) {
	select {
	case l.tasks <- task:
	case <-l.ctx.Done():
	}
}

// open makes the data channel, agreed on by both sides (RFC 8832, section 1) so
// that it does not matter who offers, and the media.
func (l *Link) open() {
	agreed, id := true, uint16(0)
	data, err := l.pc.CreateDataChannel(l.peer.cfg.Label, &webrtc.DataChannelInit{Negotiated: &agreed, ID: &id})
	if err != nil {
		l.fail(err)
		return
	}
	l.mu.Lock()
	l.data = data
	l.mu.Unlock()
	data.OnOpen(func() { l.update(func(s *Status) { s.Open = true }) })
	data.OnClose(func() { l.update(func(s *Status) { s.Open = false }) })
	data.OnMessage(l.deliver)
	if l.peer.media.started() {
		l.addMedia()
	}
}

// UserID is the other peer's user.
func (l *Link) UserID() int64 { return l.userID }

// PeerID is the other peer's peer_id.
func (l *Link) PeerID() string { return l.peerID }

// Polite is this side's role in perfect negotiation, as the server gave it.
func (l *Link) Polite() bool { return l.polite }

// Ended is closed when the link has ended: the other has left, or this peer.
func (l *Link) Ended() <-chan struct{} { return l.ended }

// Reason is why the other peer left, "" if it did not.
func (l *Link) Reason() protocol.LeaveReason {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.why
}

// end has the link's goroutine close the connection. It does not wait.
func (l *Link) end(why protocol.LeaveReason) {
	l.mu.Lock()
	l.why = why
	l.mu.Unlock()
	l.cancel()
}

// fail keeps the first error, for those who wait for the link.
func (l *Link) fail(err error) {
	if err == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err == nil {
		l.err = fmt.Errorf("peer: link to %s: %w", l.peerID, err)
	}
	l.wake()
}
