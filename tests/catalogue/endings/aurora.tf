resource "aws_rds_cluster" "first" {
  engine      = "aurora-mysql"
  engine_mode = "serverless"
}
resource "aws_rds_cluster" "oldest" {
  engine = "aurora"
}
resource "aws_rds_cluster" "plain" {
  engine = "aurora-mysql"
}
resource "aws_rds_cluster_instance" "apart" {
  cluster_identifier = "shared"
  engine             = "aurora"
  instance_class     = "db.r5.large"
}
resource "aws_rds_cluster_instance" "newer" {
  cluster_identifier = "shared"
  engine             = "aurora-mysql"
  instance_class     = "db.r8g.large"
}

# ends: aws_rds_cluster.first: Aurora Serverless v1
# ends: aws_rds_cluster.oldest: Aurora MySQL version 1
# ends: aws_rds_cluster_instance.apart: Aurora MySQL version 1
