package chat

import "math"

// sizes shares sockets among rooms, two at least for each: equally, or so that the
// k-th room's share is to the first's as 1 to k^exponent (Zipf's law).
func sizes(sockets, rooms int, exponent float64) []int {
	weights, sum := make([]float64, rooms), 0.0
	for k := range weights {
		weights[k] = math.Pow(float64(k+1), -exponent)
		sum += weights[k]
	}
	const least = 2
	spare, given := sockets-least*rooms, 0
	list := make([]int, rooms)
	for k, w := range weights {
		share := int(float64(spare) * w / sum)
		list[k] = least + share
		given += share
	}
	for k := range spare - given { // what rounding left, fewer than there are rooms
		list[k%rooms]++
	}
	return list
}
