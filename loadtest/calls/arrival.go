package calls

import (
	"math"
	"time"
)

// arrival is when the ith call is due, from the start. While the rate grows evenly,
// as many are due as the square of the time says.
func (c Config) arrival(i int) time.Duration {
	ramp := c.Ramp.Seconds()
	risen := c.Rate * ramp / 2 // calls that are due while the rate grows
	at := ramp + (float64(i)-risen)/c.Rate
	if float64(i) < risen {
		at = math.Sqrt(2 * ramp * float64(i) / c.Rate)
	}
	return time.Duration(at * float64(time.Second))
}

// due is how many calls are due in all of Duration.
func (c Config) due() int64 {
	return int64(c.Rate * (c.Duration - c.Ramp/2).Seconds())
}
