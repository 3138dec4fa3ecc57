module "vpc" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "~> 5.0"

  name = "main"
  azs  = ["a", "b"]
}

module "cluster" {
  source = "git::https://git.example.com/modules/cluster.git?ref=v2"
  count  = length(["x"]) == 1 ? 1 : 0

  vpc_id  = module.vpc.vpc_id
  subnets = slice(module.vpc.private_subnets, 0, 2)
}

module "services" {
  source   = "terraform-aws-modules/ecs/aws//modules/service"
  for_each = { web = 2, worker = 1 }

  name          = each.key
  desired_count = each.value
  cluster       = module.cluster[0].arn
}

resource "aws_lb" "this" {
  subnets  = module.vpc.public_subnets
  services = [for key, service in module.services : key]
}
