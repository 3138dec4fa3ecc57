variable "password" {
  type      = string
  sensitive = true
  default   = "hunter2"
}

variable "size" {
  type      = number
  sensitive = true
  default   = 2
}

variable "token" {
  type      = string
  sensitive = true
}

locals {
  secret = sensitive("m7g.large")
  plain  = nonsensitive(local.secret)
  mixed  = "${var.password}-x"
}

resource "aws_db_instance" "this" {
  count          = nonsensitive(var.size)
  instance_class = local.secret
  password       = var.password
  tags           = { Token = var.token, Plain = local.plain, Mixed = local.mixed }
}
