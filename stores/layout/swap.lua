-- Compare-and-swap of one value in Redis 7.0 or newer, or Valkey.
--
-- KEYS[1]  a state: <prefix>s: and the 16 bytes of its key.
--          a document: <prefix>d, the hash of all documents.
-- ARGV[1]  a state: empty. a document: the 16 bytes of its key.
-- ARGV[2]  1 if a value is expected, 0 if there must be none.
-- ARGV[3]  the expected value.
-- ARGV[4]  the new value.
-- ARGV[5]  a state: the milliseconds after which the engine may drop it, or empty.
--          a document: 8 bytes, big-endian, with the time in milliseconds of Unix time
--          from which it may be dropped, or 0.
--
-- Returns {1} if the new value is stored, {0, current} or, without a value, {0}.
local document = ARGV[1] ~= ''
local current
if document then
  current = redis.call('HGET', KEYS[1], ARGV[1])
  if current then current = string.sub(current, 9) end
else
  current = redis.call('GET', KEYS[1])
end
if ARGV[2] == '1' then
  if not current then return {0} end
  if current ~= ARGV[3] then return {0, current} end
elseif current then
  return {0, current}
end
if document then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[5] .. ARGV[4])
elseif ARGV[5] == '' then
  redis.call('SET', KEYS[1], ARGV[4])
else
  redis.call('SET', KEYS[1], ARGV[4], 'PX', ARGV[5])
end
return {1}
