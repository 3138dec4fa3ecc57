variable "size" {
  type    = number
  default = 1
}

locals {
  kind = "spot"
  kept = "kept"
}

resource "aws_instance" "this" {
  count         = var.size
  instance_type = "m7g.large"
  tags          = { Kind = local.kind }

  ebs_block_device {
    device_name = "a"
  }

  ebs_block_device {
    device_name = "b"
  }

  root_block_device {
    volume_size = 10
  }
}

module "service" {
  source      = "./service"
  launch_type = "EC2"
}

output "kind" {
  value = local.kind
}
