package protocol

// CloseCode is a WebSocket close status (RFC 6455, section 7.4). The code alone
// tells a client whether to come back.
type CloseCode uint16

// Close codes of RFC 6455 that Parley sends or understands.
const (
	CloseNormal          CloseCode = 1000
	CloseGoingAway       CloseCode = 1001
	CloseProtocolError   CloseCode = 1002
	CloseUnsupportedData CloseCode = 1003
	CloseNoStatus        CloseCode = 1005 // never on the wire
	CloseAbnormal        CloseCode = 1006 // never on the wire
	CloseInvalidPayload  CloseCode = 1007
	CloseTooBig          CloseCode = 1009
	CloseInternal        CloseCode = 1011
	CloseRestart         CloseCode = 1012
	CloseOverloaded      CloseCode = 1013
)

// Close codes of Parley's own (RFC 6455, section 7.4.2: private use).
const (
	CloseUnauthenticated CloseCode = 4401 // bad credentials, or logged out
	CloseForbidden       CloseCode = 4403 // not a participant, or no longer one
	CloseReplaced        CloseCode = 4409 // a newer session took this one's place
	CloseRoomDeleted     CloseCode = 4410
	CloseHeartbeat       CloseCode = 4508 // nothing heard for too long
	CloseSlowReader      CloseCode = 4513 // the outbound queue outgrew its bound
	CloseRateLimited     CloseCode = 4529
)

// CloseCodes lists every code that the server may put on the wire.
func CloseCodes() []CloseCode {
	return []CloseCode{
		CloseNormal, CloseGoingAway, CloseProtocolError, CloseUnsupportedData,
		CloseInvalidPayload, CloseTooBig, CloseInternal, CloseRestart, CloseOverloaded,
		CloseUnauthenticated, CloseForbidden, CloseReplaced, CloseRoomDeleted,
		CloseHeartbeat, CloseSlowReader, CloseRateLimited,
	}
}

// ComeBack reports whether a client that was closed with c should reconnect.
func (c CloseCode) ComeBack() bool {
	switch c {
	case CloseGoingAway, CloseAbnormal, CloseInternal, CloseRestart, CloseOverloaded,
		CloseHeartbeat, CloseSlowReader, CloseRateLimited:
		return true
	default:
		return false
	}
}
