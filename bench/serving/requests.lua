-- Sends the lines of a file in turn. usage: wrk ... -s requests.lua URL -- PATH FILE
local requests = {}
local position = 0

function init(arguments)
  local headers = { ["content-type"] = "application/json" }
  for line in io.lines(arguments[2]) do
    requests[#requests + 1] = wrk.format("POST", arguments[1], headers, line)
  end
end

function request()
  position = position % #requests + 1
  return requests[position]
end
