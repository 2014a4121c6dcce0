package ring

// deadlines is a heap (container/heap) of rings, the first to end on top. Each
// ring knows its place in it.
type deadlines[C comparable] []*ring[C]

func (d deadlines[C]) Len() int           { return len(d) }
func (d deadlines[C]) Less(i, j int) bool { return d[i].until.Before(d[j].until) }

func (d deadlines[C]) Swap(i, j int) {
	d[i], d[j] = d[j], d[i]
	d[i].place, d[j].place = i, j
}

// Push implements heap.Interface.
func (d *deadlines[C]) Push(r any) {
	it := r.(*ring[C])
	it.place = len(*d)
	*d = append(*d, it)
}

// Pop implements heap.Interface.
func (d *deadlines[C]) Pop() any {
	last := len(*d) - 1
	r := (*d)[last]
	(*d)[last] = nil
	*d = (*d)[:last]
	return r
}
