// Package schema brings a database's tables to the version that the program
// knows.
//
// Purpose: one way of migrating, and of refusing to, for every back end.
//
// Owns: the run of a back end's migrations.
//
// Does not: hold migrations, lock out other processes, or tell Parley's database
// from another's: that is different in each.
//
// Concurrency: Up is for one caller at a time on one database; it blocks.
package schema
