variable "type" {
  type = string
}

variable "zones" {
  type    = list(string)
  default = ["a"]
}

variable "tags" {
  type    = map(string)
  default = { Team = "core" }
}

variable "port" {
  type    = string
  default = 80
}

variable "untyped" {
  default = "5"
}

resource "aws_instance" "this" {
  for_each      = toset(var.zones)
  instance_type = var.type
  tags          = var.tags
  port          = var.port
  untyped       = var.untyped
}
