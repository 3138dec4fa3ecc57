variable "name" { type = string }
variable "template" { type = string }
resource "aws_sqs_queue" "this" {
  name = var.name
}
resource "aws_lambda_event_source_mapping" "this" {
  event_source_arn = aws_sqs_queue.this.arn
  function_name    = aws_lambda_function.start.arn
}
resource "aws_lambda_function" "start" {
  function_name = "start-${var.name}"
  role          = aws_iam_role.start.arn
  environment {
    variables = { TEMPLATE = var.template }
  }
}
resource "aws_iam_role" "start" {
  name               = "start-${var.name}"
  assume_role_policy = "{}"
}
# Leave to read from what wakes it.
resource "aws_iam_role_policy" "start" {
  role   = aws_iam_role.start.name
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sqs:ReceiveMessage", Resource = aws_sqs_queue.this.arn }] })
}
output "queue" {
  value = aws_sqs_queue.this.url
}
