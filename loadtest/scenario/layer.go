package scenario

import (
	"math"
	"net/netip"
	"time"
)

// layer is a load that runs beside others of its kind: what a kind's weight has from
// bottom to top, for as long as it does.
type layer struct {
	bottom, top float64
	users       float64       // its share of the users
	at          time.Duration // since the scenario began
	ramp        time.Duration // of its length, how long it takes to come
	length      time.Duration
	sources     []netip.Addr // of its sockets
}

// layers cut a kind's weights into layers, as a skyline into walls: one begins where
// the weight rises, and those that began last end first where it falls.
func (s Scenario) layers(k kind) (done []layer) {
	var standing []layer
	at := time.Duration(0)
	fall := func(weight float64) {
		for n := len(standing); n > 0 && standing[n-1].top > weight; n = len(standing) {
			last := standing[n-1]
			standing = standing[:n-1]
			ended := last
			ended.bottom, ended.length = max(last.bottom, weight), at-last.at
			done = append(done, ended)
			if last.bottom < weight {
				last.top = weight
				standing = append(standing, last)
			}
		}
	}
	for _, p := range s.Phases {
		weight, top := k.weight(p.Weights), 0.0
		fall(weight)
		if n := len(standing); n > 0 {
			top = standing[n-1].top
		}
		if weight > top {
			standing = append(standing, layer{bottom: top, top: weight, at: at, ramp: p.Ramp})
		}
		at += p.Duration
	}
	fall(0)
	return done
}

// of is the layer's share of a number: those of all layers of a weight add up to what
// the weight makes of it.
func (l layer) of(n int) int {
	return int(math.Round(float64(n)*l.top) - math.Round(float64(n)*l.bottom))
}

// rate is the layer's share of a rate.
func (l layer) rate(perSecond float64) float64 { return perSecond * (l.top - l.bottom) }

// opening is how many sockets a second are opened, so that all are after the ramp; 0
// without one: as fast as they may.
func (l layer) opening(sockets int) float64 {
	if l.ramp == 0 {
		return 0
	}
	return float64(sockets) / l.ramp.Seconds()
}

// people is how many users a layer has, who are also those of the layers below it.
func (l layer) people(users int) int { return max(2, int(math.Round(float64(users)*l.users))) }
