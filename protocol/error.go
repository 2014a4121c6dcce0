package protocol

import (
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Code is a stable, machine-readable name of what went wrong. The set is
// closed: Codes lists it, and docs/api.md documents each.
type Code string

// Codes that HTTP problems and error frames share.
const (
	CodeInvalidJSON        Code = "invalid_json"
	CodeValidation         Code = "validation_error"
	CodeInvalidCredentials Code = "invalid_credentials"
	CodeUnauthenticated    Code = "unauthenticated"
	CodePermissionDenied   Code = "permission_denied"
	CodeNotFound           Code = "not_found"
	CodeMethodNotAllowed   Code = "method_not_allowed"
	CodeConflict           Code = "conflict"
	CodePayloadTooLarge    Code = "payload_too_large"
	CodeRateLimited        Code = "rate_limited"
	CodeUnavailable        Code = "unavailable"
	CodeInternal           Code = "internal"
)

// Codes that only error frames carry.
const (
	CodeUnknownType          Code = "unknown_type"
	CodeNotInCall            Code = "not_in_call"
	CodePeerNotFound         Code = "peer_not_found"
	CodeRoomFull             Code = "room_full"
	CodeNotSubscribed        Code = "not_subscribed"
	CodeTooManySubscriptions Code = "too_many_subscriptions"
	CodeMessageTooLong       Code = "message_too_long"
)

// Codes returns the whole vocabulary in the order in which it is documented.
func Codes() []Code {
	return []Code{
		CodeInvalidJSON, CodeValidation, CodeInvalidCredentials, CodeUnauthenticated,
		CodePermissionDenied, CodeNotFound, CodeMethodNotAllowed, CodeConflict,
		CodePayloadTooLarge, CodeRateLimited, CodeUnavailable, CodeInternal,
		CodeUnknownType, CodeNotInCall, CodePeerNotFound, CodeRoomFull,
		CodeNotSubscribed, CodeTooManySubscriptions, CodeMessageTooLong,
	}
}

// HTTPStatus is the one mapping from the vocabulary to HTTP. Codes that only
// sockets carry map to 400.
func (c Code) HTTPStatus() int {
	switch c {
	case CodeInvalidCredentials, CodeUnauthenticated:
		return http.StatusUnauthorized
	case CodePermissionDenied:
		return http.StatusForbidden
	case CodeNotFound:
		return http.StatusNotFound
	case CodeMethodNotAllowed:
		return http.StatusMethodNotAllowed
	case CodeConflict:
		return http.StatusConflict
	case CodePayloadTooLarge:
		return http.StatusRequestEntityTooLarge
	case CodeRateLimited:
		return http.StatusTooManyRequests
	case CodeUnavailable:
		return http.StatusServiceUnavailable
	case CodeInternal:
		return http.StatusInternalServerError
	default:
		return http.StatusBadRequest
	}
}

// Temporary reports whether the same request may succeed later unchanged.
func (c Code) Temporary() bool {
	return c == CodeRateLimited || c == CodeUnavailable || c == CodeInternal
}

// FieldError names one field of a request and what was expected of it.
type FieldError struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// Error is the only error that reaches a client. Services return it; the API
// writes it as a problem (RFC 9457) and sockets as an `error` frame. Any other
// error is reported as CodeInternal, with nothing of its text.
type Error struct {
	Code       Code
	Message    string        // for a person; never holds internals
	Fields     []FieldError  // set with CodeValidation
	RetryAfter time.Duration // set when the server knows when to come back
}

// Error implements error.
func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }

// Errorf makes an Error with a formatted message.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Invalid makes a CodeValidation error about one field.
func Invalid(field, format string, args ...any) *Error {
	msg := fmt.Sprintf(format, args...)
	return &Error{
		Code:    CodeValidation,
		Message: field + ": " + msg,
		Fields:  []FieldError{{Field: field, Message: msg}},
	}
}

// AsError finds the Error in err's chain; anything else becomes a CodeInternal
// error that hides what happened. The caller logs the original.
func AsError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Code: CodeInternal, Message: "something went wrong on the server"}
}
