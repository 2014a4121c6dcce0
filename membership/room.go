package membership

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/auth"
	"parley/protocol"
	"parley/store"
)

// maxRoomName is the longest name of a room, in characters.
const maxRoomName = 100

// NewRoom is a room to make.
type NewRoom struct {
	Name    string // 1–100 characters, trimmed
	Private bool   // only the owner can add participants
}

// RoomChange names what to change of a room; nil leaves a field as it is.
type RoomChange struct {
	Name    *string
	Private *bool
	OwnerID *int64 // hands the room over to a participant
}

// Create makes a room with owner as its owner and first participant. Once begun it
// is seen through, though its client may not wait.
func (s *Service) Create(ctx context.Context, owner protocol.User, n NewRoom) (protocol.Room, error) {
	name, err := roomName(n.Name)
	if err != nil {
		return protocol.Room{}, err
	}
	r, err := s.store.CreateRoom(context.WithoutCancel(ctx), store.NewRoom{Name: name, OwnerID: owner.ID, Private: n.Private})
	if err != nil {
		return protocol.Room{}, fmt.Errorf("membership: create room: %w", err)
	}
	s.live.Added(r.ID, owner.ID)
	return view(store.RoomView{Room: r, ParticipantCount: 1}), nil
}

// List returns a page of the rooms that a user is in, the one that changed
// last first, and how many there are in all.
func (s *Service) List(ctx context.Context, userID int64, p store.Page) ([]protocol.Room, int, error) {
	rooms, total, err := s.store.RoomsOf(ctx, userID, p)
	if err != nil {
		return nil, 0, fmt.Errorf("membership: list rooms: %w", err)
	}
	out := make([]protocol.Room, len(rooms))
	for i, r := range rooms {
		out[i] = view(r)
	}
	return out, total, nil
}

// Get returns a room as a participant sees it: not_found for a stranger.
func (s *Service) Get(ctx context.Context, userID, roomID int64) (protocol.Room, error) {
	r, err := s.room(ctx, userID, roomID)
	if err != nil {
		return protocol.Room{}, err
	}
	return view(r), nil
}

// Update changes a room: its owner's right. Handing it over makes another
// participant the owner and the old owner a member.
func (s *Service) Update(ctx context.Context, userID, roomID int64, c RoomChange) (protocol.Room, error) {
	r, err := s.managed(ctx, userID, roomID)
	if err != nil {
		return protocol.Room{}, err
	}
	change := store.RoomChange{Private: c.Private, OwnerID: c.OwnerID}
	if c.Name != nil {
		name, err := roomName(*c.Name)
		if err != nil {
			return protocol.Room{}, err
		}
		change.Name = &name
	}
	if change == (store.RoomChange{}) {
		return view(r), nil
	}
	changed, err := s.store.UpdateRoom(ctx, roomID, change)
	if errors.Is(err, store.ErrNotParticipant) {
		return protocol.Room{}, protocol.Invalid("owner_id", "not a participant of the room")
	}
	if err != nil {
		return protocol.Room{}, stored("update room", err)
	}
	r.Room = changed
	return view(r), nil
}

// Delete removes a room with all that is in it: its owner's right. Once begun it
// is seen through, though its client may not wait.
func (s *Service) Delete(ctx context.Context, userID, roomID int64) error {
	if _, err := s.managed(ctx, userID, roomID); err != nil {
		return err
	}
	err := s.store.DeleteRoom(context.WithoutCancel(ctx), roomID)
	s.ForgetRoom(roomID) // whatever became of it
	if err != nil {
		return stored("delete room", err)
	}
	s.live.RoomDeleted(roomID)
	return nil
}

// room finds a room that userID may see.
func (s *Service) room(ctx context.Context, userID, roomID int64) (store.RoomView, error) {
	r, err := s.store.RoomFor(ctx, roomID, userID)
	if err != nil {
		return store.RoomView{}, stored("find room", err)
	}
	return r, nil
}

// managed finds a room that userID may manage.
func (s *Service) managed(ctx context.Context, userID, roomID int64) (store.RoomView, error) {
	r, err := s.room(ctx, userID, roomID)
	if err != nil {
		return store.RoomView{}, err
	}
	return r, auth.MayManageRoom(userID, r.Owner.ID, true)
}

// stored turns what the store says of a room that is not there, or not for
// this user, into the one error that tells a stranger neither.
func stored(doing string, err error) error {
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrNotParticipant) {
		return auth.MaySeeRoom(false)
	}
	return fmt.Errorf("membership: %s: %w", doing, err)
}

func roomName(s string) (string, error) {
	s = strings.TrimSpace(s)
	switch n := utf8.RuneCountInString(s); {
	case n == 0:
		return "", protocol.Invalid("name", "required")
	case n > maxRoomName:
		return "", protocol.Invalid("name", "at most %d characters", maxRoomName)
	case strings.ContainsFunc(s, unicode.IsControl) || !utf8.ValidString(s):
		return "", protocol.Invalid("name", "no control characters")
	}
	return s, nil
}
