-- Returns the boots with a valid lease, and what the room of ARGV[3] holds.
return {
	redis.call('ZRANGEBYSCORE', leases, '(' .. now, '+inf'),
	redis.call('HGETALL', room(ARGV[3])),
}
