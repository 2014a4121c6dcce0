package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/coder/websocket"

	"parley/protocol"
)

// readLimit is more than any frame that a server sends.
const readLimit = 16 << 20

// Frame is a server's frame.
type Frame struct {
	Type   protocol.Type   `json:"type"`
	ID     string          `json:"id"`
	RoomID int64           `json:"room_id"`
	Data   json.RawMessage `json:"data"`
	Raw    []byte          `json:"-"` // the whole frame as it came
}

// Into decodes the frame's data.
func (f Frame) Into(v any) error {
	if err := json.Unmarshal(f.Data, v); err != nil {
		return fmt.Errorf("client: data of %s: %w", f.Type, err)
	}
	return nil
}

// FrameError is the server's error frame in answer to a Request.
type FrameError struct{ protocol.ErrorData }

// Error implements error.
func (e *FrameError) Error() string { return string(e.Code) + ": " + e.Message }

// Socket is an open WebSocket. Frames that answer a Request go to it; all
// others wait, in order, for Next.
type Socket struct {
	// static
	conn *websocket.Conn
	done chan struct{} // the reader has ended
	stop context.CancelFunc

	mu      sync.Mutex
	waiting []Frame               // guarded by mu
	arrived chan struct{}         // guarded by mu: closed when a frame arrives
	pending map[string]chan Frame // guarded by mu: by the request's id
	lastID  int                   // guarded by mu
	err     error                 // guarded by mu: why the reader ended
}

// Open opens a WebSocket on a path such as /ws/room/7/?since_seq=3, with the
// user's token in the Authorization header.
func (u *User) Open(ctx context.Context, path string) (*Socket, error) {
	return u.Dial(ctx, path, &websocket.DialOptions{
		HTTPClient: u.HTTP,
		HTTPHeader: http.Header{"Authorization": {"Token " + u.Token}},
	})
}

// OpenChat opens a chat socket.
func (u *User) OpenChat(ctx context.Context, roomID int64) (*Socket, error) {
	return u.Open(ctx, fmt.Sprintf("/ws/room/%d/", roomID))
}

// OpenCall opens a call socket.
func (u *User) OpenCall(ctx context.Context, roomID int64) (*Socket, error) {
	return u.Open(ctx, fmt.Sprintf("/ws/call/%d/", roomID))
}

// Dial opens a WebSocket as opts say.
func (s Server) Dial(ctx context.Context, path string, opts *websocket.DialOptions) (*Socket, error) {
	conn, res, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(s.Base, "http")+path, opts)
	if err != nil {
		if res != nil && res.Body != nil {
			_ = res.Body.Close()
		}
		return nil, fmt.Errorf("client: %w", err)
	}
	conn.SetReadLimit(readLimit)
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	k := &Socket{
		conn: conn, done: make(chan struct{}), stop: stop,
		arrived: make(chan struct{}), pending: make(map[string]chan Frame),
	}
	go k.read(ctx)
	return k, nil
}

func (k *Socket) read(ctx context.Context) {
	defer close(k.done)
	for {
		_, b, err := k.conn.Read(ctx)
		f := Frame{Raw: b}
		if err == nil {
			if err = json.Unmarshal(b, &f); err != nil {
				_ = k.conn.CloseNow() // no server of this protocol
			}
		}
		if err != nil {
			k.mu.Lock()
			k.err = err
			k.mu.Unlock()
			return
		}
		k.take(f)
	}
}

func (k *Socket) take(f Frame) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if answer, ok := k.pending[f.ID]; ok && f.ID != "" {
		delete(k.pending, f.ID)
		answer <- f
		return
	}
	k.waiting = append(k.waiting, f)
	close(k.arrived)
	k.arrived = make(chan struct{})
}

// Next returns the next frame. After the socket was closed, and all that came
// before is read, it returns the error that CloseCode understands.
func (k *Socket) Next(ctx context.Context) (Frame, error) {
	for {
		k.mu.Lock()
		if len(k.waiting) > 0 {
			f := k.waiting[0]
			k.waiting = k.waiting[1:]
			k.mu.Unlock()
			return f, nil
		}
		arrived := k.arrived
		k.mu.Unlock()
		select {
		case <-arrived:
		case <-k.done:
			if k.idle() {
				return Frame{}, k.Err()
			}
		case <-ctx.Done():
			return Frame{}, ctx.Err()
		}
	}
}

func (k *Socket) idle() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.waiting) == 0
}

// Await returns the next frame of a type and drops those before it.
func (k *Socket) Await(ctx context.Context, t protocol.Type) (Frame, error) {
	for {
		f, err := k.Next(ctx)
		if err != nil {
			return f, fmt.Errorf("client: waiting for %s: %w", t, err)
		}
		if f.Type == t {
			return f, nil
		}
	}
}

type outgoing struct {
	Type   protocol.Type `json:"type"`
	ID     string        `json:"id,omitempty"`
	RoomID int64         `json:"room_id,omitempty"`
	Data   any           `json:"data,omitempty"`
}

// InRoom is the data of a frame that names its room, as those of chats and calls do
// on a multiplexed socket.
type InRoom struct {
	RoomID int64
	Data   any
}

// Send sends a frame without an id. data may be a json.RawMessage, or an InRoom of
// either; nil is left out.
func (k *Socket) Send(ctx context.Context, t protocol.Type, data any) error {
	return k.send(ctx, outgoing{Type: t, Data: data})
}

// Request sends a frame with an id and waits for its answer; an error frame is
// a *FrameError.
func (k *Socket) Request(ctx context.Context, t protocol.Type, data any) (Frame, error) {
	answer := make(chan Frame, 1)
	k.mu.Lock()
	k.lastID++
	id := strconv.Itoa(k.lastID)
	k.pending[id] = answer
	k.mu.Unlock()
	if err := k.send(ctx, outgoing{Type: t, ID: id, Data: data}); err != nil {
		return Frame{}, err
	}
	select {
	case f := <-answer:
		return f, asError(f)
	case <-k.done:
		return Frame{}, k.Err()
	case <-ctx.Done():
		return Frame{}, fmt.Errorf("client: waiting for the answer to %s: %w", t, ctx.Err())
	}
}

func asError(f Frame) error {
	if f.Type != protocol.TypeError {
		return nil
	}
	e := &FrameError{}
	if err := f.Into(&e.ErrorData); err != nil {
		return err
	}
	return e
}

func (k *Socket) send(ctx context.Context, f outgoing) error {
	b, err := encode(f)
	if err != nil {
		return err
	}
	return k.SendRaw(ctx, b)
}

func encode(f outgoing) ([]byte, error) {
	if in, ok := f.Data.(InRoom); ok {
		f.RoomID, f.Data = in.RoomID, in.Data
	}
	b, err := json.Marshal(f)
	if err != nil {
		return nil, fmt.Errorf("client: encode %s: %w", f.Type, err)
	}
	return b, nil
}

// SendRaw sends a text message as it is.
func (k *Socket) SendRaw(ctx context.Context, text []byte) error {
	if err := k.conn.Write(ctx, websocket.MessageText, text); err != nil {
		return fmt.Errorf("client: send: %w", err)
	}
	return nil
}

// Err is why the socket ended; nil while it is open.
func (k *Socket) Err() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.err
}

// Done is closed when the socket has ended.
func (k *Socket) Done() <-chan struct{} { return k.done }

// CloseCode waits until the server closes the socket and returns its code, or
// an error if the socket was lost without one.
func (k *Socket) CloseCode(ctx context.Context) (protocol.CloseCode, error) {
	select {
	case <-k.done:
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	return codeOf(k.Err())
}

// codeOf returns the code that the server closed with, or err if it did not.
func codeOf(err error) (protocol.CloseCode, error) {
	var ce websocket.CloseError
	if errors.As(err, &ce) {
		return protocol.CloseCode(ce.Code), nil
	}
	return 0, err
}

// Close leaves in good order and waits for the reader to end.
func (k *Socket) Close() error {
	err := k.conn.Close(websocket.StatusNormalClosure, "")
	k.stop()
	<-k.done
	if err != nil && websocket.CloseStatus(err) == -1 && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("client: close: %w", err)
	}
	return nil
}

// Cut drops the connection without a close frame, as a lost network does.
func (k *Socket) Cut() {
	k.stop() // cancelling a read closes the connection at once,
	<-k.done
	_ = k.conn.CloseNow() // but not if it comes between two reads
}
