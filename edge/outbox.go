package edge

// outbox is what waits to be written to one socket: first what is not bulk, then
// what is, each in order. A socket has one only while something waits. The nil
// outbox is empty.
type outbox struct {
	frames  []*Frame // as they were sent: the form that they go out in is chosen late
	bulk    []*Frame
	sent    int // bytes of the first frame that are already written
	bytes   int // all that waits, in the form that goes out
	deflate bool
}

// texts appends the messages that are not written whole, in the order in which
// they would be.
func (o *outbox) texts(list []*Frame) []*Frame {
	if o == nil {
		return list
	}
	for _, waiting := range [...][]*Frame{o.frames, o.bulk} {
		for _, f := range waiting {
			if f.text {
				list = append(list, f)
			}
		}
	}
	return list
}

func (o *outbox) length(f *Frame) int { return f.form(o.deflate).Len() }

func (o *outbox) empty() bool { return o.count() == 0 }

func (o *outbox) count() int {
	if o == nil {
		return 0
	}
	return len(o.frames) + len(o.bulk)
}

func (o *outbox) size() int {
	if o == nil {
		return 0
	}
	return o.bytes
}

func (o *outbox) add(f *Frame) {
	f.Hold()
	if f.bulk {
		o.bulk = append(o.bulk, f)
	} else {
		o.frames = append(o.frames, f)
	}
	o.bytes += o.length(f)
}

// addLast adds a frame that nothing comes after.
func (o *outbox) addLast(f *Frame) {
	o.frames = append(o.frames, o.bulk...)
	clear(o.bulk)
	o.bulk = o.bulk[:0]
	o.add(f)
}

// vectors appends what waits to iov, as many frames as its capacity allows.
func (o *outbox) vectors(iov [][]byte) [][]byte {
	for _, f := range o.frames {
		if len(iov) == cap(iov) {
			break
		}
		iov = append(iov, f.form(o.deflate).wire)
	}
	for _, f := range o.bulk {
		if len(iov) == cap(iov) {
			break
		}
		iov = append(iov, f.form(o.deflate).wire)
	}
	if len(iov) > 0 {
		iov[0] = iov[0][o.sent:]
	}
	return iov
}

// advance forgets n written bytes, and tells c of the frames that they complete.
func (o *outbox) advance(n int, c *Conn) {
	o.bytes -= n
	o.sent += n
	o.frames = o.pass(o.frames, c)
	if len(o.frames) > 0 {
		return
	}
	o.bulk = o.pass(o.bulk, c)
	if o.sent > 0 { // what is partly out must be finished before anything else
		o.frames = append(o.frames, o.bulk[0])
		rest := copy(o.bulk, o.bulk[1:])
		o.bulk[rest] = nil
		o.bulk = o.bulk[:rest]
	}
}

// pass hands over the frames of a list that are written whole.
func (o *outbox) pass(list []*Frame, c *Conn) []*Frame {
	done := 0
	for done < len(list) {
		n := o.length(list[done])
		if o.sent < n {
			break
		}
		o.sent -= n
		c.wrote(list[done])
		done++
	}
	if done == 0 {
		return list
	}
	rest := copy(list, list[done:])
	clear(list[rest:])
	return list[:rest]
}

// truncate drops every frame of which nothing is written yet and returns how
// many these were. A frame that is partly out must be finished, or the peer
// could not read what follows.
func (o *outbox) truncate(s *Shard) int {
	keep := 0
	if o.sent > 0 {
		keep = 1
	}
	dropped := o.count() - keep
	for _, f := range o.frames[keep:] {
		o.bytes -= o.length(f)
		f.Release(s)
	}
	for _, f := range o.bulk {
		o.bytes -= o.length(f)
		f.Release(s)
	}
	clear(o.frames[keep:])
	clear(o.bulk)
	o.frames, o.bulk = o.frames[:keep], o.bulk[:0]
	return dropped
}
