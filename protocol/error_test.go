package protocol_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

// errorFrame is an error and the frame that reports it.
type errorFrame struct {
	name string
	id   string
	room int64
	err  *protocol.Error
}

func errorFrames() []errorFrame {
	limited := protocol.Errorf(protocol.CodeRateLimited, "at most %d messages a second", 20)
	limited.RetryAfter = 1500 * time.Millisecond
	return []errorFrame{
		{"error", `"c-17"`, 3, protocol.Errorf(protocol.CodePeerNotFound, "no such peer in the call")},
		{"error_validation", `"4"`, 0, protocol.Invalid("content", "is longer than %d characters", 4000)},
		{"error_temporary", "", 3, limited},
	}
}

func TestErrorFrames(t *testing.T) {
	for _, c := range errorFrames() {
		t.Run(c.name, func(t *testing.T) {
			var id protocol.ID
			if c.id != "" {
				id = protocol.ID(c.id)
			}
			got := protocol.AppendError(nil, id, c.room, c.err)
			requireGolden(t, "server_"+c.name, got)
			readsBack(t, frame{typ: protocol.TypeError, id: c.id, room: c.room, data: protocol.ErrorData{
				Code: c.err.Code, Message: c.err.Message, Temporary: c.err.Code.Temporary(),
				RetryAfterMS: c.err.RetryAfter.Milliseconds(), Errors: c.err.Fields,
			}}, got)
		})
	}
}

func TestCodesMapToHTTP(t *testing.T) {
	want := map[protocol.Code]int{
		protocol.CodeInvalidJSON:        http.StatusBadRequest,
		protocol.CodeValidation:         http.StatusBadRequest,
		protocol.CodeInvalidCredentials: http.StatusUnauthorized,
		protocol.CodeUnauthenticated:    http.StatusUnauthorized,
		protocol.CodePermissionDenied:   http.StatusForbidden,
		protocol.CodeNotFound:           http.StatusNotFound,
		protocol.CodeMethodNotAllowed:   http.StatusMethodNotAllowed,
		protocol.CodeConflict:           http.StatusConflict,
		protocol.CodePayloadTooLarge:    http.StatusRequestEntityTooLarge,
		protocol.CodeRateLimited:        http.StatusTooManyRequests,
		protocol.CodeUnavailable:        http.StatusServiceUnavailable,
		protocol.CodeInternal:           http.StatusInternalServerError,

		protocol.CodeUnknownType:          http.StatusBadRequest,
		protocol.CodeNotInCall:            http.StatusBadRequest,
		protocol.CodePeerNotFound:         http.StatusBadRequest,
		protocol.CodeRoomFull:             http.StatusBadRequest,
		protocol.CodeNotSubscribed:        http.StatusBadRequest,
		protocol.CodeTooManySubscriptions: http.StatusBadRequest,
		protocol.CodeMessageTooLong:       http.StatusBadRequest,
	}
	for _, code := range protocol.Codes() {
		require.Equal(t, want[code], code.HTTPStatus(), "status of %s", code)
	}
	require.Len(t, protocol.Codes(), len(want))
}

func TestCodesAreComplete(t *testing.T) {
	var listed []string
	for _, code := range protocol.Codes() {
		listed = append(listed, string(code))
	}
	require.ElementsMatch(t, constants(t, "Code"), listed)
}

func TestTemporaryCodes(t *testing.T) {
	var temporary []protocol.Code
	for _, code := range protocol.Codes() {
		if code.Temporary() {
			temporary = append(temporary, code)
		}
	}
	require.Equal(t, []protocol.Code{protocol.CodeRateLimited, protocol.CodeUnavailable, protocol.CodeInternal}, temporary)
}

func TestInvalidNamesItsField(t *testing.T) {
	err := protocol.Invalid("name", "at most %d", 3)
	require.Equal(t, protocol.CodeValidation, err.Code)
	require.Equal(t, "name: at most 3", err.Message)
	require.Equal(t, []protocol.FieldError{{Field: "name", Message: "at most 3"}}, err.Fields)
	require.EqualError(t, err, "validation_error: name: at most 3")
}

func TestAsErrorHidesInternals(t *testing.T) {
	own := protocol.Errorf(protocol.CodeConflict, "taken")
	require.Same(t, own, protocol.AsError(own))
	require.Same(t, own, protocol.AsError(fmt.Errorf("chat: %w", own)), "wrapped")
	require.Same(t, own, protocol.AsError(errors.Join(io.EOF, own)), "joined")

	hidden := protocol.AsError(fmt.Errorf("dial 10.0.0.1: %w", io.EOF))
	require.Equal(t, protocol.CodeInternal, hidden.Code)
	require.NotContains(t, hidden.Message, "10.0.0.1")
	require.NotContains(t, hidden.Message, "EOF")
}
