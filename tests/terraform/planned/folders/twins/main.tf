variable "autoscaling" {
  default = true
}

variable "cluster" {
  type = string
}

resource "aws_ecs_service" "fixed" {
  count         = var.autoscaling ? 0 : 1
  name          = "web"
  cluster       = var.cluster
  desired_count = 2
}

resource "aws_ecs_service" "scaled" {
  count         = var.autoscaling ? 1 : 0
  name          = "web"
  cluster       = var.cluster
  desired_count = 2

  lifecycle {
    ignore_changes = [desired_count]
  }
}

output "service" {
  value = one(concat(aws_ecs_service.fixed[*].name, aws_ecs_service.scaled[*].name))
}
