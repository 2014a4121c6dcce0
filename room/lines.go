package room

// lines are a shard's, each at a place that its resume token names.
type lines struct {
	table  []*line
	free   []int32
	serial uint64 // of the last welcome on this shard: each is used once
}

func (t *lines) next() uint64 {
	t.serial++
	return t.serial
}

func (t *lines) add(l *line) {
	if n := len(t.free); n > 0 {
		l.place = t.free[n-1]
		t.free = t.free[:n-1]
		t.table[l.place] = l
		return
	}
	l.place = int32(len(t.table))
	t.table = append(t.table, l)
}

func (t *lines) remove(l *line) {
	t.table[l.place] = nil
	t.free = append(t.free, l.place)
}

// at returns the line at a place, nil if there is none.
func (t *lines) at(place int32) *line {
	if int(place) >= len(t.table) || place < 0 {
		return nil
	}
	return t.table[place]
}

// each calls fn for every line. fn may close lines.
func (t *lines) each(fn func(l *line)) {
	for _, l := range t.table {
		if l != nil {
			fn(l)
		}
	}
}
