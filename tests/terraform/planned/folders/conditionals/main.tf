variable "on" {
  default = true
}

variable "settings" {
  type    = map(string)
  default = {}
}

locals {
  number_or_text  = var.on ? 1 : "none"
  text_or_number  = var.on ? "1" : 2
  bool_or_text    = var.on ? true : "maybe"
  null_or_text    = var.on ? null : "x"
  text_or_null    = var.on ? "x" : null
  number_or_null  = var.on ? 5 : null
  lists           = var.on ? ["a"] : []
  tuples          = var.on ? ["a", 1] : ["b", 2]
  map_or_empty    = var.on ? { a = "b" } : {}
  objects         = var.on ? { a = 1, b = "x" } : { a = 2, b = "y" }
  set_or_list     = var.on ? toset(["a"]) : toset([])
  nested          = var.on ? (var.settings == {} ? "empty" : "filled") : "off"
  equals          = "1" == 1
  text_equals     = tostring(1) == "1"
  list_equals     = ["a"] == ["a"]
  empty_list      = [] == []
  null_equals     = null == null
  differs         = var.on != "true"
  not             = !var.on
  comparison      = 10 > 9 && "10" < 9.5 * 2
  arithmetic      = 7 % 3 + -2 * 3 / 4
  from_text       = "3" + 4
  lookup          = lookup(var.settings, "a", "default")
  index_condition = var.on ? var.settings : { fallback = "x" }
}

resource "aws_ecs_service" "this" {
  launch_type   = var.on ? null : "EC2"
  desired_count = var.on ? "2" : 1
}
