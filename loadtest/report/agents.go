package report

import (
	"fmt"

	"parley/loadtest/health"
)

// Agent is another process that has run a share of the load.
type Agent struct {
	Address string        `json:"address"`
	Gone    string        `json:"gone,omitempty"`   // when and how it was lost; what it did after that is not in the report
	Failed  string        `json:"failed,omitempty"` // why it could not run its share
	Client  health.Health `json:"client"`           // how it fared; of one that was lost it is not known
}

// warnings are what a reader must know of the agent.
func (a Agent) warnings() (list []string) {
	for _, warning := range a.Client.Warnings {
		list = append(list, fmt.Sprintf("agent %s: %s", a.Address, warning))
	}
	if a.Gone != "" {
		list = append(list, fmt.Sprintf("agent %s is gone %s; what it did after that is missing", a.Address, a.Gone))
	}
	if a.Failed != "" {
		list = append(list, fmt.Sprintf("agent %s could not run its share: %s", a.Address, a.Failed))
	}
	return list
}
