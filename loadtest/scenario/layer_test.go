package scenario

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// day is a scenario with these weights of chat, a minute and a ramp of 10 s each.
func day(weights ...float64) Scenario {
	c := &Chat{}
	c.setDefaults()
	s := Scenario{Loads: Loads{Chat: c}}
	for _, w := range weights {
		s.Phases = append(s.Phases, Phase{Duration: time.Minute, Ramp: 10 * time.Second, Weights: Weights{Chat: w}})
	}
	return s
}

func chatLayers(s Scenario) []layer { return s.layers(s.kinds()[1]) }

func TestWeightsBecomeLayers(t *testing.T) {
	wall := func(bottom, top float64, at, length int) layer {
		return layer{
			bottom: bottom, top: top, ramp: 10 * time.Second,
			at: time.Duration(at) * time.Minute, length: time.Duration(length) * time.Minute,
		}
	}
	for _, c := range []struct {
		weights []float64
		want    []layer
	}{
		{[]float64{1}, []layer{wall(0, 1, 0, 1)}},
		{[]float64{1, 1, 1}, []layer{wall(0, 1, 0, 3)}},
		{[]float64{0, 1, 0}, []layer{wall(0, 1, 1, 1)}},
		{[]float64{0.2, 1, 0.2}, []layer{wall(0.2, 1, 1, 1), wall(0, 0.2, 0, 3)}},
		{[]float64{1, 0.2}, []layer{wall(0.2, 1, 0, 1), wall(0, 0.2, 0, 2)}},
		{[]float64{0.5, 1, 0.7, 0.7}, []layer{wall(0.7, 1, 1, 1), wall(0.5, 0.7, 1, 3), wall(0, 0.5, 0, 4)}},
		{[]float64{1, 0, 1}, []layer{wall(0, 1, 0, 1), wall(0, 1, 2, 1)}},
		{[]float64{0}, nil},
	} {
		require.Equal(t, c.want, chatLayers(day(c.weights...)), "%v", c.weights)
	}
}

// In each phase the layers that stand, and their shares, are as much as its weight.
func TestLayersAndSharesAddUp(t *testing.T) {
	const sockets, rate, machines = 997, 31.7, 3
	weights := []float64{0.31, 0.9, 0.31, 0.05, 1.7, 1.2, 0, 0.6}
	for i, w := range weights {
		at := time.Duration(i)*time.Minute + time.Second
		n, perSecond := 0, 0.0
		for _, l := range chatLayers(day(weights...)) {
			if at < l.at || at >= l.at+l.length {
				continue
			}
			for k := range machines {
				part := Share{Index: k, Of: machines}.cut(l)
				n += part.of(sockets)
				perSecond += part.rate(rate)
			}
		}
		require.InDelta(t, sockets*w, n, 0.51, "phase %d", i)
		require.InDelta(t, rate*w, perSecond, 1e-9, "phase %d", i)
	}
}

func TestSharesOfANumberAddUp(t *testing.T) {
	for of := 1; of < 8; of++ {
		for _, n := range []int{0, 1, 2, 5, 100, 1001} {
			sum := 0
			for i := range of {
				s := Share{Index: i, Of: of}
				require.Equal(t, sum, s.Before(n), "%+v of %d", s, n)
				sum += s.Count(n)
			}
			require.Equal(t, n, sum, "of %d", of)
		}
	}
	require.Equal(t, 7, Share{}.Count(7), "no share is all of it")
}
