resource "aws_glue_job" "ray" {
  role_arn = "r"
  command {
    name            = "glueray"
    script_location = "s3://b/s.py"
  }
}
resource "aws_glue_job" "spark" {
  role_arn = "r"
  command {
    script_location = "s3://b/s.py"
  }
}
resource "aws_rekognition_stream_processor" "home" {
  settings {
    connected_home {
      labels = ["PET"]
    }
  }
}
resource "aws_rekognition_stream_processor" "faces" {
  settings {
    face_search {
      collection_id = "c"
    }
  }
}
resource "aws_lex_bot" "first" {
  name = "first"
}
resource "aws_lexv2models_bot" "second" {
  name = "second"
}

# ends: aws_glue_job.ray: AWS Glue for Ray
# ends: aws_rekognition_stream_processor.home: Rekognition Streaming Video Analysis
# ends: aws_lex_bot.first: Amazon Lex V1
