package scenario

import "time"

// Scenario is a file's content.
type Scenario struct {
	About  string   `json:"about,omitempty"` // what it is for, in one line
	Loads  Loads    `json:"loads"`           // each at weight 1
	Phases []Phase  `json:"phases"`          // one after the other
	Fail   []string `json:"fail,omitempty"`  // rules that hold unless --fail has others about the same
}

// Loads are what there is, each key with a load of its kind.
type Loads struct {
	Calls *Calls `json:"calls,omitempty"`
	Chat  *Chat  `json:"chat,omitempty"`
	Idle  *Idle  `json:"idle,omitempty"`
	Storm *Storm `json:"storm,omitempty"`
}

// Phase is a stretch of time in which weights do not change.
type Phase struct {
	Name     string        `json:"name,omitempty"` // for readers
	Duration time.Duration `json:"duration"`       // such as 90s
	Ramp     time.Duration `json:"ramp,omitempty"` // of it, how long what is added takes to come; 0: it comes as fast as it can
	Weights  Weights       `json:"weights"`        // of loads, as multiples of what they are; one that is left out has none
}

// Weights are the sizes of loads, as multiples of those under loads; a load that is
// left out has none.
type Weights struct {
	Calls float64 `json:"calls,omitempty"`
	Chat  float64 `json:"chat,omitempty"`
	Idle  float64 `json:"idle,omitempty"`
	Storm float64 `json:"storm,omitempty"`
}

// Length is how long the phases take together; what is under way then may take a
// little longer.
func (s Scenario) Length() (all time.Duration) {
	for _, p := range s.Phases {
		all += p.Duration
	}
	return all
}

// Scaled is the scenario with all sizes multiplied, and all its phases, for a quick
// look at it. Times within a load, such as how long a call is held, stay.
func (s Scenario) Scaled(sizes, times float64) Scenario {
	scaled := s
	scaled.Phases = make([]Phase, len(s.Phases))
	for i, p := range s.Phases {
		p.Duration, p.Ramp = longer(p.Duration, times), longer(p.Ramp, times)
		w := p.Weights
		p.Weights = Weights{w.Calls * sizes, w.Chat * sizes, w.Idle * sizes, w.Storm * sizes}
		scaled.Phases[i] = p
	}
	return scaled
}

func longer(d time.Duration, by float64) time.Duration { return time.Duration(float64(d) * by) }
