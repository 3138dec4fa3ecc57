resource "aws_sagemaker_labeling_job" "people" {
  labeling_job_name = "people"
}
resource "aws_sagemaker_training_job" "machine" {
  training_job_name = "machine"
}
resource "azurerm_hdinsight_storm_cluster" "events" {
  name = "events"
}
resource "azurerm_hdinsight_kafka_cluster" "log" {
  name = "log"
}
resource "azurerm_hdinsight_rserver_cluster" "figures" {
  name = "figures"
}
resource "azurerm_hdinsight_spark_cluster" "jobs" {
  name = "jobs"
}

# ends: aws_sagemaker_labeling_job.people: Amazon SageMaker Ground Truth
# ends: azurerm_hdinsight_storm_cluster.events: HDInsight for Storm
# ends: azurerm_hdinsight_rserver_cluster.figures: HDInsight for ML Services or R Server
