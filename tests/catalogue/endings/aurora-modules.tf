module "first" {
  source      = "terraform-aws-modules/rds-aurora/aws"
  engine      = "aurora-mysql"
  engine_mode = "serverless"
}
module "oldest" {
  source         = "terraform-aws-modules/rds-aurora/aws"
  engine         = "aurora"
  instance_class = "db.r5.large"
}
module "plain" {
  source         = "terraform-aws-modules/rds-aurora/aws"
  engine         = "aurora-mysql"
  instance_class = "db.r8g.large"
}
module "pod" {
  source      = "cloudposse/rds-cluster/aws"
  engine      = "aurora-mysql"
  engine_mode = "serverless"
}
module "pod_default" {
  source = "cloudposse/rds-cluster/aws"
}
module "pod_plain" {
  source = "cloudposse/rds-cluster/aws"
  engine = "aurora-postgresql"
}

# ends: module.first: Aurora Serverless v1
# ends: module.oldest: Aurora MySQL version 1
# ends: module.pod: Aurora Serverless v1
# ends: module.pod_default: Aurora MySQL version 1
