-- Changes KEYS[1], a hash: version, value, and call, which names the call that
-- stored it. Without a value it says that a document was removed.
-- ARGV: the version that the caller has seen, the value, the time to live (ms), the call,
-- and for how long a removal is remembered (ms).
-- Returns whether it was stored, the version and, if it was not, the value.
local was, value, ttl, call, remember = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local doc = redis.call('HMGET', KEYS[1], 'version', 'value', 'call')
local last, present = tonumber(doc[1] or 0), doc[2]
if doc[3] == call then -- sent again, as its answer was lost
	return { 1, present and doc[1] or '0', '' }
end
if (present and doc[1] or '0') ~= was then
	return { 0, present and doc[1] or '0', present or '' }
end
if value == '' and not present then
	return { 1, '0', '' }
end
local clock = redis.call('TIME')
local version = string.format('%.0f', math.max(last + 1, clock[1] * 1000000 + clock[2]))
redis.call('HSET', KEYS[1], 'version', version, 'value', value, 'call', call)
if value == '' then
	redis.call('HDEL', KEYS[1], 'value')
	redis.call('PEXPIRE', KEYS[1], remember)
	return { 1, '0', '' }
end
redis.call('PEXPIRE', KEYS[1], ttl)
return { 1, version, '' }
