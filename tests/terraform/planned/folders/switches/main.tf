variable "enabled" {
  default = true
}

resource "aws_instance" "on" {
  instance_type = "m7g.large"

  lifecycle {
    enabled = var.enabled
  }
}

resource "aws_instance" "off" {
  instance_type = "m7g.large"

  lifecycle {
    enabled = !var.enabled
  }
}

resource "aws_eip" "this" {
  instance = aws_instance.on.id
  type     = aws_instance.on.instance_type
}
