-- Opens one matter a request: its first step is taken and durable.
local thread = 0
function setup(t) t:set("id", thread); thread = thread + 1 end
local count, run = 0, os.getenv("RUN")
local head = { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. os.getenv("TOKEN") }
local body = os.getenv("BODY")
function request()
  count = count + 1
  head["Idempotency-Key"] = run .. "-" .. id .. "-" .. count
  return wrk.format("POST", "/api/v1/matters", head, body)
end
function done(summary, latency)
  io.write(string.format("RESULT %.0f %.2f %d\n", summary.requests / summary.duration * 1e6,
    latency:percentile(99) / 1000, summary.errors.status + summary.errors.timeout))
end
