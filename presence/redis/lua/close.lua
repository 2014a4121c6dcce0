-- Removes all that the boot has.
free(boot, {}, math.huge)
redis.call('DEL', record(boot), held(boot))
return redis.call('ZREM', leases, boot)
