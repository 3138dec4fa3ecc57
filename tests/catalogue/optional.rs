//! What is there only if somebody says so: optional variables, `dynamic` blocks, and parameters behind conditions.

use crate::judged::{check, judge_as, lines};

/// Every decision of a Terraform configuration in JSON, in the order of writing.
#[track_caller]
fn check_terraform(variables: &str, resources: &str, expected: &[&str]) {
    let text = format!(r#"{{"variable": {{{variables}}}, "resource": {{{resources}}}}}"#);
    let judged = judge_as("main.tf.json", &text);
    assert!(judged.problems.is_empty(), "{:?}\n{text}", judged.problems);
    assert_eq!(lines(&judged), expected, "{text}");
}

#[test]
fn a_dynamic_block_inside_a_block_follows_its_condition() {
    check_terraform(
        r#""warm": {"type": "bool", "default": false}, "least": {"type": "number", "default": null},
           "count": {"type": "number", "default": 0}"#,
        r#""google_cloud_run_v2_service": {
            "asked": {"template": {"dynamic": {"scaling": {"for_each": "${var.warm ? [1] : []}", "content": {"min_instance_count": 1}}}}},
            "spared": {"template": {"dynamic": {"scaling": {"for_each": "${var.warm ? [] : [1]}", "content": {"min_instance_count": 1}}}}},
            "given": {"template": {"dynamic": {"scaling": {"for_each": "${var.least != null ? [1] : []}", "content": {"min_instance_count": "${var.least}"}}}}},
            "counted": {"template": {"dynamic": {"scaling": {"for_each": "${var.count > 0 ? [var.count] : []}", "content": {"min_instance_count": "${scaling.value}"}}}}}
        }"#,
        &[
            "google_cloud_run_v2_service.asked compute 1 (2 when `warm=true`)",
            "google_cloud_run_v2_service.spared compute 2 (1 when `warm=true`)",
            "google_cloud_run_v2_service.given compute 1 (2 when `least` above 0)",
            "google_cloud_run_v2_service.counted compute 1 (2 when `count=1`)",
        ],
    );
}

#[test]
fn a_collection_that_is_empty_by_default_may_be_filled() {
    check_terraform(
        r#""ready": {"type": "map(any)", "default": {}}, "open": {"type": "list(any)"}"#,
        r#""aws_emrserverless_application": {"spark": {"type": "spark", "dynamic": {"initial_capacity": {"for_each": "${var.ready}",
            "content": {"initial_capacity_type": "${initial_capacity.key}", "initial_capacity_config": {"worker_count": 2}}}}}},
        "google_cloud_run_v2_service": {"some": {"template": {"dynamic": {"scaling": {"for_each": "${var.open}", "content": {"min_instance_count": 1}}}}}}"#,
        &[
            "aws_emrserverless_application.spark analytics 1 (2 when `ready` is not empty)",
            "google_cloud_run_v2_service.some compute 1 uncertain (2 when `open` is not empty)",
        ],
    );
}

#[test]
fn a_variable_that_is_null_by_default_may_be_set() {
    let text = r#"{"variable": {"least": {"default": null}, "mode": {"default": null}}, "locals": {"least": "${var.least}"}, "resource": {
        "google_cloud_run_v2_service": {
            "or_none": {"template": {"scaling": {"min_instance_count": "${coalesce(var.least, 0)}"}}},
            "own": {"template": {"scaling": {"min_instance_count": "${var.least}"}}},
            "named": {"template": {"scaling": {"min_instance_count": "${local.least}"}}}
        },
        "aws_efs_file_system": {"files": {"throughput_mode": "${var.mode}"}}}}"#;
    assert_eq!(
        lines(&judge_as("main.tf.json", text)),
        [
            "google_cloud_run_v2_service.or_none compute 1 (2 when `least` above 0)",
            "google_cloud_run_v2_service.own compute 1 (2 when `least` above 0)",
            "google_cloud_run_v2_service.named compute 1 (2 when `least` above 0)",
            "aws_efs_file_system.files storage 1 (2 when `mode=provisioned`)",
        ]
    );
}

#[test]
fn a_parameter_that_a_condition_hides_is_asked_further() {
    check(
        "
Parameters:
  Ready: {Type: Number, Default: 0}
  Image: {Type: String, Default: ''}
  Mode: {Type: String, Default: ''}
Conditions:
  HasReady: !Not [!Equals [!Ref Ready, 0]]
  HasImage: !Not [!Equals [!Ref Image, '']]
  HasMode: !Not [!Equals [!Ref Mode, '']]
Resources:
  Model:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      ProductionVariants:
        - ServerlessConfig: {MaxConcurrency: 5, MemorySizeInMB: 2048, ProvisionedConcurrency: !If [HasReady, !Ref Ready, !Ref AWS::NoValue]}
  Spark:
    Type: AWS::EMRServerless::Application
    Properties:
      InitialCapacity: !If [HasReady, [{Key: Driver, Value: {WorkerCount: !Ref Ready}}], !Ref AWS::NoValue]
  Jobs:
    Type: AWS::Batch::ComputeEnvironment
    Properties:
      Type: MANAGED
      ComputeResources: {Type: EC2, ImageId: !If [HasImage, !Ref Image, !Ref AWS::NoValue]}
  Files:
    Type: AWS::EFS::FileSystem
    Properties: {ThroughputMode: !If [HasMode, !Ref Mode, !Ref AWS::NoValue]}
",
        &[
            "Model ml 1 (2 when `Ready` above 0)",
            "Spark analytics 1 (2 when `Ready` above 0)",
            "Jobs compute 3 (4 when `Image` is set)",
            "Files storage 1 (2 when `Mode=provisioned`)",
        ],
    );
}

#[test]
fn a_block_that_is_itself_the_question_is_there_only_where_it_is_written() {
    check_terraform(
        r#""asked": {"type": "bool"}, "spare": {"type": "bool", "default": false}, "usual": {"type": "bool", "default": true}"#,
        r#""aws_neptune_cluster": {
            "asked": {"dynamic": {"serverless_v2_scaling_configuration": {"for_each": "${var.asked ? [1] : []}", "content": {"min_capacity": 2}}}},
            "spare": {"dynamic": {"serverless_v2_scaling_configuration": {"for_each": "${var.spare ? [1] : []}", "content": {"min_capacity": 2}}}},
            "usual": {"dynamic": {"serverless_v2_scaling_configuration": {"for_each": "${var.usual ? [1] : []}", "content": {"min_capacity": 2}}}},
            "never": {"dynamic": {"serverless_v2_scaling_configuration": {"for_each": [], "content": {"min_capacity": 2}}}},
            "plain": {"serverless_v2_scaling_configuration": [{"min_capacity": 2}]}
        }"#,
        &[
            "aws_neptune_cluster.asked nosql 2 uncertain (3 when `asked=false`)",
            "aws_neptune_cluster.spare nosql 3 (2 when `spare=true`)",
            "aws_neptune_cluster.usual nosql 2 (3 when `usual=false`)",
            "aws_neptune_cluster.never nosql 3",
            "aws_neptune_cluster.plain nosql 2",
        ],
    );
}
