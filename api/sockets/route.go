package sockets

import (
	"strconv"
	"strings"

	"parley/protocol"
)

// Paths lists the WebSocket routes, aliases included, as documented.
func Paths() []string {
	return []string{"/ws/room/{room_id}/", "/ws/chat/{room_id}/", "/ws/call/{room_id}/", "/ws/"}
}

// route is what a path asks for: one channel of one room or, in the zero value,
// a multiplexed socket.
type route struct {
	channel protocol.Channel
	roomID  int64
}

// parsePath reads a path, with or without the slash at its end.
func parsePath(path string) (route, bool) {
	if path == "/ws/" || path == "/ws" {
		return route{}, true
	}
	kind, id, ok := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(path, "/ws/"), "/"), "/")
	if !ok || !strings.HasPrefix(path, "/ws/") {
		return route{}, false
	}
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || n < 1 || n >= protocol.MaxID || strconv.FormatInt(n, 10) != id {
		return route{}, false
	}
	switch kind {
	case "room", "chat":
		return route{protocol.ChannelChat, n}, true
	case "call":
		return route{protocol.ChannelCall, n}, true
	default:
		return route{}, false
	}
}
