// Package scenarios keeps the scenarios that come with the load test.
//
// Purpose: have one at hand for each of the questions that are asked again and again.
//
// Owns: the files, by name.
//
// Does not: read them (loadtest/scenario).
//
// Concurrency: any; nothing changes.
package scenarios
