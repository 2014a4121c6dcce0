-- Removes entries of other boots whose lease has run out. ARGV: the number of the
-- last answer that was received, and how much to return at most. Returns the number of
-- this answer, whether there is more, and of each entry room, user, names and
-- boot. An answer that was not received is held, and returned again.
local received, most = tonumber(ARGV[3]), tonumber(ARGV[4])
local answer = redis.call('GET', held(boot))
if answer then
	answer = cmsgpack.unpack(answer)
	if answer[1] > received then
		return answer
	end
	redis.call('DEL', held(boot))
end
local gone, more = {}, 0
for _, of in ipairs(redis.call('ZRANGEBYSCORE', leases, '-inf', now)) do
	if of ~= boot then
		if not free(of, gone, most * 4) then
			more = 1
			break
		end
		redis.call('ZREM', leases, of)
		redis.call('DEL', record(of), held(of)) -- of what is held it may have told before it died
	end
end
if #gone == 0 then
	return { received, 0, gone }
end
answer = { received + 1, more, gone }
redis.call('SET', held(boot), cmsgpack.pack(answer), 'PX', keep)
return answer
