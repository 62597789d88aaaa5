-- Load for wrk, one connection a thread, so that each thread tells a story of its own: what the answer to one request says is
-- in the next. Driven by provider.mjs, which hands over `BENCH` as lines of `name=value`.
local ffi = require('ffi')
ffi.cdef [[
  typedef struct { long tv_sec; long tv_nsec; } moment;
  int clock_gettime(int clock, moment *now);
]]

local threads = 0
function setup(thread)
  thread:set('place', threads)
  threads = threads + 1
end

local settings, step, token, code, target, due = {}, 'start', nil, nil, nil, nil
failures = 0

local function form(fields)
  local parts = {}
  for name, value in pairs(fields) do
    parts[#parts + 1] = name .. '=' .. value:gsub('[^%w%-_%.~]', function(c) return string.format('%%%02X', c:byte()) end)
  end
  return table.concat(parts, '&')
end

local function post(path, fields)
  return wrk.format('POST', path, { ['content-type'] = 'application/x-www-form-urlencoded' }, form(fields))
end

local function get(path)
  return wrk.format('GET', path, settings.headers)
end

function init(args)
  for line in io.lines(os.getenv('BENCH') .. '.' .. place) do
    local name, value = line:match('^([^=]+)=(.*)$')
    settings[name] = value
  end
  settings.headers = {}
  if settings.cookie then settings.headers['cookie'] = settings.cookie end
  if settings.bearer then settings.headers['authorization'] = 'Bearer ' .. settings.bearer end
  token = settings.refresh_token
end

local kinds = {}

function kinds.page()
  return get(settings.path)
end

function kinds.refresh()
  return post(settings.token_path, { grant_type = 'refresh_token', client_id = settings.client_id, refresh_token = token })
end

function kinds.flow()
  if step == 'start' then return get(settings.authorize_path) end
  if step == 'continue' then return get(target) end
  return post(settings.token_path, {
    grant_type = 'authorization_code', client_id = settings.client_id, code = code,
    redirect_uri = settings.redirect_uri, code_verifier = settings.code_verifier,
  })
end

function request()
  return kinds[settings.kind]()
end

local function now()
  local moment = ffi.new('moment')
  ffi.C.clock_gettime(1, moment)
  return tonumber(moment.tv_sec) * 1000 + tonumber(moment.tv_nsec) / 1e6
end

-- At a fixed rate a request that is late is followed at once by the next.
function delay()
  if not settings.every then return 0 end
  due = (due or now()) + tonumber(settings.every)
  return math.max(0, math.floor(due - now()))
end

function response(status, headers, body)
  if settings.kind == 'refresh' then
    local next = body:match('"refresh_token":"([^"]+)"')
    if next then token = next else failures = failures + 1 end
  elseif settings.kind == 'flow' then
    local location = headers['Location'] or headers['location'] or ''
    if step == 'start' and location:sub(1, 1) == '/' then
      step, target = 'continue', location
    elseif step == 'continue' and location:match('code=') then
      step, code = 'token', location:match('code=([^&]+)')
    else
      if not (step == 'token' and body:match('"access_token"')) then failures = failures + 1 end
      step = 'start'
    end
  elseif status ~= 200 then
    failures = failures + 1
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"seconds":%.3f,"p50":%.2f,"p99":%.2f,"p999":%.2f,"errors":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    latency:percentile(99.9) / 1000, errors.connect + errors.read + errors.write + errors.timeout + errors.status
  ))
end
