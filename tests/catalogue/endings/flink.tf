resource "aws_kinesisanalyticsv2_application" "windows" {
  runtime_environment = "FLINK-1_20"
}
resource "aws_kinesisanalyticsv2_application" "queries" {
  runtime_environment = "SQL-1_0"
}
resource "awscc_kinesisanalyticsv2_application" "other" {
  runtime_environment = "SQL-1_0"
}

# ends: aws_kinesisanalyticsv2_application.queries: Kinesis Data Analytics for SQL
# ends: awscc_kinesisanalyticsv2_application.other: Kinesis Data Analytics for SQL
