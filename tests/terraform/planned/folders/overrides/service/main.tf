variable "launch_type" {
  default = "EXTERNAL"
}

resource "aws_ecs_service" "this" {
  launch_type = var.launch_type
}
