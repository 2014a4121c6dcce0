package calls

import (
	"errors"
	"fmt"
	"time"
)

// Config says how many calls there are, and of what kind. The zero value is not
// usable: a load needs Calls or Duration.
type Config struct {
	Calls       int           `json:"calls,omitempty"`     // in all; 0: as many as begin within Duration
	Duration    time.Duration `json:"duration,omitempty"`  // calls begin for so long; 0: until there were all
	Size        int           `json:"size"`                // peers of a call; 0: 2
	Rate        float64       `json:"rate,omitempty"`      // calls that begin each second; 0: as soon as a room is free
	Ramp        time.Duration `json:"ramp,omitempty"`      // of Duration, how long the rate grows from 0 to Rate
	Concurrency int           `json:"concurrency"`         // calls at once at most; 0: what Rate and Hold need
	Hold        time.Duration `json:"hold"`                // from connected to leaving; 0: 10 s
	Ping        time.Duration `json:"ping"`                // from one data-channel ping to the next; 0: 500 ms
	Patience    time.Duration `json:"patience"`            // for a step, before it has failed; 0: 30 s
	Media       bool          `json:"media"`               // send audio and video
	RelayOnly   bool          `json:"relay_only"`          // use relays only
	Trickle     time.Duration `json:"trickle,omitempty"`   // by how much candidates go out later than found
	Glare       float64       `json:"glare,omitempty"`     // share of calls in which both sides offer at once
	Restarts    float64       `json:"restarts,omitempty"`  // share in which ICE is restarted
	Cuts        float64       `json:"cuts,omitempty"`      // share in which a signaling socket is lost
	Signaling   bool          `json:"signaling,omitempty"` // recorded signals, and no media
}

// Defaults.
const (
	defaultSize        = 2
	defaultConcurrency = 50              // without a rate
	slack              = 5 * time.Second // that a call may take besides Hold
	defaultHold        = 10 * time.Second
	defaultPing        = 500 * time.Millisecond
	defaultPatience    = 30 * time.Second
)

// complete fills in the defaults.
func (c Config) complete() Config {
	fill(&c.Size, defaultSize)
	fill(&c.Hold, defaultHold)
	fill(&c.Ping, defaultPing)
	fill(&c.Patience, defaultPatience)
	if c.Rate > 0 { // as many as there are at once, if all goes well, and some more
		fill(&c.Concurrency, int(c.Rate*(c.Hold+slack).Seconds())+1)
	}
	fill(&c.Concurrency, max(c.Calls, defaultConcurrency))
	if c.Calls > 0 {
		c.Concurrency = min(c.Concurrency, c.Calls)
	}
	return c
}

func fill[T int | time.Duration](value *T, byDefault T) {
	if *value == 0 {
		*value = byDefault
	}
}

// Validate reports what makes no sense.
func (c Config) Validate() error {
	if c.Calls <= 0 && c.Duration <= 0 {
		return errors.New("calls: want a number of calls or a duration")
	}
	if c.Size == 1 || c.Size < 0 {
		return fmt.Errorf("calls: want at least 2 peers in a call, got %d", c.Size)
	}
	if c.Calls < 0 || c.Concurrency < 0 || c.Rate < 0 || min(c.Duration, c.Hold, c.Ping, c.Patience, c.Trickle) < 0 {
		return errors.New("calls: numbers, rates and times must not be negative")
	}
	if c.Ramp < 0 || c.Ramp > c.Duration || c.Ramp > 0 && c.Rate == 0 {
		return fmt.Errorf("calls: want a rate, and a ramp within the duration, got %s", c.Ramp)
	}
	for name, share := range map[string]float64{"glare": c.Glare, "restarts": c.Restarts, "cuts": c.Cuts} {
		if share < 0 || share > 1 {
			return fmt.Errorf("calls: want a share of %s from 0 to 1, got %g", name, share)
		}
	}
	if c.Signaling && (c.Media || c.RelayOnly || c.Glare > 0 || c.Restarts > 0) {
		return errors.New("calls: signaling only has no media, relays, glare or ICE restarts")
	}
	return nil
}

// Rules are those that hold for calls unless others about the same are asked for.
func Rules() []string { return []string{StageCall + ".success<0.999"} }
