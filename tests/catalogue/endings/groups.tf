resource "aws_launch_configuration" "old" {
  image_id      = "ami-1"
  instance_type = "t3.micro"
}
resource "aws_autoscaling_group" "web" {
  min_size             = 1
  max_size             = 2
  launch_configuration = aws_launch_configuration.old.name
}
resource "aws_launch_template" "new" {
  image_id = "ami-1"
}
resource "aws_autoscaling_group" "api" {
  min_size = 1
  max_size = 2
  launch_template {
    id = aws_launch_template.new.id
  }
}

# ends: aws_autoscaling_group.web: an Auto Scaling group with a launch configuration
