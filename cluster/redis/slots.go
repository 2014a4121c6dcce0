package redis

import (
	"strconv"
	"strings"
)

const slotCount = 16384

// slotOf is the slot of a channel's name in a Redis Cluster: CRC16 (XMODEM) of the
// name, or of what its first braces hold, unless that is nothing.
func slotOf(channel string) int {
	if _, tail, ok := strings.Cut(channel, "{"); ok {
		if tag, _, ok := strings.Cut(tail, "}"); ok && tag != "" {
			channel = tag
		}
	}
	var crc uint16
	for i := range len(channel) {
		x := byte(crc>>8) ^ channel[i]
		x ^= x >> 4
		crc = crc<<8 ^ uint16(x)<<12 ^ uint16(x)<<5 ^ uint16(x)
	}
	return int(crc) % slotCount
}

// claim is a range of slots that a master says it holds. Where two claim a slot
// the one with the higher epoch is right.
type claim struct {
	addr        string
	epoch       uint64
	first, last int
}

// parseNodes reads the answer of CLUSTER NODES, a line for each node:
//
//	<id> <ip:port@bus[,name]> <flags> <master> <ping> <pong> <epoch> <link> <slot|first-last>...
//
// What it does not understand it leaves out.
func parseNodes(text string) []claim {
	var claims []claim
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) < 9 || !strings.Contains(fields[2], "master") {
			continue
		}
		addr, _, _ := strings.Cut(fields[1], "@")
		epoch, err := strconv.ParseUint(fields[6], 10, 64)
		if err != nil || strings.HasPrefix(addr, ":") {
			continue
		}
		for _, field := range fields[8:] {
			low, high, ranged := strings.Cut(field, "-")
			first, err := strconv.Atoi(low) // not of a slot that is moving: "[93-<-id]"
			if err != nil {
				continue
			}
			last := first
			if ranged {
				if last, err = strconv.Atoi(high); err != nil {
					continue
				}
			}
			if 0 <= first && first <= last && last < slotCount {
				claims = append(claims, claim{addr: addr, epoch: epoch, first: first, last: last})
			}
		}
	}
	return claims
}

// parseMoved reads the error "MOVED <slot> <host:port>".
func parseMoved(err error) (slot int, addr string, ok bool) {
	rest, ok := strings.CutPrefix(err.Error(), "MOVED ")
	if !ok {
		return 0, "", false
	}
	number, addr, ok := strings.Cut(rest, " ")
	slot, bad := strconv.Atoi(number)
	return slot, addr, ok && bad == nil && 0 <= slot && slot < slotCount && !strings.HasPrefix(addr, ":")
}
