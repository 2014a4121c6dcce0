package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"

	"parley/loadtest/bench/swarm"
	"parley/protocol"
)

// chatChars is the length of a chat message's content: a sentence or two.
const chatChars = 100

// payloadBytes is the size of a message that is not stored, as its sender sends
// it, without the header of its frame. The floor relays as much; Parley adds who
// wrote it and where, and so delivers some 60 bytes more.
const payloadBytes = 128

// sdpBytes is the size of an offer's SDP: audio and video with the codecs of a
// browser, before candidates.
const sdpBytes = 2500

// same is a load's frame if all senders send the same.
func same(t *swarm.Template) func(int, uint32) *swarm.Template {
	return func(int, uint32) *swarm.Template { return t }
}

// chatFrame is a message of so many characters, to be acknowledged if it is to be.
func chatFrame(chars int, ack bool) *swarm.Template {
	id := ""
	if ack {
		id = swarm.Stamp
	}
	return template(protocol.TypeChatMessage, id, struct {
		ClientMsgID string `json:"client_msg_id"`
		Content     string `json:"content"`
	}{swarm.Stamp, prose(chars)})
}

// prose is a stamp and as much text as it takes to make so many characters: the
// same words always, in no order, so that it is packed no better than talk.
func prose(chars int) string {
	words := strings.Fields("the meeting is at nine tomorrow could you send me those slides before then because " +
		"Anna wants to show them to our new customers who arrive on Thursday and asked about prices support roadmap")
	order := rand.New(rand.NewPCG(1, 1))
	var b strings.Builder
	b.WriteString(swarm.Stamp)
	for b.Len() < chars {
		fmt.Fprintf(&b, " %s", words[order.IntN(len(words))])
	}
	return b.String()[:chars]
}

// typingFrame is a message that is not stored. It has no id: nothing comes of it
// but deliveries.
func typingFrame() *swarm.Template { return typing("") }

// answeredTypingFrame is one with an id, which brings an ack.
func answeredTypingFrame() *swarm.Template { return typing(swarm.Stamp) }

func typing(id string) *swarm.Template {
	note := swarm.Stamp
	for {
		t := template(protocol.TypeTyping, id, struct {
			Note string `json:"note"`
		}{note})
		missing := payloadBytes - len(t.Payload())
		if missing <= 0 {
			return t
		}
		note += strings.Repeat("x", missing)
	}
}

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

func offerFrame(target int64, ack bool) *swarm.Template {
	var sdp strings.Builder
	sdp.WriteString("v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n")
	for codec := 96; sdp.Len() < sdpBytes; codec++ {
		fmt.Fprintf(&sdp, "a=rtpmap:%d VP9/90000\r\na=rtcp-fb:%d goog-remb\r\na=rtcp-fb:%d nack pli\r\n", codec, codec, codec)
	}
	return signalFrame(protocol.TypeOffer, ack, relayed{
		Target: target, Stamp: swarm.Stamp,
		SDP: &sessionDesc{Type: "offer", SDP: sdp.String()[:sdpBytes]},
	})
}

func candidateFrame(target int64, ack bool) *swarm.Template {
	return signalFrame(protocol.TypeICECandidate, ack, relayed{
		Target: target, Stamp: swarm.Stamp,
		Candidate: &candidateInitDict{
			Candidate: "candidate:842163049 1 udp 1677729535 203.0.113.77 46154 typ srflx " +
				"raddr 192.168.178.20 rport 46154 generation 0 ufrag 8hhY network-id 1 network-cost 10",
			SDPMid: "0",
		},
	})
}

// signalFrame is answered by an ack only if it has an id.
func signalFrame(t protocol.Type, ack bool, data relayed) *swarm.Template {
	if !ack {
		return template(t, "", data)
	}
	return template(t, swarm.Stamp, data)
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
