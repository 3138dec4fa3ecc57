variable "services" {
  type = map(object({
    launch_type = optional(string, "FARGATE")
    replicas    = optional(number, 1)
    enabled     = optional(bool, true)
  }))
  default = {
    web    = { replicas = 2 }
    worker = { launch_type = "EC2" }
    old    = { enabled = false }
  }
}

module "service" {
  source   = "./service"
  for_each = { for name, service in var.services : name => service if service.enabled }

  name        = each.key
  launch_type = each.value.launch_type
  replicas    = each.value.replicas
}

module "counted" {
  source = "./service"
  count  = 2
  name   = "n${count.index}"
}

module "off" {
  source = "./service"
  count  = 0
  name   = "off"
}

locals {
  names      = { for key, service in module.service : key => service.name }
  all        = values(module.service)[*].name
  counted    = module.counted[*].name
  counted_on = module.counted.*.deep.on
  first      = module.counted[0].name
  web        = module.service["web"].deep.list[0]
  off        = module.off[*].name
  off_or     = try(module.off[0].name, "none")
  off_one    = one(module.off[*].name)
  how_many   = length(module.service)
  replicas   = sum([for service in module.service : service.replicas])
}

resource "aws_lb" "this" {
  for_each = module.service
  name     = each.value.name
}
