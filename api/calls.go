package api

import (
	"context"
	"net/http"

	"parley/protocol"
)

func (s *server) callRoutes() {
	const tag = "Calls"
	register(s, operation{
		id: "get-call-state", method: http.MethodGet, path: "/api/rooms/{id}/call-state/", tag: tag,
		summary: "How a room's call stands",
		detail:  "room_state is idle (nobody), connecting (fewer than two active) or active; a participant's state is connecting, active or suspended.",
	}, s.callState)
	register(s, operation{
		id: "list-ice-servers", method: http.MethodGet, path: "/api/ice-servers/", tag: tag,
		summary: "The STUN and TURN servers to use",
		detail:  "ice_servers is what RTCPeerConnection takes as iceServers. expires_at is null if the credentials do not expire; else ask again before.",
	}, s.iceServers)
}

func (s *server) callState(ctx context.Context, in *struct{ RoomPath }) (*reply[protocol.CallState], error) {
	if _, err := s.Rooms.Check(ctx, caller(ctx).User.ID, in.ID); err != nil {
		return nil, err
	}
	state, err := s.Calls.CallState(ctx, in.ID)
	state.Participants = orEmpty(state.Participants)
	return answer(state), err
}

func (s *server) iceServers(ctx context.Context, _ *nothing) (*reply[protocol.ICEServers], error) {
	ice := s.cfg.ICEServers(caller(ctx).User.ID)
	ice.ICEServers = orEmpty(ice.ICEServers)
	return answer(ice), nil
}
