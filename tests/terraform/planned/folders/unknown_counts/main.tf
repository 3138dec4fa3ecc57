variable "replicas" {
  type = number
}

variable "zones" {
  type = set(string)
}

variable "enabled" {
  type = bool
}

variable "on" {
  type    = bool
  default = false
}

resource "aws_instance" "many" {
  count         = var.replicas
  instance_type = "m7g.large"
}

resource "aws_instance" "perhaps" {
  count         = var.enabled ? 1 : 0
  instance_type = "m7g.large"
}

resource "aws_instance" "never" {
  count         = var.enabled && var.on ? 1 : 0
  instance_type = "m7g.large"
}

resource "aws_instance" "always" {
  count         = var.enabled || !var.on ? 2 : 0
  instance_type = "m7g.large"
}

resource "aws_instance" "zonal" {
  for_each          = var.zones
  availability_zone = each.key
  instance_type     = "m7g.large"
}

module "group" {
  source   = "./group"
  for_each = var.zones
  size     = 3
}
