//! What servers make somebody own: each thing beside the neighbour that must not count, with its lines, in every dialect.

use crate::json_schemas::sound;
use serde_json::Value;

use super::folder::{err, folder, out, run};

/// Kind, what it is, lines, first and last line, address; `?` where nothing can be seen, `+` where there are more lines.
fn rows(files: &[(&str, &str)]) -> Vec<String> {
    let found = report(files);
    let all = found["liability"].as_array().cloned().unwrap_or_default();
    all.iter().map(row).collect()
}

fn report(files: &[(&str, &str)]) -> Value {
    let here = folder(files);
    let output = run(
        here.path(),
        &[
            "check",
            "--isolated",
            "--exit-zero",
            "--format",
            "json",
            ".",
        ],
    );
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    serde_json::from_str(&out(&output)).expect("it is JSON")
}

fn row(one: &Value) -> String {
    let text = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
    let mark = match (&one["unknown"], &one["at_least"]) {
        (Value::Bool(true), _) => "?",
        (_, Value::Bool(true)) => "+",
        _ => "",
    };
    let says = match one["says"].as_str() {
        Some(says) => format!(" ({says})"),
        None => String::new(),
    };
    let (start, end) = (&one["span"]["start"]["line"], &one["span"]["end"]["line"]);
    let kind = text("kind");
    let lines = &one["lines"];
    format!(
        "{kind}{says} {lines}{mark} at {start}-{end} {}",
        text("address")
    )
}

#[test]
fn scripts_count_by_their_lines_and_unknown_ones_are_said_to_be() {
    let text = r##"
Parameters:
  Script: { Type: String }
Resources:
  Web:
    Type: AWS::EC2::Instance
    Metadata:
      AWS::CloudFormation::Init:
        config:
          packages:
            yum: { httpd: [] }
    Properties:
      UserData:
        Fn::Base64: !Sub |
          #!/bin/bash

          yum install -y amazon-cloudwatch-agent
          echo ${AWS::Region}
  Joined:
    Type: AWS::EC2::Instance
    Properties: { UserData: { "Fn::Base64": { "Fn::Join": ["\n", ["#!/bin/bash", "echo a", ""]] } } }
  Given: { Type: AWS::EC2::Instance, Properties: { UserData: !Ref Script } }
  None: { Type: AWS::EC2::Instance, Properties: { UserData: !Ref AWS::NoValue } }
  Empty: { Type: AWS::EC2::Instance, Properties: { UserData: "" } }
  Bare: { Type: AWS::EC2::Instance }
  Function:
    Type: AWS::Lambda::Function
    Properties: { Code: { ZipFile: "def handler(event, context):\n  pass\n" }, Handler: index.handler, Runtime: python3.14 }
"##;
    assert_eq!(
        rows(&[("a.yaml", text)]),
        [
            "cfn-init 4 at 8-11 Web",
            "user-data 3 at 13-18 Web",
            "agent (CloudWatch agent) 1 at 17-17 Web",
            "user-data 2 at 21-21 Joined",
            "user-data 0? at 22-22 Given",
        ]
    );
}

#[test]
fn an_image_is_own_where_nobody_else_renews_it() {
    let text = r##"
Parameters:
  Latest: { Type: "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", Default: /aws/service/ami-amazon-linux-latest/al2023 }
  Golden: { Type: "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", Default: /golden/web }
  Asked: { Type: "AWS::EC2::Image::Id" }
Mappings:
  Images: { eu-west-1: { Id: ami-1 }, us-east-1: { Id: ami-2 } }
Resources:
  Latests: { Type: AWS::EC2::Instance, Properties: { ImageId: !Ref Latest } }
  Dynamic: { Type: AWS::EC2::Instance, Properties: { ImageId: "{{resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023}}" } }
  Goldens: { Type: AWS::EC2::Instance, Properties: { ImageId: !Ref Golden } }
  Own: { Type: AWS::EC2::Instance, Properties: { ImageId: "{{resolve:ssm:/golden/db:3}}" } }
  Pinned: { Type: AWS::EC2::Instance, Properties: { ImageId: ami-0abc } }
  Mapped: { Type: AWS::EC2::Instance, Properties: { ImageId: !FindInMap [Images, !Ref AWS::Region, Id] } }
  Anyones: { Type: AWS::EC2::Instance, Properties: { ImageId: !Ref Asked } }
"##;
    assert_eq!(
        rows(&[("a.yaml", text)]),
        [
            "image (from your parameter /golden/web) 1 at 11-11 Goldens",
            "image (from your parameter /golden/db) 1 at 12-12 Own",
            "image (pinned: ami-0abc) 1 at 13-13 Pinned",
            "image (pinned: ami-1) 1 at 14-14 Mapped",
            "image (`Asked` decides) 1? at 15-15 Anyones",
        ]
    );
}

#[test]
fn rules_by_hand_count_unless_what_they_are_for_leaves_nothing_to_run() {
    let text = r##"
Resources:
  Web: { Type: AWS::EC2::Instance }
  Table:
    Type: AWS::DynamoDB::Table
    Properties: { BillingMode: PAY_PER_REQUEST, KeySchema: [] }
  Nightly: { Type: AWS::Backup::BackupPlan, Properties: { BackupPlan: { BackupPlanName: a } } }
  Machines:
    Type: AWS::Backup::BackupSelection
    Properties:
      BackupPlanId: !Ref Nightly
      BackupSelection: { Resources: [!Sub "arn:aws:ec2:eu-west-1:123456789012:instance/${Web}"] }
  Weekly: { Type: AWS::Backup::BackupPlan, Properties: { BackupPlan: { BackupPlanName: b } } }
  Tables:
    Type: AWS::Backup::BackupSelection
    Properties: { BackupPlanId: !Ref Weekly, BackupSelection: { Resources: [!GetAtt Table.Arn] } }
  Baseline: { Type: AWS::SSM::PatchBaseline, Properties: { Name: a } }
  Patch: { Type: AWS::SSM::Association, Properties: { Name: AWS-RunPatchBaseline } }
  Inventory: { Type: AWS::SSM::Association, Properties: { Name: AWS-GatherSoftwareInventory } }
  Agent: { Type: AWS::SSM::Association, Properties: { Name: AmazonCloudWatch-ManageAgent } }
"##;
    let found = report(&[("a.yaml", text)]);
    let all = found["liability"].as_array().expect("a list");
    let seen: Vec<(String, Vec<&str>)> = all
        .iter()
        .map(|one| {
            let decisions = one["decisions"].as_array().expect("a list").iter();
            let names = decisions.filter_map(|one| one["address"].as_str());
            (row(one), names.collect())
        })
        .collect();
    let of = |row: &str, decisions: &[&'static str]| (row.to_owned(), decisions.to_vec());
    assert_eq!(
        seen,
        [
            of("backup 1 at 7-7 Nightly", &["Web"]),
            of("backup 4 at 9-12 Machines", &["Web"]),
            of("patching 1 at 17-17 Baseline", &[]),
            of("patching 1 at 18-18 Patch", &[]),
            of("agent (CloudWatch agent) 1 at 20-20 Agent", &[]),
        ]
    );
}

const TERRAFORM: &str = r##"
data "aws_ami" "public" {
  owners = ["amazon"]
}
data "aws_ami" "own" {
  owners = ["self"]
}
data "template_file" "boot" {
  template = <<-EOT
    #!/bin/bash
    echo ${name}
  EOT
  vars     = { name = "x" }
}
resource "aws_instance" "public" {
  count     = 2
  ami       = data.aws_ami.public.id
  user_data = data.template_file.boot.rendered
}
resource "aws_instance" "own" {
  ami       = data.aws_ami.own.id
  user_data = templatefile("${path.module}/missing.sh", { a = 1 })
  provisioner "remote-exec" {
    inline = ["sudo yum update", "sudo reboot"]
  }
  provisioner "local-exec" {
    command = "echo done"
  }
}
resource "aws_instance" "file" {
  user_data = file("${path.module}/boot.sh")
}
resource "aws_ssm_patch_baseline" "all" {
  name = "all"
}
resource "aws_autoscaling_group" "web" {
  min_size = 1
  max_size = 2
  launch_template { id = aws_launch_template.web.id }
}
resource "aws_launch_template" "web" {
  image_id = "ami-1"
}
resource "aws_autoscaling_policy" "web" {
  name                   = "web"
  autoscaling_group_name = aws_autoscaling_group.web.name
}
resource "google_compute_instance" "g" {
  machine_type = "e2-small"
  boot_disk {
    initialize_params { image = "debian-cloud/debian-12" }
  }
  metadata = { startup-script = "a\nb" }
}
resource "google_compute_instance" "h" {
  machine_type = "e2-small"
  boot_disk {
    initialize_params { image = "projects/ours/global/images/web" }
  }
  metadata = { startup-script-url = "gs://ours/start.sh", enable-oslogin = "TRUE" }
}
resource "azurerm_virtual_machine_extension" "script" {
  virtual_machine_id = "x"
  type               = "CustomScript"
  settings           = jsonencode({ commandToExecute = "a" })
}
resource "azurerm_virtual_machine_extension" "agent" {
  virtual_machine_id = "x"
  type               = "AzureMonitorLinuxAgent"
}
"##;

#[test]
fn terraform_says_the_same() {
    let files = [("main.tf", TERRAFORM), ("boot.sh", "#!/bin/sh\n\necho a\n")];
    assert_eq!(
        rows(&files),
        [
            "user-data 2 at 18-18 aws_instance.public[0]",
            "image (of your account: `data.aws_ami.own.id`) 1 at 21-21 aws_instance.own",
            "user-data 0? at 22-22 aws_instance.own",
            "bootstrap 2 at 24-24 aws_instance.own",
            "user-data 2 at 31-31 aws_instance.file",
            "patching 3 at 33-35 aws_ssm_patch_baseline.all",
            "image (pinned: ami-1) 1 at 42-42 aws_launch_template.web",
            "scaling 4 at 44-47 aws_autoscaling_policy.web",
            "launch-script 2 at 53-53 google_compute_instance.g",
            "image (from your project: projects/ours/global/images/web) 1 at 58-58 google_compute_instance.h",
            "launch-script 0? at 60-60 google_compute_instance.h",
            "bootstrap 1 at 65-65 azurerm_virtual_machine_extension.script",
            "agent (VM extension) 4 at 67-70 azurerm_virtual_machine_extension.agent",
        ]
    );
    let native = rows(&[(
        "main.tf",
        "resource \"aws_instance\" \"a\" {\n  user_data = \"a\\nb\"\n}\n",
    )]);
    let json = r#"{"resource": {"aws_instance": {"a": {"user_data": "a\nb"}}}}"#;
    let json = rows(&[("main.tf.json", json)]);
    let bare = |rows: Vec<String>| rows[0].replace("1-1", "2-2");
    assert_eq!(bare(native), bare(json));
}

#[test]
fn a_plan_says_it_too_and_says_it_once_beside_its_source() {
    let plan = r#"{"format_version": "1.2", "planned_values": {"root_module": {}}, "resource_changes": [
{"address": "aws_instance.a[0]", "mode": "managed", "type": "aws_instance", "name": "a", "index": 0, "change": {"actions": ["create"], "before": null,
 "after": {"ami": "ami-1", "instance_type": "t3.micro", "user_data": "IyEvYmluL2Jhc2gKZWNobyBhCg=="}, "after_unknown": {}}},
{"address": "aws_instance.a[1]", "mode": "managed", "type": "aws_instance", "name": "a", "index": 1, "change": {"actions": ["create"], "before": null,
 "after": {"ami": "ami-1", "instance_type": "t3.micro", "user_data": "IyEvYmluL2Jhc2gKZWNobyBhCg=="}, "after_unknown": {}}},
{"address": "aws_instance.b", "mode": "managed", "type": "aws_instance", "name": "b", "change": {"actions": ["create"], "before": null,
 "after": {"instance_type": "t3.micro", "user_data": "5f0ba2cf6c2a2cc2bb9e0cbd4a2f4d3e9b0aa111"}, "after_unknown": {"ami": true}}},
{"address": "aws_ssm_patch_baseline.p", "mode": "managed", "type": "aws_ssm_patch_baseline", "name": "p", "change": {"actions": ["create"], "before": null,
 "after": {"name": "p"}, "after_unknown": {}}}
]}"#;
    assert_eq!(
        rows(&[("plan.json", plan)]),
        [
            "image (pinned: ami-1) 1 at 3-3 aws_instance.a[0]",
            "user-data 2 at 3-3 aws_instance.a[0]",
            "user-data 0? at 7-7 aws_instance.b",
            "image (known only after apply) 1? at 7-7 aws_instance.b",
            "patching 1 at 8-8 aws_ssm_patch_baseline.p",
        ]
    );
}

#[test]
fn what_is_for_no_decision_counts_for_its_folder_and_its_owner() {
    let files = [
        (
            "ops/patch.yaml",
            "Resources:\n  P: { Type: AWS::SSM::PatchBaseline, Properties: { Name: a } }\n",
        ),
        (
            "web/a.yaml",
            "Resources:\n  W: { Type: AWS::EC2::Instance, Properties: { UserData: \"a\\nb\" } }\n",
        ),
        ("CODEOWNERS", "ops/ @ops\nweb/ @web\n"),
    ];
    let found = report(&files);
    let by = |name: &str| -> Vec<(String, Value, Value)> {
        let groups = found["summary"][name].as_array().expect("a list").iter();
        groups
            .map(|group| {
                let name = group["name"].as_str().unwrap_or_default().to_owned();
                let liability = &group["liability"];
                (
                    name,
                    liability["script_lines"].clone(),
                    liability["things"].clone(),
                )
            })
            .collect()
    };
    let one = |name: &str, lines: u64, things: u64| (name.to_owned(), lines.into(), things.into());
    assert_eq!(by("by_folder"), [one("web", 2, 0), one("ops", 0, 1)]);
    assert_eq!(by("by_owner"), [one("@web", 2, 0), one("@ops", 0, 1)]);
    let duties = &found["decisions"][0]["duties"];
    assert_eq!(duties[0], "operating-system");
    assert_eq!(found["decisions"][0]["liability"], Value::from(vec![1]));
}

#[test]
fn a_check_says_it_on_one_line_and_only_if_there_is_anything() {
    let shown = |text: &str| {
        let here = folder(&[("a.yaml", text)]);
        out(&run(
            here.path(),
            &["check", "--isolated", "--exit-zero", "."],
        ))
    };
    let machine = shown(
        "Resources:\n  W: { Type: AWS::EC2::Instance, Properties: { UserData: \"a\\nb\" } }\n",
    );
    assert!(
        machine
            .contains("also yours to look after: 2 lines of user data (sfl liability shows where)"),
        "{machine}"
    );
    let table = shown(
        "Resources:\n  T: { Type: AWS::DynamoDB::Table, Properties: { BillingMode: PAY_PER_REQUEST } }\n",
    );
    assert!(!table.contains("look after"), "{table}");
}

#[test]
fn tables_of_a_check_have_it_where_there_is_anything() {
    let files = [
        (
            "web/a.yaml",
            "Resources:\n  W: { Type: AWS::EC2::Instance, Properties: { UserData: \"a\\nb\", ImageId: ami-1 } }\n  Q: { Type: AWS::SQS::Queue }\n",
        ),
        (
            "ops/patch.yaml",
            "Resources:\n  P: { Type: AWS::SSM::PatchBaseline, Properties: { Name: a } }\n",
        ),
    ];
    let here = folder(&files);
    let shown = |arguments: &[&str]| {
        let all = [&["check", "--isolated", "--exit-zero"], arguments].concat();
        out(&run(here.path(), &all))
    };
    let table = shown(&["--group-by", "folder"]);
    let rows: Vec<&str> = table
        .lines()
        .skip_while(|line| !line.starts_with("  folder "))
        .take(3)
        .collect();
    assert!(rows[0].ends_with("  liability"), "{table}");
    assert!(
        rows[1].starts_with("  web ") && rows[1].ends_with("  2 lines, 1 thing"),
        "{table}"
    );
    assert!(
        rows[2].starts_with("  ops ") && rows[2].ends_with("  1 thing"),
        "what is for no decision has a row, too: {table}"
    );
    let markdown = shown(&["--format", "markdown", "--group-by", "folder"]);
    assert!(
        markdown.contains(
            "\nalso yours to look after: 2 lines of user data, 1 custom image, 1 patching rule\n"
        ),
        "{markdown}"
    );
    assert!(
        markdown.contains(" ends | liability |\n") && markdown.contains(" | 2 lines, 1 thing |\n"),
        "{markdown}"
    );
    let table = shown(&["--format", "csv"]);
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let heads = reader.headers().expect("it is CSV").clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    let cell = |row: usize, name: &str| {
        let at = heads.iter().position(|head| head == name);
        rows[row][at.expect("a column")].to_owned()
    };
    assert_eq!(cell(0, "address"), "W");
    assert_eq!(cell(0, "script_lines"), "2");
    assert_eq!(
        cell(0, "liability"),
        "user-data web/a.yaml:2; image web/a.yaml:2"
    );
    assert!(cell(0, "duties").starts_with("operating-system; patching"));
    assert_eq!(
        [
            cell(1, "script_lines"),
            cell(1, "liability"),
            cell(1, "duties")
        ],
        ["0", "", ""]
    );
    let page = shown(&["--format", "html"]);
    for words in [
        "<section id=\"owned\"",
        "<summary>2 lines of user data</summary>",
        "<code class=\"data\">ops/patch.yaml:2</code>",
        "data-rows=\"owned=user%2Ddata\"",
    ] {
        assert!(page.contains(words), "{words}");
    }
    let here = folder(&[("a.yaml", "Resources:\n  Q: { Type: AWS::SQS::Queue }\n")]);
    let groups: &[&str] = &["--group-by", "folder"];
    for (format, groups) in [("pretty", groups), ("markdown", groups), ("html", &[])] {
        let shown = out(&run(
            here.path(),
            &[&["check", "--isolated", "--format", format], groups].concat(),
        ));
        assert!(!shown.is_empty(), "{format}");
        assert!(
            !shown.contains("  liability") && !shown.contains("| liability"),
            "{shown}"
        );
        assert!(!shown.contains("id=\"owned\""), "{shown}");
    }
}

#[test]
fn the_command_shows_each_line_and_fits_its_schema() {
    let files = [("web/main.tf", TERRAFORM), ("web/boot.sh", "a\n")];
    let here = folder(&files);
    let shown = out(&run(
        here.path(),
        &["liability", "--isolated", "--by", "folder"],
    ));
    for words in [
        "at least 3 lines of user data",
        "web/main.tf:22  aws_instance.own, can't be seen here",
        "1 patching rule",
        "web/main.tf:33-35  aws_ssm_patch_baseline.all, for nothing that is seen here",
        "as long as they run: the operating system of 7",
        "by folder",
    ] {
        assert!(shown.contains(words), "{words}\n{shown}");
    }
    let page = run(
        here.path(),
        &[
            "liability",
            "--isolated",
            "--format",
            "json",
            "--by",
            "owner",
        ],
    );
    sound(
        &out(&page),
        include_str!("../../docs/sfl-liability-1.schema.json"),
    );
    let table = out(&run(
        here.path(),
        &["liability", "--isolated", "--format", "csv"],
    ));
    assert_eq!(table.lines().count(), 14, "{table}");
    let markdown = out(&run(
        here.path(),
        &["liability", "--isolated", "--format", "markdown"],
    ));
    assert!(markdown.contains("- **1 patching rule**"), "{markdown}");
}

#[test]
fn what_a_template_says_is_data() {
    let text = "Resources:\n  \"<b>W\u{1b}[31m\": { Type: AWS::EC2::Instance, Properties: { ImageId: \"ami-<i>\" } }\n";
    let here = folder(&[("a.yaml", text)]);
    for format in ["pretty", "markdown", "csv"] {
        let shown = out(&run(
            here.path(),
            &["liability", "--isolated", "--format", format],
        ));
        assert!(!shown.contains('\u{1b}'), "{shown:?}");
        assert!(format != "markdown" || !shown.contains("<b>"), "{shown}");
    }
}

#[test]
fn a_remark_or_a_removal_is_no_agent() {
    let script = |lines: &str| {
        format!(
            "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n    Properties:\n      ImageId: '{{{{resolve:ssm:/golden/ami}}}}'\n      UserData:\n        Fn::Base64: |\n{lines}"
        )
    };
    let agents = |lines: &str| {
        let mut all = rows(&[("a.yaml", &script(lines))]);
        all.retain(|row| row.starts_with("agent"));
        all
    };
    for none in [
        "          # do NOT install amazon-cloudwatch-agent\n",
        "          yum remove -y amazon-ssm-agent\n",
        "          apt-get purge -y datadog-agent && apt-get autoremove\n",
        "          yum remove -y \\\n            amazon-ssm-agent\n",
        "          systemctl disable amazon-ssm-agent\n",
        "          rem amazon-cloudwatch-agent is not wanted\n",
        "          dnf install -y nginx  # no amazon-ssm-agent here\n",
    ] {
        assert_eq!(agents(none), Vec::<String>::new(), "{none}");
    }
    for one in [
        "          yum install -y amazon-cloudwatch-agent\n",
        "          yum remove -y awslogs && yum install -y amazon-cloudwatch-agent\n",
        "          systemctl enable amazon-cloudwatch-agent # agent\n",
    ] {
        assert_eq!(agents(one).len(), 1, "{one}");
    }
    // It is shown where it is installed, not where it is spoken of.
    let both = "          # amazon-ssm-agent first\n          yum install -y amazon-ssm-agent\n";
    assert_eq!(agents(both), ["agent (SSM agent) 1 at 9-9 Web"]);
    let image = rows(&[("a.yaml", &script("          true\n"))]);
    assert!(
        image[0].contains("(from your parameter /golden/ami)"),
        "{image:?}"
    );
}

#[test]
fn scaling_that_stands_in_the_block_of_its_machines_counts() {
    let text = "\
Resources:
  Cluster:
    Type: AWS::EMR::Cluster
    Properties:
      Name: c
      Instances:
        CoreInstanceGroup: { InstanceCount: 2, InstanceType: m5.xlarge, AutoScalingPolicy: { Constraints: { MinCapacity: 1, MaxCapacity: 4 }, Rules: [] } }
        MasterInstanceGroup: { InstanceCount: 1, InstanceType: m5.xlarge }
  Tasks:
    Type: AWS::EMR::InstanceGroupConfig
    Properties: { JobFlowId: !Ref Cluster, InstanceRole: TASK, InstanceType: m5.xlarge, InstanceCount: 1, AutoScalingPolicy: { Constraints: { MinCapacity: 1, MaxCapacity: 4 }, Rules: [] } }
  Plain:
    Type: AWS::EMR::InstanceGroupConfig
    Properties: { JobFlowId: !Ref Cluster, InstanceRole: TASK, InstanceType: m5.xlarge, InstanceCount: 1 }
";
    let found = rows(&[("a.yaml", text)]);
    assert_eq!(
        found,
        [
            "scaling (of the core nodes) 6 at 3-8 Cluster",
            "scaling 2 at 10-11 Tasks"
        ],
        "{found:?}"
    );
    let terraform = "resource \"aws_emr_cluster\" \"c\" {\n  name = \"c\"\n  core_instance_group {\n    instance_type      = \"m5.xlarge\"\n    autoscaling_policy = \"{}\"\n  }\n}\nresource \"aws_emr_instance_group\" \"t\" {\n  cluster_id = aws_emr_cluster.c.id\n  instance_type = \"m5.xlarge\"\n}\n";
    let found = rows(&[("main.tf", terraform)]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with("scaling (of the core nodes)"),
        "{found:?}"
    );
}

#[test]
fn what_selects_by_tags_is_not_said_to_be_for_nothing() {
    let text = "Resources:\n  Nightly:\n    Type: AWS::DLM::LifecyclePolicy\n    Properties: { PolicyDetails: { TargetTags: [{ Key: backup, Value: daily }] } }\n";
    let here = folder(&[("a.yaml", text)]);
    let output = run(here.path(), &["liability"]);
    let shown = out(&output);
    let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = "Nightly, for what it selects by tag or name, none of which is seen here";
    assert!(shown.contains(words), "{shown}");
}
