-- Reads PATH; with ACCOUNTS, an account of that file a request.
local accounts = {}
if os.getenv("ACCOUNTS") then
  for number in io.lines(os.getenv("ACCOUNTS")) do accounts[#accounts + 1] = number end
end
local head = { ["Authorization"] = "Bearer " .. os.getenv("TOKEN") }
local path, count = os.getenv("TARGET"), 0
function request()
  count = count + 1
  local target = path
  if #accounts > 0 then target = path .. accounts[count * 7919 % #accounts + 1] end
  return wrk.format("GET", target, head)
end
function done(summary, latency)
  io.write(string.format("RESULT %.0f %.2f %d\n", summary.requests / summary.duration * 1e6,
    latency:percentile(99) / 1000, summary.errors.status + summary.errors.timeout))
end
