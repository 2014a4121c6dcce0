-- Enters and leaves, in order. ARGV: the write's number, the last one that was
-- answered, whether to begin afresh, then room, user and names ('': leaves) of each.
-- A write whose number is not above the last one's comes late or again. One that
-- was answered and is not known here was lost: the record then stays behind, for
-- renew.lua to tell.
local number, answered, afresh = tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5] == '1'
local written = tonumber(redis.call('HGET', record(boot), 'written') or 0)
if number < written then
	return redis.error_reply('SUPERSEDED a later write has been made')
end
if number == written then
	return redis.call('HGET', record(boot), 'since') or ''
end
local since = ''
if afresh then
	free(boot, {}, math.huge)
	since = begin()
end
for i = 6, #ARGV, 3 do
	local id, user, names = ARGV[i], ARGV[i + 1] .. '@' .. boot, ARGV[i + 2]
	if names ~= '' then
		if redis.call('HSET', room(id), user, names) == 1 then
			redis.call('HINCRBY', index(boot), id, 1)
		end
		redis.call('PEXPIRE', room(id), keep)
	elseif redis.call('HDEL', room(id), user) == 1 and redis.call('HINCRBY', index(boot), id, -1) <= 0 then
		redis.call('HDEL', index(boot), id)
	end
end
if afresh or written >= answered then
	redis.call('HSET', record(boot), 'written', number)
end
redis.call('ZADD', leases, 'NX', 0, boot) -- without a lease, but for reap.lua to find
redis.call('PEXPIRE', leases, keep)
redis.call('PEXPIRE', record(boot), keep)
redis.call('PEXPIRE', index(boot), keep)
return since
