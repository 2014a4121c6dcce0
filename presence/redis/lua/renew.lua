-- Extends the boot's lease. ARGV: the node's id, the lease (ms), the number of the
-- last write that was answered, and where to go on keeping rooms. Returns since
-- when the lease is unbroken, whether writes were lost, and where to go on.
local until_ = tonumber(redis.call('ZSCORE', leases, boot) or 0)
local since = redis.call('HGET', record(boot), 'since')
if until_ <= now or not since then
	since = begin()
end
local written = tonumber(redis.call('HGET', record(boot), 'written') or 0)
redis.call('HSET', record(boot), 'id', ARGV[3])
redis.call('ZADD', leases, now + tonumber(ARGV[4]), boot)
redis.call('PEXPIRE', leases, keep)
redis.call('PEXPIRE', record(boot), keep)
redis.call('PEXPIRE', index(boot), keep)
-- Some of the rooms each time: all within about a hundred renewals.
local some = math.max(100, math.floor(redis.call('HLEN', index(boot)) / 100))
local page = redis.call('HSCAN', index(boot), ARGV[6], 'COUNT', some)
for i = 1, #page[2], 2 do
	redis.call('PEXPIRE', room(page[2][i]), keep)
end
return { since, written < tonumber(ARGV[5]) and 1 or 0, page[1] }
