resource "aws_instance" "this" {
  instance_type = "r7g.large"
}

output "kind" {
  value = "fixed"
}
