package calls

// twists are what is made difficult on purpose in a call.
type twists struct{ glare, restart, cut bool }

// twists gives each share of calls its twist, evenly over the run.
func (c Config) twists(i int) twists {
	chosen := func(share float64) bool { return int(float64(i+1)*share) > int(float64(i)*share) }
	return twists{glare: chosen(c.Glare), restart: chosen(c.Restarts), cut: chosen(c.Cuts)}
}
