resource "google_composer_environment" "first" {
  config {
    software_config {
      image_version = "composer-1.20.12-airflow-2.4.3"
    }
  }
}
resource "google_composer_environment" "second" {
  config {
    software_config {
      image_version = "composer-2.0.31-airflow-2.3.3"
    }
  }
}
resource "google_composer_environment" "later" {
  config {
    software_config {
      image_version = "composer-2.13.1-airflow-2.10.5"
    }
  }
}
resource "google_composer_environment" "third" {
  config {
    software_config {
      image_version = "composer-3-airflow-2"
    }
  }
}
resource "google_composer_environment" "default" {
  name = "default"
}
module "old" {
  source        = "terraform-google-modules/composer/google//modules/create_environment_v2"
  image_version = "composer-2.0.20-airflow-2.2.5"
}
module "new" {
  source = "terraform-google-modules/composer/google//modules/create_environment_v2"
}

# ends: google_composer_environment.first: Cloud Composer 1 or 2.0
# ends: google_composer_environment.second: Cloud Composer 1 or 2.0
# ends: module.old: Cloud Composer 1 or 2.0
