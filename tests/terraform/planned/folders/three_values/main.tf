variable "region" {
  type = string
}

variable "flag" {
  type = bool
}

locals {
  never      = var.flag && false
  always     = var.flag || true
  open       = var.flag && true
  chosen     = var.region == "eu-west-1" ? "c7g.large" : "m7g.large"
  same       = var.region == "eu-west-1" ? "m7g.large" : "m7g.large"
  is_missing = var.region == null
  label      = "web-${var.region}"
  has_prefix = startswith(local.label, "web-")
  parts      = { region = var.region, size = "large" }
  size       = local.parts.size
  list       = [var.region, "b"]
  length     = length(local.list)
  second     = local.list[1]
  number     = length(local.label) > 3
  tags       = merge({ Name = var.region }, { Team = "core" })
  team       = local.tags["Team"]
}

resource "aws_instance" "this" {
  instance_type = local.chosen
  tags          = local.tags
}
