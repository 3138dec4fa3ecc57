resource "aws_directory_service_directory" "default" {
  name = "corp.example.com"
}
resource "aws_directory_service_directory" "simple" {
  name = "corp.example.com"
  type = "SimpleAD"
}
resource "aws_directory_service_directory" "managed" {
  name = "corp.example.com"
  type = "MicrosoftAD"
}
resource "awscc_directoryservice_simple_ad" "other" {
  name = "corp.example.com"
}

# ends: aws_directory_service_directory.default: Simple AD
# ends: aws_directory_service_directory.simple: Simple AD
# ends: awscc_directoryservice_simple_ad.other: Simple AD
