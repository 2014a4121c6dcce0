package api

import (
	"context"
	"net/http"

	"parley/membership"
	"parley/protocol"
)

type newRoom struct {
	Body struct {
		Name    string `json:"name" doc:"1–100 characters." example:"Analytical engine"`
		Private bool   `json:"private,omitempty" doc:"Nobody joins a private room; its owner adds participants."`
	} `nameHint:"NewRoom"`
}

type roomChange struct {
	RoomPath
	Body struct {
		Name    *string `json:"name,omitempty" doc:"1–100 characters." example:"Difference engine"`
		Private *bool   `json:"private,omitempty"`
		OwnerID *int64  `json:"owner_id,omitempty" doc:"Hands the room over to this participant."`
	} `nameHint:"RoomChange"`
}

func (s *server) roomRoutes() {
	const tag = "Rooms"
	register(s, operation{
		id: "list-rooms", method: http.MethodGet, path: "/api/rooms/", tag: tag,
		summary: "The rooms I am in, the one that changed last first",
	}, s.listRooms)
	register(s, operation{
		id: "create-room", method: http.MethodPost, path: "/api/rooms/", tag: tag,
		summary: "Make a room", status: http.StatusCreated, detail: "Its maker is its owner and first participant.",
	}, s.createRoom)
	register(s, operation{
		id: "get-room", method: http.MethodGet, path: "/api/rooms/{id}/", tag: tag,
		summary: "A room I am in",
	}, s.getRoom)
	register(s, operation{
		id: "update-room", method: http.MethodPatch, path: "/api/rooms/{id}/", tag: tag,
		summary: "Rename a room, or hand it over", detail: "The owner's right. A field that is absent or null stays as it is.",
		errors: []protocol.Code{protocol.CodePermissionDenied},
	}, s.updateRoom)
	register(s, operation{
		id: "delete-room", method: http.MethodDelete, path: "/api/rooms/{id}/", tag: tag,
		summary: "Delete a room and all that is in it", status: http.StatusNoContent,
		detail: "The owner's right. The room's sockets are closed (4410).", errors: []protocol.Code{protocol.CodePermissionDenied},
	}, s.deleteRoom)
	register(s, operation{
		id: "join-room", method: http.MethodPost, path: "/api/rooms/{id}/join/", tag: tag,
		summary: "Become a participant", detail: "Of any room that is not private. Joining twice is no error.",
	}, s.joinRoom)
	register(s, operation{
		id: "leave-room", method: http.MethodPost, path: "/api/rooms/{id}/leave/", tag: tag,
		summary: "Cease to be a participant", status: http.StatusNoContent,
		detail: "One's sockets of that room are closed (4403). The owner hands the room over first.",
		errors: []protocol.Code{protocol.CodeConflict},
	}, s.leaveRoom)
}

func (s *server) listRooms(ctx context.Context, in *struct{ PageQuery }) (*reply[List[protocol.Room]], error) {
	rooms, total, err := s.Rooms.List(ctx, caller(ctx).User.ID, in.slice())
	if err != nil {
		return nil, err
	}
	return paged(&in.PageQuery, rooms, total), nil
}

func (s *server) createRoom(ctx context.Context, in *newRoom) (*reply[protocol.Room], error) {
	r, err := s.Rooms.Create(ctx, caller(ctx).User, membership.NewRoom{Name: in.Body.Name, Private: in.Body.Private})
	return answer(r), err
}

func (s *server) getRoom(ctx context.Context, in *struct{ RoomPath }) (*reply[protocol.Room], error) {
	r, err := s.Rooms.Get(ctx, caller(ctx).User.ID, in.ID)
	return answer(r), err
}

func (s *server) updateRoom(ctx context.Context, in *roomChange) (*reply[protocol.Room], error) {
	r, err := s.Rooms.Update(ctx, caller(ctx).User.ID, in.ID, membership.RoomChange{
		Name: in.Body.Name, Private: in.Body.Private, OwnerID: in.Body.OwnerID,
	})
	return answer(r), err
}

func (s *server) deleteRoom(ctx context.Context, in *struct{ RoomPath }) (*nothing, error) {
	return &nothing{}, s.Rooms.Delete(ctx, caller(ctx).User.ID, in.ID)
}

func (s *server) joinRoom(ctx context.Context, in *struct{ RoomPath }) (*reply[protocol.Room], error) {
	r, err := s.Rooms.Join(ctx, caller(ctx).User.ID, in.ID)
	return answer(r), err
}

func (s *server) leaveRoom(ctx context.Context, in *struct{ RoomPath }) (*nothing, error) {
	return &nothing{}, s.Rooms.Leave(ctx, caller(ctx).User.ID, in.ID)
}
