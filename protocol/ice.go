package protocol

// ICEServer is one STUN or TURN server, in the form that RTCPeerConnection's
// configuration takes (W3C WebRTC, section 4.2.2).
type ICEServer struct {
	URLs       []string `json:"urls"`
	Username   string   `json:"username,omitempty"`
	Credential string   `json:"credential,omitempty"`
}

// ICEServers answers GET /api/ice-servers/. As a frame it tells a peer of a call
// what to use from now on, before what it was told last expires.
type ICEServers struct {
	ICEServers []ICEServer `json:"ice_servers"`
	ExpiresAt  *Time       `json:"expires_at"` // null: the credentials do not expire
}

// AppendJSON implements Payload.
func (s ICEServers) AppendJSON(b []byte) []byte { return appendJSON(b, s) }
