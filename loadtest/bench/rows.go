package main

// rowNames are the rows of the table, in their order.
func rowNames() []string {
	return []string{
		rowMemory, rowSessions, rowJoins, rowIdle, rowSaturated, rowPaced, rowSignals, rowNumbering,
		rowStorm, rowResume, rowChat, rowSpill, rowFairness, rowTLS, rowDeflate, rowCluster,
	}
}

const (
	rowMemory    = "memory"
	rowSessions  = "sessions"
	rowJoins     = "joins"
	rowIdle      = "idle"
	rowSaturated = "saturated"
	rowPaced     = "paced"
	rowSignals   = "signals"
	rowNumbering = "numbering"
	rowStorm     = "storm"
	rowResume    = "resume"
	rowChat      = "chat"
	rowSpill     = "spill"
	rowFairness  = "fairness"
	rowTLS       = "tls"
	rowDeflate   = "deflate"
	rowCluster   = "cluster"
)
