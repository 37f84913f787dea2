-- Posts one entry a request, each under a key of its own.
local accounts = {}
for number in io.lines(os.getenv("ACCOUNTS")) do accounts[#accounts + 1] = number end
local thread = 0
function setup(t) t:set("id", thread); thread = thread + 1 end
local count = 0
local head = { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. os.getenv("TOKEN") }
local run = os.getenv("RUN")
local institution = os.getenv("INSTITUTION")
function request()
  count = count + 1
  local a = accounts[(count * 7919 + id * 104729) % #accounts + 1]
  local b = accounts[(count * 6007 + id * 350377 + 1) % #accounts + 1]
  if a == b then b = accounts[count % #accounts + 1] end
  head["Idempotency-Key"] = run .. "-" .. id .. "-" .. count
  local body = '{"institution":"' .. institution .. '","summary":"转账","lines":[{"account":"' .. a ..
    '","side":"debit","amount":"0.01"},{"account":"' .. b .. '","side":"credit","amount":"0.01"}]}'
  return wrk.format("POST", "/api/v1/entries", head, body)
end
local refused = 0
function response(status) if status ~= 201 then refused = refused + 1 end end
function done(summary, latency)
  io.write(string.format("RESULT %.0f %.2f %d\n", summary.requests / summary.duration * 1e6,
    latency:percentile(99) / 1000, summary.errors.status + summary.errors.timeout))
end
