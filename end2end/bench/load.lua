-- Load for wrk, one connection a thread, so that each thread tells a story of its own: what the answer to one request says is
-- in the next. Driven by load.mjs, which hands over `BENCH` as lines of `name=value` for each thread, and in `BENCH_PORTS` the
-- ports that threads connect to by turns.
local ffi = require('ffi')
ffi.cdef [[
  typedef struct { long tv_sec; long tv_nsec; } moment;
  int clock_gettime(int clock, moment *now);
]]

local threads, addresses = {}, {}
function setup(thread)
  if #addresses == 0 then
    for port in os.getenv('BENCH_PORTS'):gmatch('%d+') do addresses[#addresses + 1] = wrk.lookup('127.0.0.1', port)[1] end
  end
  thread:set('place', #threads)
  thread.addr = addresses[#threads % #addresses + 1]
  threads[#threads + 1] = thread
end

local settings, step, token, code, target, due = {}, 'start', nil, nil, nil, nil
-- Read by `done`: what was wanted and came, which may take several requests, and answers that were not what was wanted.
operations, failures = 0, 0

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

local requests = {}

function requests.page()
  return get(settings.path)
end

function requests.refresh()
  return post(settings.token_path, { grant_type = 'refresh_token', client_id = settings.client_id, refresh_token = token })
end

function requests.flow()
  if step == 'start' then return get(settings.authorize_path) end
  if step == 'continue' then return get(target) end
  return post(settings.token_path, {
    grant_type = 'authorization_code', client_id = settings.client_id, code = code,
    redirect_uri = settings.redirect_uri, code_verifier = settings.code_verifier,
  })
end

function request()
  return requests[settings.kind]()
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

local function count(well)
  if well then operations = operations + 1 else failures = failures + 1 end
end

local answers = {}

function answers.page(status)
  count(status == 200)
end

function answers.refresh(status, headers, body)
  local next = body:match('"refresh_token":"([^"]+)"')
  token = next or token
  count(next)
end

-- The code that the browser is sent back to the app with. One server does so at once, another by way of a page of its own.
local function code_in(location)
  local app = settings.redirect_uri
  return location:sub(1, #app) == app and location:match('[?&]code=([^&]+)')
end

function answers.flow(status, headers, body)
  local location = headers['Location'] or headers['location'] or ''
  local found = code_in(location)
  if step ~= 'token' and found then
    step, code = 'token', found
  elseif step == 'start' and location:sub(1, 1) == '/' then
    step, target = 'continue', location
  else
    count(step == 'token' and body:match('"access_token"'))
    step = 'start'
  end
end

function response(status, headers, body)
  answers[settings.kind](status, headers, body)
end

-- What wrk counts as errors of status are answers that were not wanted, and counted above.
function done(summary, latency)
  local done, failed = 0, 0
  for _, thread in ipairs(threads) do
    done = done + thread:get('operations')
    failed = failed + thread:get('failures')
  end
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"operations":%d,"seconds":%.3f,"p50":%.2f,"p99":%.2f,"p999":%.2f,"errors":%d}\n',
    summary.requests, done, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    latency:percentile(99.9) / 1000, errors.connect + errors.read + errors.write + errors.timeout + failed
  ))
end
