package scenario

import (
	"time"

	"parley/loadtest/audience"
	"parley/loadtest/chat"
	"parley/loadtest/storm"
)

// Calls are pairs or meshes of WebRTC peers that call each other.
type Calls struct {
	Rate          float64       `json:"rate"`                     // calls that begin each second; 10
	Concurrency   int           `json:"concurrency,omitempty"`    // calls at once at most; as many as rate and hold need
	Size          int           `json:"size,omitempty"`           // peers of a call; 2
	Hold          time.Duration `json:"hold,omitempty"`           // from being connected to leaving; 10s
	Ping          time.Duration `json:"ping,omitempty"`           // from one data-channel ping to the next; 500ms
	Patience      time.Duration `json:"patience,omitempty"`       // for a step, before it has failed; 30s
	Media         bool          `json:"media,omitempty"`          // send audio and video; false
	RelayOnly     bool          `json:"relay_only,omitempty"`     // connect through TURN only; false
	TrickleDelay  time.Duration `json:"trickle_delay,omitempty"`  // by how much candidates go out later than they were found; 0s
	Glare         float64       `json:"glare,omitempty"`          // share of calls in which both sides offer at once; 0
	ICERestarts   float64       `json:"ice_restarts,omitempty"`   // share in which ICE is restarted; 0
	Cuts          float64       `json:"cuts,omitempty"`           // share in which a signaling socket is cut and resumed; 0
	SignalingOnly bool          `json:"signaling_only,omitempty"` // recorded descriptions and candidates, and no peers; false
}

// Chat is rooms that chat, and every delivery is checked.
type Chat struct {
	Sockets        int           `json:"sockets"`                   // in all rooms together; 100
	Rooms          int           `json:"rooms"`                     // that share them; 10
	Zipf           float64       `json:"zipf"`                      // exponent of the rooms' sizes, 0 if all are of one; 1
	Users          int           `json:"users"`                     // whose sockets they are; 50
	Rate           float64       `json:"rate"`                      // messages and typings each second, of all together; 20
	Size           int           `json:"size"`                      // characters of a message; 120
	Typing         float64       `json:"typing"`                    // share of typings; 0.2
	Slow           float64       `json:"slow,omitempty"`            // share of sockets that stop reading now and then; 0
	SlowFor        time.Duration `json:"slow_for,omitempty"`        // each time; 3s
	SlowEvery      time.Duration `json:"slow_every,omitempty"`      // each; 10s
	Reconnect      float64       `json:"reconnect,omitempty"`       // share of sockets that are lost now and then and come back; 0
	ReconnectEvery time.Duration `json:"reconnect_every,omitempty"` // each; 10s
	Away           time.Duration `json:"away,omitempty"`            // at most, before they come back; 2s
	Late           time.Duration `json:"late,omitempty"`            // a delivery that takes longer is a fault; 5s
	Lost           time.Duration `json:"lost,omitempty"`            // one that has not come after this is lost; 15s
	AtOnce         int           `json:"at_once,omitempty"`         // sockets that may be opening; 128
}

// Idle is sockets that are open and at rest.
type Idle struct {
	Sockets     int  `json:"sockets"`               // 1000
	Users       int  `json:"users"`                 // whose sockets they are; 20
	RoomSize    int  `json:"room_size"`             // sockets of a room, all of one user; 10
	Multiplexed bool `json:"multiplexed,omitempty"` // sockets of /ws/, in no room; false
	AtOnce      int  `json:"at_once,omitempty"`     // sockets that may be opening; 128
}

// Storm is sockets that are all dropped at once, and come back. It is over when all
// its storms are.
type Storm struct {
	Sockets  int           `json:"sockets"`            // 1000
	Users    int           `json:"users"`              // whose sockets they are; 20
	RoomSize int           `json:"room_size"`          // sockets of a room, all of one user; 10
	Times    int           `json:"times"`              // storms, one after the other; 1
	Calm     time.Duration `json:"calm,omitempty"`     // before each; 1s
	Spread   time.Duration `json:"spread,omitempty"`   // within which clients try again; 0s: all at once
	Patience time.Duration `json:"patience,omitempty"` // for all to be back; 1m
	AtOnce   int           `json:"at_once,omitempty"`  // sockets that may be opening; 128
}

// defaultRate is what the load itself has no default for.
const defaultRate = 10

func (c *Calls) setDefaults() { *c = Calls{Rate: defaultRate} }

func (c *Chat) setDefaults() {
	o := chat.Defaults()
	*c = Chat{
		Sockets: o.Sockets, Rooms: o.Rooms, Zipf: o.Zipf, Users: o.Users, Rate: o.Rate, Size: o.Size, Typing: o.Typing,
		Slow: o.Slow, SlowFor: o.SlowFor, SlowEvery: o.SlowEvery,
		Reconnect: o.Reconnect, ReconnectEvery: o.ReconnectEvery, Away: o.Away,
		Late: o.Late, Lost: o.Lost, AtOnce: o.AtOnce,
	}
}

func (i *Idle) setDefaults() {
	o := audience.Defaults()
	*i = Idle{Sockets: o.Sockets, Users: o.Users, RoomSize: o.RoomSize, Multiplexed: o.Multiplexed, AtOnce: o.AtOnce}
}

func (s *Storm) setDefaults() {
	o := storm.Defaults()
	*s = Storm{
		Sockets: o.Sockets, Users: o.Users, RoomSize: o.RoomSize, AtOnce: o.AtOnce,
		Times: o.Times, Calm: o.Calm, Spread: o.Spread, Patience: o.Patience,
	}
}
