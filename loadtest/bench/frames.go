package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"parley/loadtest/bench/swarm"
	"parley/protocol"
)

// chatChars is the length of a chat message's content: a sentence or two.
const chatChars = 100

// sdpBytes is the size of an offer's SDP: audio and video with the codecs of a
// browser, before candidates.
const sdpBytes = 2500

func chatFrame() *swarm.Template {
	content := swarm.Stamp + strings.Repeat(" lorem ipsum", chatChars)[:chatChars-len(swarm.Stamp)]
	return template(protocol.TypeChatMessage, swarm.Stamp, struct {
		ClientMsgID string `json:"client_msg_id"`
		Content     string `json:"content"`
	}{swarm.Stamp, content})
}

// typingFrame has no id: nothing comes of it but deliveries.
func typingFrame() *swarm.Template {
	return template(protocol.TypeTyping, "", struct {
		Note string `json:"note"`
	}{swarm.Stamp})
}

func pingFrame() *swarm.Template { return template(protocol.TypePing, swarm.Stamp, struct{}{}) }

func joinFrame() *swarm.Template { return template(protocol.TypeJoinCall, swarm.Stamp, struct{}{}) }

// relayed is a payload that is forwarded. Its stamp comes first, where it is soon found.
type relayed struct {
	Target    int64              `json:"target_user_id"`
	Stamp     string             `json:"stamp"`
	SDP       *sessionDesc       `json:"sdp,omitempty"`
	Candidate *candidateInitDict `json:"candidate,omitempty"`
}

// sessionDesc is RTCSessionDescriptionInit, candidateInitDict RTCIceCandidateInit
// of W3C WebRTC.
type sessionDesc struct {
	Type string `json:"type"`
	SDP  string `json:"sdp"`
}

type candidateInitDict struct {
	Candidate     string `json:"candidate"`
	SDPMid        string `json:"sdpMid"`
	SDPMLineIndex int    `json:"sdpMLineIndex"`
}

func offerFrame(target int64) *swarm.Template {
	var sdp strings.Builder
	sdp.WriteString("v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n")
	for codec := 96; sdp.Len() < sdpBytes; codec++ {
		fmt.Fprintf(&sdp, "a=rtpmap:%d VP9/90000\r\na=rtcp-fb:%d goog-remb\r\na=rtcp-fb:%d nack pli\r\n", codec, codec, codec)
	}
	return template(protocol.TypeOffer, swarm.Stamp, relayed{
		Target: target, Stamp: swarm.Stamp,
		SDP: &sessionDesc{Type: "offer", SDP: sdp.String()[:sdpBytes]},
	})
}

func candidateFrame(target int64) *swarm.Template {
	return template(protocol.TypeICECandidate, swarm.Stamp, relayed{
		Target: target, Stamp: swarm.Stamp,
		Candidate: &candidateInitDict{
			Candidate: "candidate:842163049 1 udp 1677729535 203.0.113.77 46154 typ srflx " +
				"raddr 192.168.178.20 rport 46154 generation 0 ufrag 8hhY network-id 1 network-cost 10",
			SDPMid: "0",
		},
	})
}

// template encodes a client's frame. An empty id is left out.
func template(t protocol.Type, id string, data any) *swarm.Template {
	b, err := json.Marshal(struct {
		Type protocol.Type `json:"type"`
		ID   string        `json:"id,omitempty"`
		Data any           `json:"data"`
	}{t, id, data})
	if err != nil {
		panic("bench: cannot encode " + err.Error()) // the types above can be
	}
	return swarm.NewTemplate(string(b))
}
