resource "aws_launch_template" "drawing" {
  elastic_gpu_specifications {
    type = "eg1.medium"
  }
}
resource "aws_launch_template" "guessing" {
  elastic_inference_accelerator {
    type = "eia2.medium"
  }
}
resource "aws_launch_template" "plain" {
  instance_type = "g5.xlarge"
}

# ends: aws_launch_template.drawing: a launch template with Amazon Elastic Graphics
# ends: aws_launch_template.guessing: a launch template with Amazon Elastic Inference
