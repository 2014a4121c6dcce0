-- What every script begins with. A partition is KEYS[1], the sorted set of its
-- boots by the end of their leases (ms since 1970), and keys that begin with it:
--   :boot:<boot>   hash: id of the node; written, the number of the boot's last
--                  write; since, when its unbroken lease began (µs since 1970)
--   :rooms:<boot>  hash: how many entries the boot has, by room
--   :room:<room>   hash: the names of a user, by user@boot
--   :held:<boot>   what the boot has reaped and not yet confirmed
-- ARGV[1] is the caller's boot, ARGV[2] how long to keep what nobody renews (ms).
local leases, boot, keep = KEYS[1], ARGV[1], ARGV[2]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

local function record(of) return leases .. ':boot:' .. of end
local function index(of) return leases .. ':rooms:' .. of end
local function held(of) return leases .. ':held:' .. of end
local function room(id) return leases .. ':room:' .. id end

-- begin notes that the boot's lease is a new one.
local function begin()
	local since = string.format('%d%06d', clock[1], clock[2])
	redis.call('HSET', record(boot), 'since', since)
	return since
end

-- remove takes the entries of a boot out of one room and appends them to into:
-- room, user, names, boot.
local function remove(id, of, into)
	local entries, gone = redis.call('HGETALL', room(id)), {}
	for i = 1, #entries, 2 do
		local at = string.find(entries[i], '@', 1, true)
		if string.sub(entries[i], at + 1) == of then
			gone[#gone + 1] = entries[i]
			into[#into + 1] = id
			into[#into + 1] = string.sub(entries[i], 1, at - 1)
			into[#into + 1] = entries[i + 1]
			into[#into + 1] = of
		end
	end
	for i = 1, #gone, 1000 do -- unpack is bounded
		redis.call('HDEL', room(id), unpack(gone, i, math.min(i + 999, #gone)))
	end
	redis.call('HDEL', index(of), id)
end

-- free removes a boot's entries, room by room, until into has grown to a size. It
-- reports whether none is left.
local function free(of, into, size)
	for _, id in ipairs(redis.call('HKEYS', index(of))) do
		if #into >= size then
			return false
		end
		remove(id, of, into)
	end
	redis.call('DEL', index(of))
	return true
end
