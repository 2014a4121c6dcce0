package protocol

// Limits that are part of the contract and not configurable.
const (
	// MaxID is the exclusive bound of user, room and message ids: integers up
	// to here survive JavaScript's numbers.
	MaxID = int64(1) << 53
	// MaxFrameID is the longest `id` of a client's frame, in characters.
	MaxFrameID = 64
	// MaxClientMsgID is the longest `client_msg_id`, in characters.
	MaxClientMsgID = 64
	// MaxTypingNote is the longest `note` of a typing frame, in characters.
	MaxTypingNote = 200
	// MaxPresenceList is the largest room, in online users, whose presence is
	// told by name; above it only counts are sent.
	MaxPresenceList = 200

	// DefaultPageSize and MaxPageSize bound `page_size`.
	DefaultPageSize = 20
	MaxPageSize     = 100
	// DefaultCursorLimit is `limit`'s default where a list is read by cursor;
	// its bound is MaxPageSize too.
	DefaultCursorLimit = 50
)
