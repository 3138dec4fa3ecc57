# A platform on Kubernetes: nodes with a key and an image of one's own, a database beside it, files for all.
resource "aws_eks_cluster" "platform" {
  name     = "platform"
  role_arn = "arn:aws:iam::123456789012:role/eks"
  version  = "1.31"
  vpc_config { subnet_ids = ["subnet-1", "subnet-2"] }
}
resource "aws_eks_node_group" "workers" {
  cluster_name  = aws_eks_cluster.platform.name
  node_role_arn = "arn:aws:iam::123456789012:role/nodes"
  subnet_ids    = ["subnet-1", "subnet-2"]
  scaling_config {
    desired_size = 3
    max_size     = 9
    min_size     = 3
  }
  launch_template {
    id      = aws_launch_template.workers.id
    version = "1"
  }
}
resource "aws_launch_template" "workers" {
  image_id  = "ami-0123456789abcdef0"
  key_name  = "operators"
  user_data = base64encode("#!/bin/bash\n/etc/eks/bootstrap.sh ${aws_eks_cluster.platform.name}")
}
resource "aws_eks_addon" "files" {
  cluster_name = aws_eks_cluster.platform.name
  addon_name   = "aws-efs-csi-driver"
}
resource "aws_efs_file_system" "shared" {}
resource "aws_db_instance" "state" {
  engine         = "postgres"
  engine_version = "16.6"
  instance_class = "db.m7g.large"
}
resource "aws_ssm_parameter" "state" {
  name  = "/platform/state"
  type  = "String"
  value = aws_db_instance.state.address
}
