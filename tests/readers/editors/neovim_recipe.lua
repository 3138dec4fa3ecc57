-- Reads a recipe as an init.lua, opens two templates of one repository and says what each buffer is told, and by how many servers.
local folder = vim.env.SFL_FOLDER

vim.cmd("luafile " .. vim.fn.fnameescape(vim.env.SFL_RECIPE))
for _, name in ipairs({ "a.yaml", "infra/b.yaml" }) do
  vim.cmd("edit " .. vim.fn.fnameescape(folder .. "/" .. name))
  -- A busy machine has its time.
  vim.wait(60000, function()
    return #vim.diagnostic.get(0) > 0
  end, 20)
  local codes = vim.tbl_map(function(one)
    return one.code
  end, vim.diagnostic.get(0))
  io.stdout:write(name .. "\t" .. table.concat(codes, ",") .. "\n")
end
local active = vim.lsp.get_clients or vim.lsp.get_active_clients
io.stdout:write("servers\t" .. #active() .. "\n")
io.stdout:flush()
vim.cmd("quitall!")
