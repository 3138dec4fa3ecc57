resource "aws_ecs_cluster" "this" {
  name = "main"

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_ecs_task_definition" "this" {
  family                   = "web"
  requires_compatibilities = ["FARGATE"]
  cpu                      = 256
  container_definitions = jsonencode([
    { name = "web", image = "nginx", cpu = 128, essential = true },
  ])
}

locals {
  cluster    = aws_ecs_cluster.this.name
  arn        = aws_ecs_cluster.this.arn
  compatible = aws_ecs_task_definition.this.requires_compatibilities
  is_fargate = contains(aws_ecs_task_definition.this.requires_compatibilities, "FARGATE")
  cpu        = aws_ecs_task_definition.this.cpu * 2
  containers = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].name
  setting    = aws_ecs_cluster.this.setting[0].value
}

resource "aws_ecs_service" "this" {
  count           = local.cpu > 256 ? 1 : 0
  cluster         = local.cluster
  task_definition = aws_ecs_task_definition.this.arn
  launch_type     = local.is_fargate ? "FARGATE" : "EC2"
}
