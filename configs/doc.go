// Package configs is Parley's configuration: what can be set, to what, and what
// it is when nobody set it.
//
//	defaults < YAML file < PARLEY_… environment < command line ──▶ Load ──▶ Config
//
// Purpose: turn four layers of text into one typed, checked value, or into one
// line for each thing that is wrong.
//
// Owns: the keys, their defaults, descriptions and bounds, and what is deployed, beside
// this file: local.yaml, production.yaml, compose.yaml with haproxy.cfg, and kubernetes.
//
// Does not: read the process's environment or command line itself, watch for
// changes, or get imported by anything but the wiring of a node.
//
// Concurrency: everything here is a value or a function of its arguments; all
// of it may be used from any goroutine. Load blocks while it reads the file.
package configs
