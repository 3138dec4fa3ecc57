variable "size" {
  type = number
}

resource "aws_autoscaling_group" "this" {
  max_size = var.size
  min_size = var.size - 1
}
