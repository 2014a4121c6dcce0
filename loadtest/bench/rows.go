package main

// rowNames are the rows of the table, in their order.
func rowNames() []string {
	return []string{
		rowMemory, rowJoins, rowIdle, rowSaturated, rowPaced, rowSignals, rowStorm, rowChat,
		rowSpill, rowFairness, rowTLS, rowDeflate,
	}
}

const (
	rowMemory    = "memory"
	rowJoins     = "joins"
	rowIdle      = "idle"
	rowSaturated = "saturated"
	rowPaced     = "paced"
	rowSignals   = "signals"
	rowStorm     = "storm"
	rowChat      = "chat"
	rowSpill     = "spill"
	rowFairness  = "fairness"
	rowTLS       = "tls"
	rowDeflate   = "deflate"
)
