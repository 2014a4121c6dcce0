package measure

import "strings"

// Part returns a recorder of a part of the run, whose names begin with the part's:
// the stage "connect" of the part "chat" is "chat.connect" of the run. Faults have no
// part.
func (r *Recorder) Part(name string) *Recorder {
	return &Recorder{part: r.named(name), recorded: r.recorded}
}

// named is a name as the run knows it.
func (r *Recorder) named(name string) string {
	if r.part == "" || name == r.part || strings.HasPrefix(name, r.part+".") {
		return name
	}
	return r.part + "." + name
}
