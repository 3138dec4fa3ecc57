# Two calls of one module and a fleet that they start, behind a webhook.
module "intake" {
  for_each = toset(["builds", "releases"])
  source   = "./modules/intake"
  name     = each.value
  template = module.fleet.template
}
module "fleet" {
  source = "./modules/fleet"
}
resource "aws_apigatewayv2_api" "hooks" {
  name          = "hooks"
  protocol_type = "HTTP"
}
resource "aws_apigatewayv2_integration" "hooks" {
  api_id           = aws_apigatewayv2_api.hooks.id
  integration_type = "AWS_PROXY"
  integration_uri  = aws_lambda_function.dispatch.invoke_arn
}
resource "aws_apigatewayv2_route" "hooks" {
  api_id    = aws_apigatewayv2_api.hooks.id
  route_key = "POST /hooks"
  target    = "integrations/${aws_apigatewayv2_integration.hooks.id}"
}
resource "aws_lambda_function" "dispatch" {
  function_name = "dispatch"
  role          = "arn:aws:iam::123456789012:role/dispatch"
  environment {
    variables = { QUEUES = jsonencode([for one in module.intake : one.queue]) }
  }
}
resource "aws_cloudwatch_event_rule" "tidy" {
  schedule_expression = "rate(1 hour)"
}
resource "aws_cloudwatch_event_target" "tidy" {
  rule = aws_cloudwatch_event_rule.tidy.name
  arn  = aws_lambda_function.tidy.arn
}
resource "aws_lambda_function" "tidy" {
  function_name = "tidy"
  role          = "arn:aws:iam::123456789012:role/tidy"
}
