variable "config" {
  type    = any
  default = { web = { size = 2 }, worker = {} }
}

locals {
  size      = try(var.config.web.size, 1)
  missing   = try(var.config.worker.size, 1)
  deep      = try(var.config.none.size.more, "fallback")
  several   = try(var.config.a, var.config.b, "third")
  null_is   = try(null, "x")
  can_yes   = can(var.config.web.size)
  can_no    = can(var.config.worker.size)
  number    = try(tonumber("x"), 0)
  parsed    = can(tonumber("5"))
  regex     = can(regex("^m7", "m7g.large"))
  no_regex  = can(regex("^c7", "m7g.large"))
  indexed   = try(["a"][1], "none")
  json      = try(jsondecode("{"), {})
  list      = try(tolist(var.config.list), [])
  text      = try(tostring(["a"]), "no text")
  condition = can(var.config.web) ? "yes" : "no"
}

resource "aws_instance" "this" {
  for_each      = { for name, one in var.config : name => try(one.size, null) }
  instance_type = each.value == null ? "t4g.small" : "m7g.large"
}
