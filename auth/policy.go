package auth

import "parley/protocol"

// The functions here are the one place that decides who may do what. They are
// pure: callers bring the facts. Each returns nil or a *protocol.Error.

// MaySeeRoom decides on reading a room and all that is in it, on writing in
// it and on calling in it. To a stranger the room does not exist.
func MaySeeRoom(participant bool) error {
	if !participant {
		return noRoom()
	}
	return nil
}

// MayManageRoom decides on renaming and deleting a room, on handing it over
// and on its list of participants.
func MayManageRoom(actorID, ownerID int64, participant bool) error {
	switch {
	case !participant:
		return noRoom()
	case actorID != ownerID:
		return denied("only the owner of the room may do that")
	default:
		return nil
	}
}

// MayJoinRoom decides on becoming a participant by one's own wish; one who is
// a participant already may.
func MayJoinRoom(private, participant bool) error {
	if private && !participant {
		return noRoom()
	}
	return nil
}

// MayLeaveRoom decides on ceasing to be a participant, by one's own wish or by
// the owner's. A room always has its owner in it.
func MayLeaveRoom(userID, ownerID int64) error {
	if userID == ownerID {
		return protocol.Errorf(protocol.CodeConflict,
			"the owner cannot leave the room: hand it over first (change owner_id), or delete it")
	}
	return nil
}

// MayEdit decides on changing a message: its author's right alone.
func MayEdit(actorID, authorID int64) error {
	if actorID != authorID {
		return denied("only the author may edit a message")
	}
	return nil
}

// MayDelete decides on emptying a message: its author's right and that of the
// room's owner.
func MayDelete(actorID, authorID, roomOwnerID int64) error {
	if actorID != authorID && actorID != roomOwnerID {
		return denied("only the author or the owner of the room may delete a message")
	}
	return nil
}

func noRoom() error {
	return protocol.Errorf(protocol.CodeNotFound, "there is no such room, or you are not in it")
}

func denied(why string) error {
	return protocol.Errorf(protocol.CodePermissionDenied, "%s", why)
}
