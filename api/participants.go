package api

import (
	"context"
	"net/http"

	"parley/membership"
	"parley/protocol"
)

// target names a user by exactly one of its fields.
type target struct {
	RoomPath
	Body struct {
		UserID   int64  `json:"user_id,omitempty" doc:"Exactly one of the three is given." example:"42"`
		Username string `json:"username,omitempty" example:"ada"`
		Email    string `json:"email,omitempty" example:"ada@example.com"`
	} `nameHint:"Target"`
}

func (t *target) member() membership.Target {
	return membership.Target{UserID: t.Body.UserID, Username: t.Body.Username, Email: t.Body.Email}
}

func (s *server) participantRoutes() {
	const tag = "Participants"
	register(s, operation{
		id: "list-participants", method: http.MethodGet, path: "/api/rooms/{id}/participants/", tag: tag,
		summary: "Who is in a room, first to join first",
	}, s.listParticipants)
	register(s, operation{
		id: "add-participant", method: http.MethodPost, path: "/api/rooms/{id}/add-participant/", tag: tag,
		summary: "Add a user to a room", detail: "The owner's right. Adding twice is no error.",
		errors: []protocol.Code{protocol.CodePermissionDenied},
	}, s.addParticipant)
	register(s, operation{
		id: "remove-participant", method: http.MethodPost, path: "/api/rooms/{id}/remove-participant/", tag: tag,
		summary: "Remove a user from a room", status: http.StatusNoContent,
		detail: "The owner's right. The user's sockets of that room are closed (4403).",
		errors: []protocol.Code{protocol.CodePermissionDenied, protocol.CodeConflict},
	}, s.removeParticipant)
}

func (s *server) listParticipants(ctx context.Context, in *struct {
	RoomPath
	PageQuery
},
) (*reply[List[protocol.Participant]], error) {
	people, total, err := s.Rooms.Participants(ctx, caller(ctx).User.ID, in.ID, in.slice())
	if err != nil {
		return nil, err
	}
	return paged(&in.PageQuery, people, total), nil
}

func (s *server) addParticipant(ctx context.Context, in *target) (*reply[protocol.Participant], error) {
	p, err := s.Rooms.Add(ctx, caller(ctx).User.ID, in.ID, in.member())
	return answer(p), err
}

func (s *server) removeParticipant(ctx context.Context, in *target) (*nothing, error) {
	return &nothing{}, s.Rooms.Remove(ctx, caller(ctx).User.ID, in.ID, in.member())
}
