package measure

import "slices"

// mostWarnings bounds what a run warns of.
const mostWarnings = 20

// Warn tells whoever reads the figures what they must know of them. The same is told
// once.
func (r *Recorder) Warn(text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.warnings = warned(r.warnings, text)
}

// warned is what was warned of, and what is new to it.
func warned(known []string, more ...string) []string {
	for _, text := range more {
		if len(known) < mostWarnings && !slices.Contains(known, text) {
			known = append(known, text)
		}
	}
	return known
}
