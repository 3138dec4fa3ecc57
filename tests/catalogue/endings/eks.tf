resource "aws_eks_cluster" "old" {
  name = "old"
}
resource "aws_eks_node_group" "old" {
  cluster_name = aws_eks_cluster.old.name
  ami_type     = "AL2_x86_64"
}
resource "aws_eks_cluster" "new" {
  name = "new"
}
resource "aws_eks_node_group" "new" {
  cluster_name = aws_eks_cluster.new.name
  ami_type     = "AL2023_x86_64_STANDARD"
}
resource "aws_eks_node_group" "rocket" {
  cluster_name = aws_eks_cluster.new.name
  ami_type     = "BOTTLEROCKET_x86_64"
}
resource "awscc_eks_nodegroup" "alone" {
  cluster_name = "shared"
  ami_type     = "AL2_x86_64"
}
resource "awscc_eks_nodegroup" "other" {
  cluster_name = "shared"
  ami_type     = "AL2023_x86_64_NVIDIA"
}
module "old" {
  source  = "terraform-aws-modules/eks/aws"
  version = "20.0.0"
  eks_managed_node_groups = {
    one = { ami_type = "BOTTLEROCKET_x86_64" }
    two = { ami_type = "AL2_x86_64" }
  }
}
module "new" {
  source  = "terraform-aws-modules/eks/aws"
  version = "20.0.0"
  eks_managed_node_groups = {
    one = { ami_type = "AL2023_x86_64_STANDARD" }
  }
}

# ends: aws_eks_cluster.old: an EKS cluster with nodes on Amazon Linux 2
# ends: awscc_eks_nodegroup.alone: an EKS node group on Amazon Linux 2
# ends: module.old: an EKS cluster with nodes on Amazon Linux 2
