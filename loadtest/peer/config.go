package peer

import (
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/webrtc/v4"

	"parley/loadtest/client"
	"parley/protocol"
)

// Config sets a Peer up. The zero value is a peer with data channels only, on
// all of the machine's network interfaces.
type Config struct {
	Settings   webrtc.SettingEngine // of the WebRTC stack; see Loopback
	ICEServers []webrtc.ICEServer   // nil: those that the server names when the peer joins
	RelayOnly  bool                 // reach others by TURN servers and not otherwise (RFC 8829, section 4.1.1)
	Label      string               // of the data channels; default "data"
	Media      bool                 // send audio and video from the start; see Peer.StartMedia
	// Trickle is by how much each candidate goes out later than it was found.
	Trickle time.Duration
	// Eager offers to the peers that were there before too, instead of waiting
	// for their offers: the roles settle which one counts.
	Eager bool
	// Return has the peer come back when its signaling socket is lost: if the server
	// resumes the session the connections to the others stay as they are, otherwise
	// the peer hangs up and joins the call again.
	Return bool
	// Observe sees every frame of the server's but answers to requests, in order
	// and before the peer acts on it. It must not block. nil: nobody watches.
	Observe func(client.Frame)
}

// Loopback are settings for calls within one machine: candidates of the
// loopback interface only, and by number.
func Loopback() webrtc.SettingEngine {
	var s webrtc.SettingEngine
	s.SetIncludeLoopbackCandidate(true)
	s.SetInterfaceFilter(func(name string) bool { return name == "lo" || name == "lo0" })
	s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	return s
}

// connection is how a connection to another peer is set up, with these ICE servers.
func (c *Config) connection(servers []webrtc.ICEServer) webrtc.Configuration {
	policy := webrtc.ICETransportPolicyAll
	if c.RelayOnly {
		policy = webrtc.ICETransportPolicyRelay
	}
	return webrtc.Configuration{ICEServers: servers, ICETransportPolicy: policy}
}

// iceServers are the server's in pion's terms.
func iceServers(named []protocol.ICEServer) []webrtc.ICEServer {
	list := make([]webrtc.ICEServer, 0, len(named))
	for _, s := range named {
		list = append(list, webrtc.ICEServer{URLs: s.URLs, Username: s.Username, Credential: s.Credential})
	}
	return list
}
