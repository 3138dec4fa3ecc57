resource "aws_launch_template" "this" {
  name      = "fleet"
  image_id  = "ami-0123456789abcdef0"
  user_data = base64encode("#!/bin/bash\naws s3 cp s3://${aws_s3_bucket.tools.id}/install.sh . && sh install.sh")
}
resource "aws_s3_bucket" "tools" {
  bucket = "fleet-tools"
}
output "template" {
  value = aws_launch_template.this.name
}
