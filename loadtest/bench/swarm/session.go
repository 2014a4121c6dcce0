//go:build linux

package swarm

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/gobwas/ws"

	"parley/protocol"
)

// session is what a client knows of a session that may outlive its socket.
type session struct {
	dial     Dial
	begun    bool   // the welcome has come
	token    string // it brought
	received int    // text frames behind it
	told     int    // of these, to the server
}

// take counts a text frame behind the welcome, which is the first.
func (n *session) take(payload []byte, counts *Counts) error {
	if n.begun {
		n.received++
		return nil
	}
	var frame struct {
		Data protocol.Welcome `json:"data"`
	}
	if err := json.Unmarshal(payload, &frame); err != nil {
		return fmt.Errorf("swarm: welcome: %w", err)
	}
	n.begun, n.token = true, frame.Data.ResumeToken
	if n.token != "" && frame.Data.ResumeWindowS > 0 {
		counts.Lasting++
	}
	if frame.Data.Resumed {
		counts.Resumed++
	}
	return nil
}

// due reports whether the server is to be told what has come.
func (n *session) due() bool {
	return n.dial.Received > 0 && n.received-n.told >= n.dial.Received
}

// tell makes the frame that says what has come.
func (n *session) tell() []byte {
	n.told = n.received
	text := fmt.Appendf(nil, `{"type":%q,"data":{"n":%d}}`, protocol.TypeReceived, n.received)
	return ws.MustCompileFrame(ws.MaskFrameInPlace(ws.NewTextFrame(text)))
}

// back is how the client returns.
func (n *session) back() Dial {
	d, join := n.dial, "?"
	if strings.Contains(d.Path, "?") {
		join = "&"
	}
	d.back = fmt.Sprintf("%sresume=%s&received=%d", join, n.token, n.received)
	return d
}
