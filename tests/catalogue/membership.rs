//! Use has a direction and a place: who belongs to whom by the property that is made for it, and what only names the other.

use crate::judged::{check, judge, judge_as, lines};

#[test]
fn a_hook_of_a_deployment_is_no_member() {
    check(
        "
Resources:
  Charge:
    Type: AWS::Lambda::Function
    Properties: {Handler: charge.handler, Runtime: nodejs22.x, Code: {ZipFile: x}}
  Smoke:
    Type: AWS::Lambda::Function
    Properties: {Handler: smoke.handler, Runtime: nodejs22.x, Code: {ZipFile: x}}
  ChargeNow:
    Type: AWS::Lambda::Version
    Properties: {FunctionName: !Ref Charge, Description: !Sub 'tried by ${Smoke}'}
  ChargeLive:
    Type: AWS::Lambda::Alias
    UpdatePolicy:
      CodeDeployLambdaAliasUpdate: {ApplicationName: shop, DeploymentGroupName: charge, AfterAllowTrafficHook: !Ref Smoke}
    Properties:
      FunctionName: !Ref Charge
      FunctionVersion: !GetAtt ChargeNow.Version
      Name: live
      ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 3}
",
        &[
            "Charge compute 2 [ChargeNow ChargeLive]",
            "Smoke compute 1",
        ],
    );
}

#[test]
fn an_environment_variable_makes_no_member_of_a_service() {
    check(
        "
Resources:
  Shared: {Type: AWS::ECS::Cluster}
  Front:
    Type: AWS::ECS::Service
    Properties: {Cluster: !Ref Shared, LaunchType: FARGATE, TaskDefinition: !Ref FrontTask}
  FrontTask:
    Type: AWS::ECS::TaskDefinition
    Properties: {RequiresCompatibilities: [FARGATE]}
  Nightly:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [EC2]
      ContainerDefinitions:
        - {Name: nightly, Image: nightly, Environment: [{Name: RESTARTS, Value: !GetAtt Front.Name}]}
",
        &["Front compute 2 [Shared FrontTask]", "Nightly compute 3"],
    );
}

#[test]
fn an_address_in_user_data_and_a_zone_make_no_member() {
    check(
        "
Resources:
  Ledger:
    Type: AWS::EC2::Instance
    Properties: {ImageId: ami-1, InstanceType: r7g.large, LaunchTemplate: {LaunchTemplateId: !Ref LedgerTemplate, Version: '1'}}
  LedgerTemplate:
    Type: AWS::EC2::LaunchTemplate
    Properties: {LaunchTemplateData: {KeyName: ops}}
  Reader:
    Type: AWS::EC2::LaunchTemplate
    Properties: {LaunchTemplateData: {ImageId: ami-2, UserData: {'Fn::Base64': !Sub 'LEDGER=${Ledger.PrivateIp}'}}}
  Beside:
    Type: AWS::EC2::Volume
    Properties: {AvailabilityZone: !GetAtt Ledger.AvailabilityZone, Size: 20}
  Inside:
    Type: AWS::EC2::Volume
    Properties: {AvailabilityZone: !GetAtt Ledger.AvailabilityZone, Size: 30}
  InsideHere:
    Type: AWS::EC2::VolumeAttachment
    Properties: {InstanceId: !Ref Ledger, VolumeId: !Ref Inside, Device: /dev/sdh}
",
        &[
            "Ledger compute 4 [LedgerTemplate Inside InsideHere]",
            "Reader compute 4",
            "Beside storage 2",
        ],
    );
}

#[test]
fn a_security_group_and_a_tag_join_no_cluster() {
    check(
        "
Resources:
  Control: {Type: AWS::EKS::Cluster, Properties: {Name: control}}
  Jump:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-1
      NetworkInterfaces: [{DeviceIndex: '0', GroupSet: [!GetAtt Control.ClusterSecurityGroupId]}]
      Tags: [{Key: operates, Value: !Ref Control}]
  Nodes:
    Type: AWS::EKS::Nodegroup
    Properties: {ClusterName: !Ref Control, NodeRole: n, Subnets: [s]}
",
        &["Control compute 3 [Nodes]", "Jump compute 4"],
    );
}

#[test]
fn a_stage_variable_makes_no_stage_of_another_api() {
    check(
        "
Resources:
  Orders: {Type: AWS::ApiGateway::RestApi, Properties: {Name: orders}}
  Login: {Type: AWS::ApiGateway::RestApi, Properties: {Name: login}}
  OrdersNow: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref Orders}}
  OrdersLive:
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !Ref Orders
      DeploymentId: !Ref OrdersNow
      StageName: live
      CacheClusterEnabled: true
      CacheClusterSize: '1.6'
      Variables: {login: !Ref Login}
",
        &["Orders ingress 2 [OrdersNow OrdersLive]", "Login ingress 1"],
    );
}

/// An instance whose start says this; `YES` where it joins the cluster.
#[track_caller]
fn instance(user_data: &str, joins: bool) {
    let text = format!(
        "
Resources:
  Fleet: {{Type: AWS::ECS::Cluster}}
  Other: {{Type: AWS::ECS::Cluster}}
  Grid: {{Type: AWS::EKS::Cluster, Properties: {{Name: grid}}}}
  Node:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-1
      UserData:
{user_data}
"
    );
    let fleet = text.contains("${Fleet}") || text.contains("!Ref Fleet");
    match (joins, fleet) {
        (true, true) => check(&text, &["Fleet compute 3 [Node]", "Grid compute 3"]),
        (true, false) => check(&text, &["Grid compute 3 [Node]"]),
        (false, _) => check(&text, &["Grid compute 3", "Node compute 4"]),
    }
}

#[test]
fn instances_join_by_a_name_beside_a_sign() {
    for script in [
        // The agent's configuration, however the text is put together.
        "        Fn::Base64: !Sub 'echo ECS_CLUSTER=${Fleet} >> /etc/ecs/ecs.config'",
        "        Fn::Base64: !Join ['', ['echo ECS_CLUSTER=', !Ref Fleet, ' >> /etc/ecs/ecs.config']]",
        "        Fn::Base64: !Sub
          - 'cat > /etc/ecs/ecs.config <<< ECS_CLUSTER=${Where}'
          - {Where: !Ref Fleet}",
        // PowerShell.
        "        Fn::Base64: !Sub |
          <powershell>
          Import-Module ECSTools
          Initialize-ECSAgent -Cluster ${Fleet} -EnableTaskIAMRole
          </powershell>",
        // Bottlerocket.
        "        Fn::Base64: !Sub |
          [settings.ecs]
          cluster = \"${Fleet}\"",
        // EKS: bootstrap.sh, nodeadm in parts, Bottlerocket.
        "        Fn::Base64: !Sub '/etc/eks/bootstrap.sh ${Grid}'",
        "        Fn::Base64: !Sub |
          MIME-Version: 1.0
          Content-Type: multipart/mixed; boundary=\"//\"

          --//
          Content-Type: application/node.eks.aws

          apiVersion: node.eks.aws/v1alpha1
          kind: NodeConfig
          spec:
            cluster:
              name: ${Grid}
              apiServerEndpoint: ${Grid.Endpoint}
          --//--",
        "        Fn::Base64: !Sub |
          [settings.kubernetes]
          cluster-name = \"${Grid}\"",
        // A name that is kept in a variable first.
        "        Fn::Base64: !Sub |
          NAME=${Fleet}
          echo ECS_CLUSTER=$NAME > /etc/ecs/ecs.config",
        // Another cluster is named beside, for something else.
        "        Fn::Base64: !Sub |
          aws ecs list-tasks --cluster ${Other}
          echo ECS_CLUSTER=${Fleet} >> /etc/ecs/ecs.config
          aws ecs list-services --cluster ${Other}",
        // A part that is not read may say so.
        "        Fn::Base64: !Join ['', [!Ref Fleet, {'Fn::Transform': {Name: 'AWS::Include', Parameters: {Location: s3://b/k}}}]]",
    ] {
        instance(script, true);
    }
}

#[track_caller]
fn check_terraform(text: &str, expected: &[&str]) {
    assert_eq!(lines(&judge_as("main.tf.json", text)), expected, "{text}");
}

/// A cluster of this name, and a group whose instances start with this script.
fn named_alike(name: &str, script: &str, beside: &str) -> String {
    let quoted = serde_json::Value::from(script).to_string();
    format!(
        r#"{{"variable": {{"shop": {{}}, "stage": {{"default": "dev"}}}}, "locals": {{"fleet": "${{var.shop}}-fleet"}}, {beside}
        "resource": {{"random_pet": {{"some": {{}}}}, "aws_ecs_cluster": {{"fleet": {{"name": "{name}"}}}},
        "aws_launch_template": {{"node": {{"image_id": "ami-1", "user_data": {quoted}}}}},
        "aws_autoscaling_group": {{"node": {{"min_size": 1, "max_size": 3, "launch_template": {{"id": "${{aws_launch_template.node.id}}"}}}}}}}}}}"#
    )
}

#[test]
fn instances_join_by_a_name_that_is_spelled_alike() {
    let joins = |name: &str, script: &str, beside: &str| {
        let text = named_alike(name, script, beside);
        let all = [
            "aws_ecs_cluster.fleet compute 3 [aws_launch_template.node aws_autoscaling_group.node]",
        ];
        check_terraform(&text, &all);
    };
    joins("shop", "echo ECS_CLUSTER=shop >> /etc/ecs/ecs.config", "");
    joins(
        "Shop",
        "${base64encode(\"echo ECS_CLUSTER=Shop >> /etc/ecs/ecs.config\")}",
        "",
    );
    joins(
        "${var.shop}",
        "echo ECS_CLUSTER=${var.shop} >> /etc/ecs/ecs.config",
        "",
    );
    joins(
        "${local.fleet}",
        "cat > /etc/ecs/ecs.config <<EOF\nECS_CLUSTER=${var.shop}-fleet\nEOF",
        "",
    );
    joins(
        "${random_pet.some.id}",
        "[settings.ecs]\ncluster = \"${random_pet.some.id}\"",
        "",
    );
    // A file is not seen, but told the name of the cluster.
    joins(
        "${local.fleet}",
        "${templatefile(\"join.sh\", {cluster_name = local.fleet})}",
        "",
    );
    let rendered = r#""data": {"template_file": {"join": {"template": "echo ECS_CLUSTER=$${name} >> /etc/ecs/ecs.config", "vars": {"name": "${var.shop}"}}},
        "cloudinit_config": {"join": {"part": [{"content": "echo hello"}, {"content": "${data.template_file.join.rendered}"}]}}},"#;
    joins(
        "${var.shop}",
        "${data.cloudinit_config.join.rendered}",
        rendered,
    );
}

#[test]
fn another_name_or_another_place_joins_nothing() {
    for (name, script) in [
        ("shop", "echo ECS_CLUSTER=shop-2 >> /etc/ecs/ecs.config"),
        (
            "shop",
            "echo ECS_CLUSTER=${var.shop}shop >> /etc/ecs/ecs.config",
        ),
        (
            "${var.shop}",
            "echo ECS_CLUSTER=${var.stage} >> /etc/ecs/ecs.config",
        ),
        (
            "${var.shop}",
            "echo ECS_CLUSTER=${var.shop}-${data.a.b.c} >> /etc/ecs/ecs.config",
        ),
        (
            "${var.shop}",
            "hostname ${var.shop}\necho ECS_CLUSTER=other >> /etc/ecs/ecs.config",
        ),
        (
            "${var.shop}",
            "hostname ${var.shop}\nservice cluster-agent start ${var.shop}",
        ),
        ("shop", "docker run shop"),
        (
            "${var.shop}",
            "${templatefile(\"web.sh\", {title = var.shop})}",
        ),
        (
            "${data.a.b.c}",
            "echo ECS_CLUSTER=shop >> /etc/ecs/ecs.config",
        ),
    ] {
        let text = named_alike(name, script, "");
        let alone = ["aws_autoscaling_group.node compute 4 [aws_launch_template.node]"];
        check_terraform(&text, &alone);
    }
    // Of two that bear the name, nobody knows which is meant.
    let text = named_alike("shop", "echo ECS_CLUSTER=shop >> /etc/ecs/ecs.config", "");
    let twins = text.replace(
        r#""aws_ecs_cluster": {"#,
        r#""aws_ecs_cluster": {"twin": {"name": "shop"}, "#,
    );
    let alone = ["aws_autoscaling_group.node compute 4 [aws_launch_template.node]"];
    check_terraform(&twins, &alone);
}

#[test]
fn a_name_without_a_sign_joins_nothing() {
    for script in [
        "        Fn::Base64: !Sub 'aws eks update-kubeconfig --name ${Grid}'",
        "        Fn::Base64: !Sub 'aws ecs update-service --cluster ${Fleet} --service web --force-new-deployment'",
        "        Fn::Base64: !Sub 'echo ${Fleet} > /srv/cluster'",
        "        Fn::Base64: !Join [' ', [kubectl, --cluster, !Ref Grid, get, pods]]",
    ] {
        instance(script, false);
    }
}

/// A group of instances that run a script, and a cluster.
fn group(metadata: &str, script: &str) -> String {
    format!(
        "
Resources:
  Fleet: {{Type: AWS::ECS::Cluster}}
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties: {{MinSize: '1', MaxSize: '2', LaunchConfigurationName: !Ref Machine}}
  Machine:
    Type: AWS::AutoScaling::LaunchConfiguration{metadata}
    Properties:
      ImageId: ami-1
      InstanceType: m7g.large
      UserData: {{'Fn::Base64': !Sub '{script}'}}
"
    )
}

#[test]
fn a_group_that_only_names_a_cluster_is_uncertain() {
    let group = |script: &str| group("", script);
    check(
        &group("aws ecs describe-clusters --clusters ${Fleet}"),
        &["Group compute 4 uncertain [Machine] (3 when something outside the template decides it)"],
    );
    check(
        &group("echo ECS_CLUSTER=${Fleet} >> /etc/ecs/ecs.config"),
        &["Fleet compute 3 [Group Machine]"],
    );
    check(&group("yum update"), &["Group compute 4 [Machine]"]);
}

#[test]
fn metadata_of_cfn_init_joins() {
    let group = |file: &str, content: &str| {
        let metadata = format!(
            "
    Metadata:
      AWS::CloudFormation::Init:
        config:
          files:
            {file}: {{content: !Sub '{content}'}}"
        );
        let script = "/opt/aws/bin/cfn-init --stack ${AWS::StackName} --resource Machine";
        group(&metadata, script)
    };
    check(
        &group("/etc/ecs/ecs.config", "ECS_CLUSTER=${Fleet}"),
        &["Fleet compute 3 [Group Machine]"],
    );
    check(
        &group("/srv/about.txt", "beside ${Fleet}"),
        &["Group compute 4 uncertain [Machine] (3 when something outside the template decides it)"],
    );
}

#[test]
fn a_name_that_is_known_joins_like_a_reference() {
    check(
        "
Parameters:
  Family: {Type: String, Default: front}
  Stage: {Type: String}
Resources:
  Shop: {Type: AWS::ECS::Cluster, Properties: {ClusterName: shop}}
  Front:
    Type: AWS::ECS::Service
    Properties: {Cluster: shop, LaunchType: FARGATE, TaskDefinition: !Ref Family}
  FrontTask:
    Type: AWS::ECS::TaskDefinition
    Properties: {Family: front, RequiresCompatibilities: [FARGATE]}
  Back:
    Type: AWS::ECS::Service
    Properties: {Cluster: elsewhere, TaskDefinition: !Sub '${AWS::StackName}-${Stage}:3'}
  BackTask:
    Type: AWS::ECS::TaskDefinition
    Properties: {Family: !Join ['-', [!Ref 'AWS::StackName', !Ref Stage]], RequiresCompatibilities: [FARGATE]}
",
        &["Front compute 2 [Shop FrontTask]", "Back compute 2 [BackTask]"],
    );
}

#[test]
fn a_name_that_two_bear_or_that_is_another_joins_nothing() {
    check(
        "
Parameters:
  Stage: {Type: String}
Resources:
  Front:
    Type: AWS::ECS::Service
    Properties: {Cluster: elsewhere, LaunchType: FARGATE, TaskDefinition: front}
  One:
    Type: AWS::ECS::TaskDefinition
    Properties: {Family: front, RequiresCompatibilities: [FARGATE]}
  Two:
    Type: AWS::ECS::TaskDefinition
    Properties: {Family: front, RequiresCompatibilities: [EC2]}
  Back:
    Type: AWS::ECS::Service
    Properties: {Cluster: elsewhere, LaunchType: FARGATE, TaskDefinition: !Ref Stage}
  Three:
    Type: AWS::ECS::TaskDefinition
    Properties: {Family: back, RequiresCompatibilities: [EC2]}
",
        &[
            "Front compute 2",
            "One compute 2",
            "Two compute 3",
            "Back compute 2",
            "Three compute 3",
        ],
    );
}

#[test]
fn a_capacity_provider_is_used_by_its_name() {
    let stack = |resources: &str| {
        format!(
            "
Resources:
  Crew: {{Type: AWS::AutoScaling::AutoScalingGroup, Properties: {{MinSize: '0', MaxSize: '3', LaunchConfigurationName: crew}}}}
  Berths: {{Type: AWS::ECS::CapacityProvider, Properties: {{Name: berths, AutoScalingGroupProvider: {{AutoScalingGroupArn: !Ref Crew}}}}}}
{resources}"
        )
    };
    let joined = [
        "
  Harbour: {Type: AWS::ECS::Cluster, Properties: {CapacityProviders: [FARGATE, berths]}}
",
        "
  Harbour: {Type: AWS::ECS::Cluster, Properties: {ClusterName: harbour}}
  Both: {Type: AWS::ECS::ClusterCapacityProviderAssociations, Properties: {Cluster: harbour, CapacityProviders: [berths], DefaultCapacityProviderStrategy: []}}
",
    ];
    for resources in joined {
        let judged = judge(&stack(resources));
        let all = lines(&judged);
        assert_eq!(all.len(), 1, "{all:?}");
        assert!(all[0].starts_with("Harbour compute 3 ["), "{all:?}");
        assert!(all[0].contains("Crew Berths"), "{all:?}");
    }
    check(
        &stack(
            "
  Tugs: {Type: AWS::ECS::Service, Properties: {Cluster: elsewhere, TaskDefinition: tugs, CapacityProviderStrategy: [{CapacityProvider: berths, Weight: 1}]}}
",
        ),
        &["Tugs compute 3 [Crew Berths]"],
    );
    // Another name is another provider.
    check(
        &stack(
            "
  Harbour: {Type: AWS::ECS::Cluster, Properties: {CapacityProviders: [FARGATE, moorings]}}
",
        ),
        &["Berths compute 3 [Crew]"],
    );
    let terraform = |provider: &str| {
        let text = format!(
            r#"{{"resource": {{
  "aws_autoscaling_group": {{"crew": {{"min_size": 0, "max_size": 3}}}},
  "aws_ecs_capacity_provider": {{"berths": {{"name": "berths", "auto_scaling_group_provider": {{"auto_scaling_group_arn": "${{aws_autoscaling_group.crew.arn}}"}}}}}},
  "aws_ecs_cluster": {{"harbour": {{"name": "harbour"}}}},
  "aws_ecs_cluster_capacity_providers": {{"both": {{"cluster_name": "harbour", "capacity_providers": ["{provider}"]}}}}
}}}}"#
        );
        lines(&judge_as("main.tf.json", &text)).len()
    };
    assert_eq!(terraform("berths"), 1);
    assert_eq!(terraform("FARGATE"), 1);
}

#[test]
fn a_scaling_target_names_its_function_in_a_resource_id() {
    let stack = |target: &str| {
        format!(
            "
Parameters:
  Stage: {{Type: String}}
Resources:
  Quote: {{Type: AWS::Lambda::Function, Properties: {{FunctionName: !Sub '${{Stage}}-quote', Handler: quote.handler, Runtime: nodejs22.x, Code: {{ZipFile: x}}}}}}
  Warm:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties: {{ServiceNamespace: lambda, ScalableDimension: 'lambda:function:ProvisionedConcurrency', ResourceId: !Sub '{target}', MinCapacity: 2, MaxCapacity: 5}}
"
        )
    };
    check(
        &stack("function:${Stage}-quote:live"),
        &["Quote compute 2 [Warm]"],
    );
    check(
        &stack("function:${Stage}-order:live"),
        &["Quote compute 1", "Warm compute 2"],
    );
}

#[test]
fn alternatives_that_exclude_each_other_may_bear_one_name() {
    let stack = |one: &str, other: &str| {
        format!(
            "
Parameters:
  Mode: {{Type: String, Default: light, AllowedValues: [light, heavy]}}
  Debug: {{Type: String, Default: 'no'}}
Conditions:
  IsLight: !Equals [!Ref Mode, light]
  IsHeavy: !Not [!Condition IsLight]
  IsDebug: !Equals [!Ref Debug, 'yes']
Resources:
  Light: {{Type: AWS::ECS::TaskDefinition, {one}Properties: {{Family: mill, RequiresCompatibilities: [FARGATE]}}}}
  Heavy: {{Type: AWS::ECS::TaskDefinition, {other}Properties: {{Family: mill, RequiresCompatibilities: [EC2]}}}}
  Mill: {{Type: AWS::ECS::Service, Properties: {{Cluster: elsewhere, TaskDefinition: mill}}}}
"
        )
    };
    check(
        &stack("Condition: IsLight, ", "Condition: IsHeavy, "),
        &["Mill compute 2 [Light Heavy] (3 when `Mode=heavy`)"],
    );
    // Where both may be there together, nobody knows which is meant: each is said.
    for (one, other) in [
        ("", ""),
        ("Condition: IsLight, ", ""),
        ("Condition: IsLight, ", "Condition: IsLight, "),
        ("Condition: IsLight, ", "Condition: IsDebug, "),
    ] {
        let all = lines(&judge(&stack(one, other)));
        let firsts: Vec<&str> = all
            .iter()
            .filter_map(|line| line.split_whitespace().next())
            .collect();
        assert_eq!(firsts, ["Light", "Heavy", "Mill"], "{all:?}");
        assert!(all.iter().all(|line| !line.contains('[')), "{all:?}");
    }
}
