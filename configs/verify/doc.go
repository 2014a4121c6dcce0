// Package verify reads what is deployed with the code of those who will read it:
// compose.yaml with that of Docker Compose, the kustomizations with kustomize, and
// what comes out of them into the types of Kubernetes and the Prometheus operator,
// no unknown field allowed.
//
// Purpose: find a misspelt field or a value in the wrong place before a cluster does.
//
// Owns: tests only, in a module of their own: Parley does not depend on any of this.
//
// Does not: compare with what the code does (ports, probes, keys); the tests of
// package configs do. Talk to a cluster or a container engine.
//
// Concurrency: none.
package verify
