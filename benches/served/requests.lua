-- One request for each of `count` numbers from `first` on, then from the first
-- again. Arguments: kind (send, verify, privacyidea, otpgateway-set,
-- otpgateway-check), key, first, count.
local kind, key, first, count
local sent = 0

function init(arguments)
  kind, key = arguments[1], arguments[2]
  first, count = tonumber(arguments[3]), tonumber(arguments[4])
end

function request()
  if kind == "privacyidea" then
    local headers = { ["Content-Type"] = "application/x-www-form-urlencoded" }
    return wrk.format("POST", "/validate/check", headers, "serial=" .. key .. "&pass=000000")
  end
  if kind == "otpgateway-set" or kind == "otpgateway-check" then
    local headers = { ["Authorization"] = "Basic YmVuY2g6YmVuY2g=" }
    local path = string.format("/api/otp/%09d", first + sent % count)
    sent = sent + 1
    if kind == "otpgateway-set" then
      return wrk.format("PUT", path .. "?provider=bench&otp=123456", headers)
    end
    return wrk.format("POST", path .. "?otp=000000", headers)
  end
  local dest = string.format("%%2B966%09d", first + sent % count)
  sent = sent + 1
  if kind == "send" then
    return wrk.format("GET", "/mpass-web/rest/mv/msg?apikey=" .. key .. "&dest=" .. dest)
  end
  return wrk.format(
    "GET",
    "/mpass-web/rest/mv/verify?apikey=" .. key .. "&dest=" .. dest .. "&otp=000000"
  )
end
