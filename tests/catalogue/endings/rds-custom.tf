resource "aws_db_instance" "books" {
  engine         = "custom-oracle-ee"
  instance_class = "db.m5.large"
}
resource "aws_db_instance" "plain" {
  engine         = "postgres"
  instance_class = "db.m5.large"
}
resource "aws_rds_custom_db_engine_version" "image" {
  engine         = "custom-oracle-ee"
  engine_version = "19.books"
}
resource "aws_rds_custom_db_engine_version" "other" {
  engine         = "custom-sqlserver-se"
  engine_version = "15.stock"
}

# ends: aws_db_instance.books: RDS Custom for Oracle
# ends: aws_rds_custom_db_engine_version.image: RDS Custom for Oracle
