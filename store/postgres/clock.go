package postgres

// nowMilli is the time of PostgreSQL's clock, which is one for all nodes, as it
// is stored. Where times must not go back it is taken under the room's lock, and
// is the room's latest time at least.
const nowMilli = `floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint`
