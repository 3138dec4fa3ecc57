data "aws_ecs_cluster" "shared" {
  cluster_name = "shared"
}

data "aws_subnets" "private" {
  filter {
    name   = "tag:Tier"
    values = ["private"]
  }
}

data "aws_caller_identity" "current" {}

data "aws_ami" "optional" {
  count       = 1
  most_recent = true
  owners      = ["self"]
}

locals {
  account = data.aws_caller_identity.current.account_id
  subnets = data.aws_subnets.private.ids
}

resource "aws_ecs_service" "this" {
  name        = "web-${local.account}"
  cluster     = data.aws_ecs_cluster.shared.arn
  launch_type = "EC2"
  depends_on  = [data.aws_subnets.private]

  network_configuration {
    subnets = local.subnets
  }
}

resource "aws_instance" "this" {
  count         = length(local.subnets)
  subnet_id     = local.subnets[count.index]
  ami           = data.aws_ami.optional[0].id
  instance_type = "m7g.large"
  is_recent     = data.aws_ami.optional[0].most_recent
}
