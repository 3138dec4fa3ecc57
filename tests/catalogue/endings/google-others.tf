resource "google_container_aws_cluster" "there" {
  name = "there"
}
resource "google_container_azure_cluster" "there" {
  name = "there"
}
resource "google_container_aws_node_pool" "apart" {
  cluster = "shared"
}
resource "google_container_azure_node_pool" "apart" {
  cluster = "shared"
}
resource "google_container_cluster" "here" {
  name = "here"
}
resource "google_notebooks_instance" "old" {
  machine_type = "e2-medium"
}
resource "google_workbench_instance" "new" {
  location = "europe-west1-b"
}
resource "google_parallelstore_instance" "wide" {
  capacity_gib = 12000
}
resource "google_lustre_instance" "wide" {
  capacity_gib = 18000
}

# ends: google_container_aws_cluster.there: GKE on AWS
# ends: google_container_azure_cluster.there: GKE on Azure
# ends: google_container_aws_node_pool.apart: GKE on AWS
# ends: google_container_azure_node_pool.apart: GKE on Azure
# ends: google_notebooks_instance.old: a user-managed notebook of Vertex AI Workbench
# ends: google_parallelstore_instance.wide: Parallelstore
