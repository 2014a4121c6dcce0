package chat

import (
	"errors"

	"parley/protocol"
	"parley/store"
)

// clientError maps the store's errors to what a client may see. A stranger is
// told no more of a room than that it is not there for them.
func clientError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, store.ErrNotFound):
		return protocol.Errorf(protocol.CodeNotFound, "no such message or room")
	case errors.Is(err, store.ErrNotParticipant):
		return protocol.Errorf(protocol.CodeNotFound, "no such room")
	case errors.Is(err, store.ErrDeleted):
		return protocol.Errorf(protocol.CodeConflict, "the message is deleted")
	case errors.Is(err, store.ErrClosed):
		return protocol.Errorf(protocol.CodeUnavailable, "the server is shutting down")
	default:
		return err
	}
}

// restError spells an error in the vocabulary of HTTP, which has one code for
// all that is wrong with a field.
func restError(err error) error {
	var e *protocol.Error
	if errors.As(err, &e) && e.Code == protocol.CodeMessageTooLong {
		return &protocol.Error{Code: protocol.CodeValidation, Message: e.Message, Fields: e.Fields}
	}
	return err
}
