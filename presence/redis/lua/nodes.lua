-- Returns the boots with a valid lease, each with its node's id.
local alive = {}
for _, of in ipairs(redis.call('ZRANGEBYSCORE', leases, '(' .. now, '+inf')) do
	alive[#alive + 1] = of
	alive[#alive + 1] = redis.call('HGET', record(of), 'id') or ''
end
return alive
