//! Where a property chooses what ended: the template in which it does, and its neighbours, about which nothing is said.

use std::collections::BTreeSet;

use jiff::civil::date;
use sfl::placement::CATALOGUE;
use sfl::{Options, workspace::stack};

/// The name of the file, its text, and every `address: what ended`.
type Case = (&'static str, &'static str, &'static [&'static str]);

const CLOUDFORMATION: &str = "stack.yaml";
const TERRAFORM: &str = "main.tf";

const CASES: [Case; 32] = [
    (
        CLOUDFORMATION,
        "
Resources:
  Windows: {Type: AWS::KinesisAnalyticsV2::Application, Properties: {RuntimeEnvironment: FLINK-1_20, ServiceExecutionRole: r}}
  Queries: {Type: AWS::KinesisAnalyticsV2::Application, Properties: {RuntimeEnvironment: SQL-1_0, ServiceExecutionRole: r}}
",
        &["Queries: Kinesis Data Analytics for SQL"],
    ),
    (
        TERRAFORM,
        r#"
resource "aws_kinesisanalyticsv2_application" "windows" {
  runtime_environment = "FLINK-1_20"
}
resource "aws_kinesisanalyticsv2_application" "queries" {
  runtime_environment = "SQL-1_0"
}
resource "awscc_kinesisanalyticsv2_application" "other" {
  runtime_environment = "SQL-1_0"
}
"#,
        &[
            "aws_kinesisanalyticsv2_application.queries: Kinesis Data Analytics for SQL",
            "awscc_kinesisanalyticsv2_application.other: Kinesis Data Analytics for SQL",
        ],
    ),
    (
        CLOUDFORMATION,
        "
Parameters:
  Mode: {Type: String}
Resources:
  First: {Type: AWS::RDS::DBCluster, Properties: {Engine: aurora-postgresql, EngineMode: serverless}}
  Second: {Type: AWS::RDS::DBCluster, Properties: {Engine: aurora-postgresql, ServerlessV2ScalingConfiguration: {MinCapacity: 0, MaxCapacity: 4}}}
  Oldest: {Type: AWS::RDS::DBCluster, Properties: {Engine: aurora}}
  Asked: {Type: AWS::RDS::DBCluster, Properties: {Engine: aurora-mysql, EngineMode: !Ref Mode}}
",
        &["First: Aurora Serverless v1", "Oldest: Aurora MySQL version 1"],
    ),
    (
        TERRAFORM,
        r#"
resource "aws_rds_cluster" "first" {
  engine      = "aurora-mysql"
  engine_mode = "serverless"
}
resource "aws_rds_cluster" "oldest" {
  engine = "aurora"
}
resource "aws_rds_cluster" "plain" {
  engine = "aurora-mysql"
}
resource "aws_rds_cluster_instance" "apart" {
  cluster_identifier = "shared"
  engine             = "aurora"
  instance_class     = "db.r5.large"
}
resource "aws_rds_cluster_instance" "newer" {
  cluster_identifier = "shared"
  engine             = "aurora-mysql"
  instance_class     = "db.r8g.large"
}
"#,
        &[
            "aws_rds_cluster.first: Aurora Serverless v1",
            "aws_rds_cluster.oldest: Aurora MySQL version 1",
            "aws_rds_cluster_instance.apart: Aurora MySQL version 1",
        ],
    ),
    (
        TERRAFORM,
        r#"
module "first" {
  source      = "terraform-aws-modules/rds-aurora/aws"
  engine      = "aurora-mysql"
  engine_mode = "serverless"
}
module "oldest" {
  source         = "terraform-aws-modules/rds-aurora/aws"
  engine         = "aurora"
  instance_class = "db.r5.large"
}
module "plain" {
  source         = "terraform-aws-modules/rds-aurora/aws"
  engine         = "aurora-mysql"
  instance_class = "db.r8g.large"
}
module "pod" {
  source      = "cloudposse/rds-cluster/aws"
  engine      = "aurora-mysql"
  engine_mode = "serverless"
}
module "pod_default" {
  source = "cloudposse/rds-cluster/aws"
}
module "pod_plain" {
  source = "cloudposse/rds-cluster/aws"
  engine = "aurora-postgresql"
}
"#,
        &[
            "module.first: Aurora Serverless v1",
            "module.oldest: Aurora MySQL version 1",
            "module.pod: Aurora Serverless v1",
            "module.pod_default: Aurora MySQL version 1",
        ],
    ),
    (
        CLOUDFORMATION,
        "
Resources:
  Books: {Type: AWS::RDS::DBInstance, Properties: {Engine: custom-oracle-ee, DBInstanceClass: db.m5.large}}
  Stock: {Type: AWS::RDS::DBInstance, Properties: {Engine: custom-sqlserver-se, DBInstanceClass: db.m5.large}}
  Plain: {Type: AWS::RDS::DBInstance, Properties: {Engine: oracle-se2, DBInstanceClass: db.m5.large}}
  Oldest: {Type: AWS::RDS::DBInstance, Properties: {Engine: aurora, DBInstanceClass: db.r5.large, DBClusterIdentifier: shared}}
  Image: {Type: AWS::RDS::CustomDBEngineVersion, Properties: {Engine: custom-oracle-se2, EngineVersion: 19.books}}
  Other: {Type: AWS::RDS::CustomDBEngineVersion, Properties: {Engine: custom-sqlserver-ee, EngineVersion: 15.stock}}
",
        &[
            "Books: RDS Custom for Oracle",
            "Oldest: Aurora MySQL version 1",
            "Image: RDS Custom for Oracle",
        ],
    ),
    (
        TERRAFORM,
        r#"
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
"#,
        &[
            "aws_db_instance.books: RDS Custom for Oracle",
            "aws_rds_custom_db_engine_version.image: RDS Custom for Oracle",
        ],
    ),
    (
        CLOUDFORMATION,
        "
Resources:
  Small: {Type: AWS::DirectoryService::SimpleAD, Properties: {Name: corp.example.com, Size: Small, VpcSettings: {}}}
  Large: {Type: AWS::DirectoryService::MicrosoftAD, Properties: {Name: corp.example.com, Password: p, VpcSettings: {}}}
  Pool: {Type: AWS::WorkSpaces::WorkspacesPool, Properties: {BundleId: b, DirectoryId: d, PoolName: p, Capacity: {DesiredUserSessions: 1}}}
  Desk: {Type: AWS::WorkSpaces::Workspace, Properties: {BundleId: b, DirectoryId: d, UserName: u}}
",
        &["Small: Simple AD", "Pool: WorkSpaces Pools"],
    ),
    (
        TERRAFORM,
        r#"
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
"#,
        &[
            "aws_directory_service_directory.default: Simple AD",
            "aws_directory_service_directory.simple: Simple AD",
            "awscc_directoryservice_simple_ad.other: Simple AD",
        ],
    ),
    (
        CLOUDFORMATION,
        "
Resources:
  Drawing: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-1, ElasticGpuSpecifications: [{Type: eg1.medium}]}}
  Guessing: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-1, ElasticInferenceAccelerators: [{Type: eia2.medium}]}}
  Plain: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-1, InstanceType: g5.xlarge}}
  Template: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {ElasticGpuSpecifications: [{Type: eg1.medium}]}}}
  Another: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {ElasticInferenceAccelerators: [{Type: eia2.medium}]}}}
  Third: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {InstanceType: g5.xlarge}}}
",
        &[
            "Drawing: an instance with Amazon Elastic Graphics",
            "Guessing: an instance with Amazon Elastic Inference",
            "Template: a launch template with Amazon Elastic Graphics",
            "Another: a launch template with Amazon Elastic Inference",
        ],
    ),
    (
        TERRAFORM,
        r#"
resource "aws_launch_template" "drawing" {
  elastic_gpu_specifications {
    type = "eg1.medium"
  }
}
resource "aws_launch_template" "guessing" {
  elastic_inference_accelerator {
    type = "eia2.medium"
  }
}
resource "aws_launch_template" "plain" {
  instance_type = "g5.xlarge"
}
"#,
        &[
            "aws_launch_template.drawing: a launch template with Amazon Elastic Graphics",
            "aws_launch_template.guessing: a launch template with Amazon Elastic Inference",
        ],
    ),
    (
        CLOUDFORMATION,
        "
Resources:
  Ray: {Type: AWS::Glue::Job, Properties: {Role: r, Command: {Name: glueray, ScriptLocation: 's3://b/s.py'}}}
  Spark: {Type: AWS::Glue::Job, Properties: {Role: r, Command: {Name: glueetl, ScriptLocation: 's3://b/s.py'}}}
  Home: {Type: AWS::Rekognition::StreamProcessor, Properties: {RoleArn: r, KinesisVideoStream: {Arn: a}, ConnectedHomeSettings: {Labels: [PET]}}}
  Faces: {Type: AWS::Rekognition::StreamProcessor, Properties: {RoleArn: r, KinesisVideoStream: {Arn: a}, FaceSearchSettings: {CollectionId: c}}}
  Film: {Type: AWS::CloudFront::StreamingDistribution, Properties: {StreamingDistributionConfig: {Comment: c, Enabled: true}}}
  Site: {Type: AWS::CloudFront::Distribution, Properties: {DistributionConfig: {Enabled: true}}}
",
        &[
            "Ray: AWS Glue for Ray",
            "Home: Rekognition Streaming Video Analysis",
            "Film: a CloudFront distribution for RTMP",
        ],
    ),
    (
        TERRAFORM,
        r#"
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
"#,
        &[
            "aws_glue_job.ray: AWS Glue for Ray",
            "aws_rekognition_stream_processor.home: Rekognition Streaming Video Analysis",
            "aws_lex_bot.first: Amazon Lex V1",
        ],
    ),
    (
        TERRAFORM,
        r#"
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
"#,
        &["module.ray: AWS Glue for Ray"],
    ),
    (
        CLOUDFORMATION,
        "
Resources:
  Cooks: {Type: AWS::OpsWorksCM::Server, Properties: {InstanceProfileArn: p, InstanceType: m5.large, ServiceRoleArn: r}}
  Layered: {Type: AWS::OpsWorks::Instance, Properties: {InstanceType: m5.large, LayerIds: [l], StackId: s}}
",
        &[
            "Cooks: AWS OpsWorks for Chef Automate or Puppet Enterprise",
            "Layered: AWS OpsWorks Stacks",
        ],
    ),
    (
        TERRAFORM,
        r#"
resource "azurerm_cdn_profile" "microsoft" {
  sku = "Standard_Microsoft"
}
resource "azurerm_cdn_profile" "akamai" {
  sku = "Standard_Akamai"
}
resource "azurerm_cdn_profile" "edgio" {
  sku = "Premium_Verizon"
}
resource "azurerm_cdn_profile" "china" {
  sku = "Standard_ChinaCdn"
}
resource "azurerm_frontdoor" "first" {
  name = "first"
}
resource "azurerm_cdn_frontdoor_profile" "second" {
  sku_name = "Standard_AzureFrontDoor"
}
"#,
        &[
            "azurerm_cdn_profile.microsoft: Azure CDN from Microsoft (classic)",
            "azurerm_cdn_profile.akamai: Azure CDN from Akamai",
            "azurerm_cdn_profile.edgio: Azure CDN from Edgio",
            "azurerm_frontdoor.first: Azure Front Door (classic)",
        ],
    ),
    (
        TERRAFORM,
        r#"
module "cdn" {
  source = "Azure/avm-res-cdn-profile/azurerm"
  sku    = "Standard_Microsoft"
}
module "door" {
  source = "Azure/avm-res-cdn-profile/azurerm"
}
"#,
        &["module.cdn: Azure CDN from Microsoft (classic)"],
    ),
    (
        TERRAFORM,
        r#"
resource "azurerm_service_plan" "linux" {
  os_type  = "Linux"
  sku_name = "Y1"
}
resource "azurerm_service_plan" "windows" {
  os_type  = "Windows"
  sku_name = "Y1"
}
resource "azurerm_service_plan" "elastic" {
  os_type  = "Linux"
  sku_name = "EP1"
}
resource "azurerm_linux_function_app" "mail" {
  service_plan_id = azurerm_service_plan.linux.id
}
resource "azurerm_windows_function_app" "print" {
  service_plan_id = azurerm_service_plan.windows.id
}
resource "azurerm_linux_function_app" "warm" {
  service_plan_id = azurerm_service_plan.elastic.id
}
resource "azurerm_linux_function_app" "elsewhere" {
  service_plan_id = "/plans/shared"
}
"#,
        &["azurerm_linux_function_app.mail: Azure Functions on the Consumption plan for Linux"],
    ),
    (
        TERRAFORM,
        r#"
resource "azurerm_app_service_plan" "first" {
  kind = "FunctionApp"
  sku {
    tier = "Dynamic"
    size = "Y1"
  }
}
resource "azurerm_function_app" "linux" {
  app_service_plan_id = azurerm_app_service_plan.first.id
  os_type             = "linux"
}
resource "azurerm_function_app" "windows" {
  app_service_plan_id = azurerm_app_service_plan.first.id
}
"#,
        &["azurerm_function_app.linux: Azure Functions on the Consumption plan for Linux"],
    ),
    (
        TERRAFORM,
        r#"
resource "azurerm_logic_app_workflow" "inside" {
  integration_service_environment_id = "/environments/shared"
}
resource "azurerm_logic_app_workflow" "plain" {
  name = "plain"
}
"#,
        &["azurerm_logic_app_workflow.inside: a workflow in an integration service environment"],
    ),
    (
        TERRAFORM,
        r#"
resource "azurerm_spring_cloud_service" "newest" {
  name     = "newest"
  sku_tier = "StandardGen2"
}
resource "azurerm_spring_cloud_service" "basic" {
  name     = "basic"
  sku_name = "B0"
}
resource "azurerm_spring_cloud_app" "light" {
  service_name = azurerm_spring_cloud_service.newest.name
}
resource "azurerm_spring_cloud_app" "heavy" {
  service_name = azurerm_spring_cloud_service.basic.name
}
"#,
        &[
            "azurerm_spring_cloud_app.light: the Standard consumption and dedicated plan of Azure Spring Apps",
            "azurerm_spring_cloud_app.heavy: Azure Spring Apps",
        ],
    ),
    (
        TERRAFORM,
        r#"
resource "azurerm_application_gateway" "first" {
  sku {
    name     = "WAF_Medium"
    tier     = "WAF"
    capacity = 2
  }
}
resource "azurerm_application_gateway" "by_tier" {
  sku {
    name     = var.name
    tier     = "Standard"
    capacity = 2
  }
}
resource "azurerm_application_gateway" "second" {
  sku {
    name     = "WAF_v2"
    tier     = "WAF_v2"
    capacity = 2
  }
}
variable "name" {}
"#,
        &[
            "azurerm_application_gateway.first: Application Gateway V1",
            "azurerm_application_gateway.by_tier: Application Gateway V1",
        ],
    ),
    (
        TERRAFORM,
        r#"
resource "azurerm_lb" "basic" {
  sku = "Basic"
}
resource "azurerm_lb" "default" {
  name = "default"
}
resource "azurerm_lb" "gateway" {
  sku = "Gateway"
}
module "default" {
  source = "Azure/loadbalancer/azurerm"
}
module "standard" {
  source = "Azure/loadbalancer/azurerm"
  lb_sku = "Standard"
}
module "verified" {
  source = "Azure/avm-res-network-loadbalancer/azurerm"
}
"#,
        &["azurerm_lb.basic: Basic Load Balancer", "module.default: Basic Load Balancer"],
    ),
    (
        TERRAFORM,
        r#"
resource "azurerm_databricks_workspace" "standard" {
  sku = "standard"
}
resource "azurerm_databricks_workspace" "premium" {
  sku = "premium"
}
module "standard" {
  source = "Azure/avm-res-databricks-workspace/azurerm"
  sku    = "standard"
}
"#,
        &[
            "azurerm_databricks_workspace.standard: the Standard tier of Azure Databricks",
            "module.standard: the Standard tier of Azure Databricks",
        ],
    ),
    (
        TERRAFORM,
        r#"
resource "azurerm_storage_account" "first" {
  account_kind = "Storage"
}
resource "azurerm_storage_account" "blobs" {
  account_kind = "BlobStorage"
}
resource "azurerm_storage_account" "second" {
  account_kind = "StorageV2"
}
resource "azurerm_storage_account" "default" {
  account_tier = "Standard"
}
"#,
        &[
            "azurerm_storage_account.first: a general-purpose v1 storage account",
            "azurerm_storage_account.blobs: a legacy blob storage account",
        ],
    ),
    (
        TERRAFORM,
        r#"
resource "azurerm_cognitive_account" "odd" {
  kind = "AnomalyDetector"
}
resource "azurerm_cognitive_account" "figures" {
  kind = "MetricsAdvisor"
}
resource "azurerm_cognitive_account" "taste" {
  kind = "Personalizer"
}
resource "azurerm_cognitive_account" "intent" {
  kind = "LUIS.Authoring"
}
resource "azurerm_cognitive_account" "answers" {
  kind = "QnAMaker"
}
resource "azurerm_cognitive_account" "pictures" {
  kind = "CustomVision.Training"
}
resource "azurerm_cognitive_account" "speech" {
  kind = "SpeechServices"
}
"#,
        &[
            "azurerm_cognitive_account.odd: Azure AI Anomaly Detector",
            "azurerm_cognitive_account.figures: Azure AI Metrics Advisor",
            "azurerm_cognitive_account.taste: Azure AI Personalizer",
            "azurerm_cognitive_account.intent: Language Understanding (LUIS)",
            "azurerm_cognitive_account.answers: QnA Maker",
            "azurerm_cognitive_account.pictures: Azure AI Custom Vision",
        ],
    ),
    (
        TERRAFORM,
        r#"
resource "azurerm_redis_cache" "first" {
  sku_name = "Standard"
}
resource "azurerm_redis_enterprise_cluster" "large" {
  sku_name = "Enterprise_E10-2"
}
resource "azurerm_managed_redis" "second" {
  sku_name = "Balanced_B3"
}
"#,
        &[
            "azurerm_redis_cache.first: Azure Cache for Redis",
            "azurerm_redis_enterprise_cluster.large: the Enterprise tier of Azure Cache for Redis",
        ],
    ),
    (
        TERRAFORM,
        r#"
resource "azurerm_mysql_server" "single" {
  name = "single"
}
resource "azurerm_mariadb_server" "maria" {
  name = "maria"
}
resource "azurerm_mysql_flexible_server" "flexible" {
  name = "flexible"
}
resource "azurerm_postgresql_server" "single" {
  name = "single"
}
resource "azurerm_postgresql_flexible_server" "flexible" {
  name = "flexible"
}
module "single" {
  source = "Azure/postgresql/azurerm"
}
"#,
        &[
            "azurerm_mysql_server.single: a single server of Azure Database for MySQL",
            "azurerm_mariadb_server.maria: Azure Database for MariaDB",
            "azurerm_postgresql_server.single: a single server of Azure Database for PostgreSQL",
            "module.single: a single server of Azure Database for PostgreSQL",
        ],
    ),
    (
        TERRAFORM,
        r#"
resource "google_vertex_ai_feature_online_store" "fast" {
  optimized {}
}
resource "google_vertex_ai_feature_online_store" "table" {
  bigtable {
    auto_scaling {
      min_node_count = 1
    }
  }
}
resource "google_vertex_ai_featurestore" "first" {
  name = "first"
}
"#,
        &[
            "google_vertex_ai_feature_online_store.fast: a feature store with optimized online serving",
            "google_vertex_ai_featurestore.first: Vertex AI Feature Store (Legacy)",
        ],
    ),
    (
        TERRAFORM,
        r#"
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
"#,
        &[
            "google_composer_environment.first: Cloud Composer 1 or 2.0",
            "google_composer_environment.second: Cloud Composer 1 or 2.0",
            "module.old: Cloud Composer 1 or 2.0",
        ],
    ),
    (
        TERRAFORM,
        r#"
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
"#,
        &[
            "google_container_aws_cluster.there: GKE on AWS",
            "google_container_azure_cluster.there: GKE on Azure",
            "google_container_aws_node_pool.apart: GKE on AWS",
            "google_container_azure_node_pool.apart: GKE on Azure",
            "google_notebooks_instance.old: a user-managed notebook of Vertex AI Workbench",
            "google_parallelstore_instance.wide: Parallelstore",
        ],
    ),
    (
        TERRAFORM,
        r#"
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
"#,
        &[
            "aws_sagemaker_labeling_job.people: Amazon SageMaker Ground Truth",
            "azurerm_hdinsight_storm_cluster.events: HDInsight for Storm",
            "azurerm_hdinsight_rserver_cluster.figures: HDInsight for ML Services or R Server",
        ],
    ),
];

/// What is said to have ended, to end or to be closed, and by which rule's entry.
fn told(name: &str, text: &str) -> (Vec<String>, BTreeSet<(String, String)>) {
    let options = Options {
        today: Some(date(2026, 11, 30)),
        ..Options::default()
    };
    let judged = stack::judge_text(name, text, &options);
    assert!(judged.problems.is_empty(), "{:?}\n{text}", judged.problems);
    let mut lines = Vec::new();
    let mut entries = BTreeSet::new();
    for decision in &judged.decisions {
        for (entry, _) in decision.lifecycle() {
            lines.push(format!("{}: {}", decision.address, entry.name));
            entries.insert((decision.rule.name.to_string(), entry.name.to_string()));
        }
    }
    (lines, entries)
}

#[test]
fn the_property_decides_and_its_neighbours_hear_nothing() {
    for (name, text, expected) in CASES {
        let mut lines = told(name, text).0;
        lines.sort_unstable();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(lines, expected, "{text}");
    }
}

#[test]
fn every_entry_that_is_not_about_all_of_its_rule_is_tried() {
    let cases = CASES.iter();
    let tried: BTreeSet<_> = cases
        .flat_map(|(name, text, _)| told(name, text).1)
        .collect();
    let mut untried = Vec::new();
    for rule in CATALOGUE.rules() {
        for entry in &rule.lifecycle {
            let is_narrow = !entry.when.always() || !entry.types.is_empty();
            let key = (rule.name.to_string(), entry.name.to_string());
            if is_narrow && !tried.contains(&key) {
                untried.push(key);
            }
        }
    }
    assert!(untried.is_empty(), "{untried:?}");
}
