variable "nodes_enabled" {
  type    = bool
  default = false
}

resource "aws_launch_template" "nodes" {
  name_prefix   = "nodes-"
  instance_type = "m7g.large"

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_size = 20
      encrypted   = true
    }
  }
}

resource "aws_autoscaling_group" "nodes" {
  count    = var.nodes_enabled ? 1 : 0
  max_size = 3
  min_size = 1

  launch_template {
    id      = aws_launch_template.nodes.id
    version = "$Latest"
  }

  tag {
    key                 = "Name"
    value               = aws_launch_template.nodes.name_prefix
    propagate_at_launch = true
  }

  tag {
    key                 = "Team"
    value               = "core"
    propagate_at_launch = false
  }
}
