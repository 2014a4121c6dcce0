package membership

import (
	"parley/protocol"
	"parley/store"
)

func view(r store.RoomView) protocol.Room {
	return protocol.Room{
		ID:               r.ID,
		Name:             r.Name,
		Owner:            protocol.User{ID: r.Owner.ID, Username: r.Owner.Username, DisplayName: r.Owner.DisplayName},
		Private:          r.Private,
		ParticipantCount: r.ParticipantCount,
		UnreadCount:      r.UnreadCount,
		LastSeq:          r.LastSeq,
		CreatedAt:        protocol.At(r.CreatedAt),
		UpdatedAt:        protocol.At(r.UpdatedAt),
	}
}

func participant(m store.Participant) protocol.Participant {
	role := protocol.RoleMember
	if m.Owner {
		role = protocol.RoleOwner
	}
	return protocol.Participant{
		ID:          m.ID,
		Username:    m.Username,
		DisplayName: m.DisplayName,
		Role:        role,
		JoinedAt:    protocol.At(m.JoinedAt),
	}
}
