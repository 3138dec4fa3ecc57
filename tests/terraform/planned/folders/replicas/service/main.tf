variable "desired_count" {}

variable "zones" {
  type = list(string)
}

resource "aws_ecs_service" "this" {
  count         = var.desired_count > 5 ? 2 : 0
  desired_count = var.desired_count
  name          = "web-${var.zones[count.index]}"
}

output "names" {
  value = aws_ecs_service.this[*].name
}
