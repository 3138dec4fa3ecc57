module "ray" {
  source   = "cloudposse/glue/aws//modules/glue-job"
  role_arn = "r"
  command  = { name = "glueray", script_location = "s3://b/s.py" }
}
module "spark" {
  source   = "cloudposse/glue/aws//modules/glue-job"
  role_arn = "r"
  command  = { name = "glueetl", script_location = "s3://b/s.py" }
}

# ends: module.ray: AWS Glue for Ray
