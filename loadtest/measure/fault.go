package measure

// FaultKind names a way in which a server breaks what it promises.
type FaultKind string

// What a correct server never does.
const (
	Lost      FaultKind = "lost"      // a delivery never came
	Doubled   FaultKind = "doubled"   // a delivery came again
	Reordered FaultKind = "reordered" // a delivery came before an earlier one
	Late      FaultKind = "late"      // a delivery came after the time allowed
	Forged    FaultKind = "forged"    // a delivery differs from what was sent
)

// FaultKinds are all kinds.
func FaultKinds() []FaultKind { return []FaultKind{Lost, Doubled, Reordered, Late, Forged} }

// mostExamples bounds what is kept of a kind of fault.
const mostExamples = 5

// FaultRecord is what was seen of a kind of fault.
type FaultRecord struct {
	Count    int64    `json:"count"`
	Examples []string `json:"examples"` // the first ones
}
