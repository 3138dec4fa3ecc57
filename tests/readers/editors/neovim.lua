-- Opens a template, breaks it, mends it, hovers, applies an action and saves, as a person would. Says what it saw, line by line.
local folder, program = vim.env.SFL_FOLDER, vim.env.SFL_PROGRAM

local function say(name, value)
  io.stdout:write(name .. "\t" .. vim.json.encode(value) .. "\n")
end

local function fail(what)
  say("failed", what)
  io.stdout:flush()
  vim.cmd("cquit 1")
end

-- Waits until something holds; a busy machine has its time.
local function wait(what, holds)
  if not vim.wait(60000, holds, 20) then
    fail(what)
  end
end

vim.cmd("edit " .. vim.fn.fnameescape(folder .. "/a.yaml"))
local buffer = vim.api.nvim_get_current_buf()
local id = vim.lsp.start_client({ name = "sfl", cmd = { program, "lsp" }, root_dir = folder })
wait("start", function()
  local client = vim.lsp.get_client_by_id(id)
  return client ~= nil and client.initialized
end)
vim.lsp.buf_attach_client(buffer, id)

local function codes()
  local all = vim.tbl_map(function(one)
    return one.code .. ":" .. one.lnum
  end, vim.diagnostic.get(buffer))
  table.sort(all)
  return all
end

local function has(code)
  return function()
    for _, one in ipairs(codes()) do
      if vim.startswith(one, code .. ":") then
        return true
      end
    end
    return false
  end
end

local function ask(method, params)
  local answers = vim.lsp.buf_request_sync(buffer, method, params, 60000)
  if answers == nil or answers[id] == nil then
    fail(method)
  end
  if answers[id].err ~= nil then
    fail(answers[id].err)
  end
  return answers[id].result
end

-- Open.
wait("opened", has("compute/server"))
say("opened", codes())

-- Break.
vim.api.nvim_buf_set_lines(buffer, 5, 5, true, { "  Broken: [" })
wait("broken", has("source/yaml"))
say("broken", codes())

-- Mend.
vim.api.nvim_buf_set_lines(buffer, 5, 6, true, {})
wait("mended", function()
  return not has("source/yaml")() and has("compute/server")()
end)
say("mended", codes())

-- Hover.
vim.api.nvim_win_set_cursor(0, { 3, 12 })
say("hover", ask("textDocument/hover", vim.lsp.util.make_position_params()).contents)

-- Apply an action.
local params = vim.lsp.util.make_range_params()
params.context = { diagnostics = {} }
local titles = {}
for _, action in ipairs(ask("textDocument/codeAction", params)) do
  table.insert(titles, action.title)
  if vim.startswith(action.title, "Write down why") then
    vim.lsp.util.apply_workspace_edit(action.edit, vim.lsp.get_client_by_id(id).offset_encoding)
  end
end
say("actions", titles)
wait("filled in", has("justification/placeholder"))
say("filled in", codes())

-- Write the words, as a person would.
for number, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, true)) do
  if line:find("TODO: say why", 1, true) then
    local words = line:gsub("TODO: say why", "licensed per core of the host")
    vim.api.nvim_buf_set_lines(buffer, number - 1, number, true, { words })
  end
end
wait("settled", function()
  return #codes() == 0
end)
say("settled", codes())

-- Save.
vim.cmd("write")
say("saved", vim.fn.readfile(folder .. "/a.yaml"))

vim.lsp.stop_client(id)
wait("stopped", function()
  return vim.lsp.get_client_by_id(id) == nil
end)
say("stopped", true)
io.stdout:flush()
vim.cmd("quitall!")
