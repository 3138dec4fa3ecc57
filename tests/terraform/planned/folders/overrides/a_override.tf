variable "size" {
  default = 2
}

locals {
  kind = "dedicated"
}

resource "aws_instance" "this" {
  instance_type = "c7g.large"

  ebs_block_device {
    device_name = "only"
  }
}

module "service" {
  launch_type = "FARGATE"
}
