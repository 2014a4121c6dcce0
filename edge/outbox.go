package edge

// outbox is what waits to be written to one socket, in order. The zero value
// is empty and holds no memory.
type outbox struct {
	frames []*Frame
	sent   int // bytes of frames[0] that are already written
	bytes  int // all that waits
}

func (o *outbox) empty() bool { return len(o.frames) == 0 }

func (o *outbox) add(f *Frame) {
	o.frames = append(o.frames, f)
	o.bytes += f.Len()
}

// vectors appends what waits to iov, as many frames as its capacity allows.
func (o *outbox) vectors(iov [][]byte) [][]byte {
	for i, f := range o.frames {
		if len(iov) == cap(iov) {
			break
		}
		b := f.wire
		if i == 0 {
			b = b[o.sent:]
		}
		iov = append(iov, b)
	}
	return iov
}

// advance forgets n written bytes.
func (o *outbox) advance(n int) {
	o.bytes -= n
	n += o.sent
	done := 0
	for done < len(o.frames) && n >= o.frames[done].Len() {
		n -= o.frames[done].Len()
		done++
	}
	o.sent = n
	rest := copy(o.frames, o.frames[done:])
	clear(o.frames[rest:])
	o.frames = o.frames[:rest]
}

// truncate drops every frame of which nothing is written yet and returns how
// many these were. A frame that is partly out must be finished, or the peer
// could not read what follows.
func (o *outbox) truncate() int {
	keep := 0
	if o.sent > 0 {
		keep = 1
	}
	dropped := len(o.frames) - keep
	if dropped <= 0 {
		return 0
	}
	clear(o.frames[keep:])
	o.frames = o.frames[:keep]
	o.bytes = 0
	if keep == 1 {
		o.bytes = o.frames[0].Len() - o.sent
	}
	return dropped
}
