variable "name" {
  type = string
}

variable "launch_type" {
  default = "FARGATE"
}

variable "replicas" {
  default = 1
}

resource "aws_ecs_service" "this" {
  count         = var.replicas
  name          = "${var.name}-${count.index}"
  launch_type   = var.launch_type
  desired_count = var.replicas
}

module "inner" {
  source = "./inner"
  count  = var.replicas - 1
  name   = "${var.name}-inner"
}

output "name" {
  value = aws_ecs_service.this[0].name
}

output "replicas" {
  value = var.replicas
}

output "deep" {
  value = { on = var.launch_type == "FARGATE", list = [var.name, "x"] }
}
