variable "name" {}

resource "aws_instance" "this" {
  for_each      = toset([var.name, "fixed"])
  instance_type = "m7g.${each.key}"
}
