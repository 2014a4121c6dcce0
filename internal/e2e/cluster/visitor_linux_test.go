package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"

	"parley/internal/faults"
	"parley/loadtest/client"
	"parley/protocol"
)

// Habits of visitors.
const (
	dialPatience = 3 * time.Second        // then another node is tried
	silence      = 4 * time.Second        // without a frame, then the node counts as gone
	pingEvery    = 700 * time.Millisecond // answered by each node that works
	resendAfter  = 4 * time.Second        // what has no answer
	mostPosts    = 3                      // under way
	mostFrames   = 4000                   // kept
	lastFrames   = 40                     // of them that are shown
	shortly      = 200 * time.Millisecond // after what is complained of
)

// Phases of a run.
const (
	storming int32 = iota // all that visitors do
	calming               // nothing new
	ending                // each says one last thing to everyone
)

// common is what all visitors share.
type common struct {
	http   *http.Client
	phase  atomic.Int32
	number atomic.Int64 // of the last frame to a peer
	window time.Duration
}

// visitor is a client of either kind that writes and calls, loses its socket in
// every way, and comes back to any node. All of it is its own goroutine's, but for
// the recorder.
type visitor struct {
	*common
	*Recorder
	user       *client.User
	doors      []*faults.Proxy // one to each node
	everything bool            // it has a socket for everything
	path       string
	rng        *rand.Rand

	seats    []*seat
	socket   *client.Socket
	door     int
	token    string
	received int // frames since the welcome
	told     int // of them the server knows
	heard    time.Time
	pinged   time.Time
	pings    map[string]bool // on this socket, not answered
	asks     map[string]ask
	numbers  map[string]int64 // of frames to peers, by their ids
	lastID   int
	mishap   time.Time // the next
	act      time.Time // the next
	frames   []frame   // the last
}

// ask is something that is to be answered.
type ask struct {
	seat *seat
	typ  protocol.Type
	post string
	n    int64
}

// frame is one that was kept, or a note.
type frame struct {
	at   time.Duration
	text string
}

// run visits until the context ends, and then leaves in good order.
func (v *visitor) run(ctx context.Context) {
	for ctx.Err() == nil {
		if err := v.connect(ctx); err != nil {
			v.keep("  " + err.Error())
			v.wait(ctx, v.between(50, 400))
			continue
		}
		away := v.stay(ctx)
		v.Note(Lost{})
		v.wait(ctx, away)
	}
}

func (v *visitor) between(low, high int) time.Duration {
	return time.Duration(low+v.rng.IntN(high-low)) * time.Millisecond
}

func (v *visitor) wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// connect opens a socket to any node and takes its welcome.
func (v *visitor) connect(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, dialPatience)
	defer cancel()
	v.door = v.rng.IntN(len(v.doors))
	server := client.Server{Base: "http://" + v.doors[v.door].Addr()}
	k, err := server.Dial(ctx, v.address(), &websocket.DialOptions{
		HTTPClient: v.http, HTTPHeader: http.Header{"Authorization": {"Token " + v.user.Token}},
	})
	if err != nil {
		return err
	}
	f, err := k.Next(ctx)
	var w protocol.Welcome
	if err == nil && f.Type != protocol.TypeWelcome {
		err = fmt.Errorf("%s instead of a welcome", f.Raw)
	}
	if err == nil {
		err = f.Into(&w)
	}
	if err != nil {
		k.Cut()
		v.refused(err)
		return err
	}
	v.socket = k
	v.keep("< " + string(f.Raw))
	v.greeted(w)
	return nil
}

// refused takes note of a server that sends the visitor away for good.
func (v *visitor) refused(err error) {
	var ce websocket.CloseError
	if errors.As(err, &ce) && !protocol.CloseCode(ce.Code).ComeBack() {
		v.Note(Shut{Code: protocol.CloseCode(ce.Code)})
		v.token = ""
	}
}

// address is the path with all that a node is to know.
func (v *visitor) address() string {
	query := url.Values{"ack": {"1"}}
	if v.token != "" {
		query.Set("resume", v.token)
		query.Set("received", strconv.Itoa(v.received))
	}
	if s := v.seats[0]; !v.everything && s.chat {
		query.Set("since_seq", strconv.FormatInt(s.seen, 10))
	}
	return v.path + "?" + query.Encode()
}

// greeted begins with a socket.
func (v *visitor) greeted(w protocol.Welcome) {
	v.token, v.received, v.told = w.ResumeToken, 0, 0
	v.heard, v.pinged, v.pings = time.Now(), time.Time{}, make(map[string]bool)
	v.mishap, v.act = time.Now().Add(v.between(500, 10_000)), time.Now()
	v.Greet(w.Node, Welcomed{Connection: w.ConnectionID, Resumed: w.Resumed})
	if !w.Resumed {
		v.asks = make(map[string]ask)
		for _, s := range v.seats {
			s.afresh(!v.everything)
			if s.chat && !v.everything {
				v.Note(Begun{About{s.room}, s.seen})
			}
		}
	}
	for _, s := range v.seats {
		for _, p := range s.posts {
			p.at = time.Time{} // whether it arrived is not known
		}
	}
}

// subscribe asks for those channels of a room that it does not have.
func (v *visitor) subscribe(s *seat, now time.Time) {
	s.again = now.Add(resendAfter)
	if !s.chatOpen {
		v.Note(Begun{About{s.room}, s.seen})
		v.send(s, protocol.TypeSubscribe, map[string]any{"channel": protocol.ChannelChat, "since_seq": s.seen}, ask{seat: s, typ: "chat"})
	}
	if !s.callOpen {
		v.send(s, protocol.TypeSubscribe, map[string]any{"channel": protocol.ChannelCall}, ask{seat: s, typ: "call"})
	}
}

// send sends a frame that is to be answered. A socket that does not take it is seen
// to be lost by its reader.
func (v *visitor) send(s *seat, typ protocol.Type, data any, a ask) string {
	v.lastID++
	id := strconv.Itoa(v.lastID)
	frame := map[string]any{"type": typ, "id": id, "data": data}
	if v.everything && s != nil {
		frame["room_id"] = s.room
	}
	b, err := json.Marshal(frame)
	if err != nil {
		panic(err) // numbers and strings cannot fail
	}
	if a.seat != nil {
		v.asks[id] = a
	}
	if s != nil {
		v.keep("> " + string(b))
	}
	ctx, cancel := context.WithTimeout(context.Background(), silence)
	defer cancel()
	_ = v.socket.SendRaw(ctx, b)
	return id
}

// keep keeps what is to be shown if the visitor has something to complain of.
func (v *visitor) keep(text string) {
	if len(v.frames) == mostFrames {
		v.frames = append(v.frames[:0], v.frames[mostFrames/2:]...)
	}
	v.frames = append(v.frames, frame{time.Since(v.began), text})
}

// complaint is what the visitor saw before a time and shortly after. Its goroutine
// must have ended.
func (v *visitor) complaint(at time.Duration) string {
	end := len(v.frames)
	for end > 0 && v.frames[end-1].at > at+shortly {
		end--
	}
	return v.seen(max(0, end-lastFrames), end)
}

// seen is a part of what was kept.
func (v *visitor) seen(from, to int) string {
	var b strings.Builder
	for _, f := range v.frames[from:to] {
		fmt.Fprintf(&b, "%.3fs %s\n", f.at.Seconds(), f.text)
	}
	return b.String()
}
