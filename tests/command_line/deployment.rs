//! What a deployment gives to parameters and variables: on the command line, in the files of other tools, and in `sfl.toml`.

use std::collections::BTreeMap;
use std::fs;
use std::process::Output;

use crate::folder::{command, err, folder, out};
use crate::repository::{Repository, change, findings};
use serde_json::Value;
use tempfile::TempDir;

/// A service and a function that are what their parameters make of them, and what only one stage has.
const TEMPLATE: &str = "\
Parameters:
  Launch: { Type: String, Default: FARGATE, AllowedValues: [FARGATE, EC2] }
  Stage: { Type: String, Default: dev, AllowedValues: [dev, stage, prod] }
  Ready: { Type: Number, Default: 0, MinValue: 0, MaxValue: 50 }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [EC2, FARGATE] } }
  Orders: { Type: AWS::ECS::Service, Properties: { TaskDefinition: !Ref Task, LaunchType: !Ref Launch } }
  Jump: { Type: AWS::EC2::Instance, Condition: IsProd, Properties: { ImageId: ami-0 } }
  Quote: { Type: AWS::Lambda::Function, Properties: { Runtime: python3.13 } }
  Live:
    Type: AWS::Lambda::Alias
    Properties:
      FunctionName: !Ref Quote
      FunctionVersion: '1'
      Name: live
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: !Ref Ready }
";

const MODULE: &str = r#"{
  "variable": {
    "mode": { "type": "string", "default": "PAY_PER_REQUEST" },
    "hosts": { "type": "set(string)", "default": [] },
    "small": { "type": "bool", "default": true }
  },
  "resource": {
    "aws_dynamodb_table": { "carts": { "name": "carts", "hash_key": "id", "billing_mode": "${var.mode}" } },
    "aws_instance": { "host": { "for_each": "${var.hosts}", "ami": "ami-0", "instance_type": "${var.small ? \"t3.micro\" : \"m7i.large\"}" } }
  }
}"#;

fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    let mut command = command(folder.path());
    let command = command.arg("check").args(arguments);
    command.output().expect("the program runs")
}

fn report(folder: &TempDir, arguments: &[&str]) -> Value {
    let mut all = vec!["--format", "json"];
    all.extend(arguments);
    let output = run(folder, &all);
    let text = out(&output);
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}{}", err(&output)))
}

/// The rung of each decision.
fn rungs(folder: &TempDir, arguments: &[&str]) -> BTreeMap<String, u64> {
    let report = report(folder, arguments);
    let decisions = report["decisions"].as_array().expect("a list");
    let pair = |one: &Value| Some((one["address"].as_str()?.to_owned(), one["rung"].as_u64()?));
    decisions.iter().filter_map(pair).collect()
}

fn decision(report: &Value, address: &str) -> Value {
    let decisions = report["decisions"].as_array().expect("a list");
    let found = decisions.iter().find(|one| one["address"] == address);
    found.expect(address).clone()
}

/// The messages of findings about what is given.
fn faults(report: &Value) -> Vec<(String, String, String)> {
    let findings = report["findings"].as_array().expect("a list");
    let about = findings
        .iter()
        .filter(|one| one["code"] == "config/deployment");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    about
        .map(|one| {
            let place = format!("{}:{}", text(&one["path"]), one["span"]["start"]["line"]);
            (text(&one["severity"]), place, text(&one["message"]))
        })
        .collect()
}

#[test]
fn what_is_given_decides_and_nothing_else_is_reachable() {
    let folder = folder(&[("shop.yaml", TEMPLATE)]);
    assert_eq!(rungs(&folder, &[])["Orders"], 2);
    let report = report(&folder, &["--parameter", "Launch=EC2"]);
    let orders = decision(&report, "Orders");
    assert_eq!(orders["rung"], 3);
    assert_eq!(orders["reachable"], serde_json::json!([]));
    assert!(orders.get("assumed").is_none(), "{orders:#}");
    assert!(orders.get("deployments").is_none(), "{orders:#}");
    // What is not given is open as ever.
    let quote = decision(&report, "Quote");
    assert_eq!(quote["reachable"][0]["when"], "`Ready` above 0");
    let output = run(
        &folder,
        &["--parameter", "Launch=EC2", "--parameter", "Ready=2"],
    );
    let text = out(&output);
    assert!(
        text.contains("`Launch` is `EC2` on the command line"),
        "{text}"
    );
    assert!(text.contains("compute/capacity"), "{text}");
}

#[test]
fn the_files_of_other_tools_are_read() {
    let files = [
        ("shop.yaml", TEMPLATE),
        (
            "cli.json",
            r#"[{"ParameterKey":"Launch","ParameterValue":"EC2"},{"ParameterKey":"Ready","ParameterValue":"3"}]"#,
        ),
        ("deploy.json", r#"["Launch=EC2", "Ready=3"]"#),
        (
            "pipeline.json",
            r#"{"Parameters":{"Launch":"EC2","Ready":3},"Tags":{"team":"carts"},"StackPolicy":{}}"#,
        ),
        (
            "create.json",
            r#"{"StackName":"shop","Parameters":[{"ParameterKey":"Launch","ParameterValue":"EC2"},{"ParameterKey":"Ready","ParameterValue":"3"}]}"#,
        ),
        ("plain.json", r#"{"Launch":"EC2","Ready":3}"#),
        ("plain.yaml", "Launch: EC2\nReady: 3\n"),
        (
            "sync.yaml",
            "template-file-path: shop.yaml\nparameters:\n  Launch: EC2\n  Ready: '3'\ntags:\n  team: carts\n",
        ),
        (
            "samconfig.toml",
            "version = 0.1\n[default.deploy.parameters]\nstack_name = \"shop\"\nparameter_overrides = \"Launch=EC2 Ready=\\\"3\\\"\"\n[live.deploy.parameters]\nparameter_overrides = [\"Launch=EC2\", \"ParameterKey=Ready,ParameterValue=3\"]\n[all.global.parameters]\nparameter_overrides = { Launch = \"EC2\", Ready = 3 }\n[none.deploy.parameters]\nstack_name = \"none\"\n",
        ),
        (
            "samconfig.yaml",
            "version: 0.1\ndefault:\n  deploy:\n    parameters:\n      parameter_overrides:\n        - Launch=EC2\n        - Ready=3\n",
        ),
    ];
    let folder = folder(&files);
    let named = [
        "cli.json",
        "file://cli.json",
        "deploy.json",
        "pipeline.json",
        "create.json",
        "plain.json",
        "plain.yaml",
        "sync.yaml",
        "samconfig.toml",
        "samconfig.toml#default",
        "samconfig.toml#live",
        "samconfig.toml#all",
        "samconfig.yaml",
    ];
    for file in named {
        let rungs = rungs(&folder, &["shop.yaml", "--parameters", file]);
        assert_eq!((rungs["Orders"], rungs["Quote"]), (3, 2), "{file}");
    }
    let rungs = rungs(
        &folder,
        &["shop.yaml", "--parameters", "samconfig.toml#none"],
    );
    assert_eq!((rungs["Orders"], rungs["Quote"]), (2, 1));
}

#[test]
fn what_only_the_deployment_knows_is_open() {
    let files = [
        ("shop.yaml", TEMPLATE),
        (
            "stack.json",
            r#"[{"ParameterKey":"Launch","UsePreviousValue":true},{"ParameterKey":"Ready","ParameterValue":"1"}]"#,
        ),
        (
            "pipeline.json",
            r#"{"Parameters":{"Launch":{"Fn::GetParam":["Built","out.json","Launch"]}}}"#,
        ),
    ];
    let folder = folder(&files);
    for (file, doubt) in [
        (
            "stack.json",
            "`Launch` keeps its previous value, which nobody here knows (in stack.json:1)",
        ),
        (
            "pipeline.json",
            "`Launch` has a value that only the deployment knows (in pipeline.json:1)",
        ),
    ] {
        let report = report(&folder, &["shop.yaml", "--parameters", file]);
        let orders = decision(&report, "Orders");
        assert_eq!(orders["uncertain"], true, "{file}: {orders:#}");
        assert_eq!(orders["doubts"][0], doubt, "{orders:#}");
        assert_eq!(
            (&orders["rung"], &orders["reachable"][0]["rung"]),
            (&2.into(), &3.into())
        );
    }
}

#[test]
fn of_one_name_the_last_counts() {
    let files = [
        ("shop.yaml", TEMPLATE),
        ("ec2.json", r#"{"Launch":"EC2"}"#),
        (
            "sfl.toml",
            "[deployment.live]\nparameters_file = \"ec2.json\"\nparameters = { Launch = \"FARGATE\" }\n",
        ),
    ];
    let folder = folder(&files);
    let orders = |arguments: &[&str]| {
        let mut all = vec!["shop.yaml"];
        all.extend(arguments);
        rungs(&folder, &all)["Orders"]
    };
    let (file, value) = (
        ["--parameters", "ec2.json"],
        ["--parameter", "Launch=FARGATE"],
    );
    assert_eq!(orders(&[file, value].concat()), 2);
    assert_eq!(orders(&[value, file].concat()), 3);
    assert_eq!(
        orders(&["--parameter", "Launch=EC2", "--parameter", "Launch=FARGATE"]),
        2
    );
    assert_eq!(
        orders(&[]),
        2,
        "what the table says itself goes over its file"
    );
    assert_eq!(
        orders(&["--parameter", "Launch=EC2"]),
        3,
        "the call goes over sfl.toml"
    );
}

#[test]
fn what_no_template_takes_is_said() {
    let files = [
        ("shop.yaml", TEMPLATE),
        (
            "typo.json",
            "{\n  \"Lunch\": \"EC2\",\n  \"Stage\": \"live\"\n}",
        ),
    ];
    let folder = folder(&files);
    let call = [
        "shop.yaml",
        "--parameter",
        "Lanch=EC2",
        "--parameter",
        "Ready=51",
        "--var",
        "mode=x",
    ];
    let report = report(&folder, &call);
    let line = |number: u8| format!("<command line>:{number}");
    let error = || "error".to_owned();
    assert_eq!(
        faults(&report),
        [
            (
                error(),
                line(1),
                "no template of this run has a parameter `Lanch`".into()
            ),
            (
                error(),
                line(2),
                "`Ready` can't be `51`: it must be at most 50".into()
            ),
            (
                error(),
                line(3),
                "no template of this run has a variable `mode`".into()
            ),
        ]
    );
    let output = run(&folder, &call);
    assert_eq!(output.status.code(), Some(2), "it is a wrong call");
    assert!(
        out(&output).contains("did you mean `Launch`?"),
        "{}",
        out(&output)
    );
    assert_eq!(
        decision(&report, "Quote")["rung"],
        1,
        "what does not fit counts as not given"
    );

    let call = ["shop.yaml", "--parameters", "typo.json"];
    let report = self::report(&folder, &call);
    assert_eq!(
        faults(&report),
        [
            (
                "warning".into(),
                "typo.json:2".into(),
                "no template of this run has a parameter `Lunch`".into()
            ),
            (
                error(),
                "typo.json:3".into(),
                "`Stage` can't be `live`: it must be `dev`, `stage` or `prod`".into()
            ),
        ]
    );
    assert_eq!(run(&folder, &call).status.code(), Some(2));
    let output = run(&folder, &["shop.yaml", "--parameter", "Launch"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        err(&output).contains("`Launch` gives no value: write NAME=VALUE"),
        "{}",
        err(&output)
    );
}

#[test]
fn a_file_that_gives_nothing_is_a_fault_with_its_place() {
    // Each line has the line before it ten times.
    let mut endless = "a0: &a0 x\n".to_owned();
    for at in 1..30 {
        let before = format!("*a{}, ", at - 1).repeat(10);
        endless.push_str(&format!("a{at}: &a{at} [{before}]\n"));
    }
    endless.push_str("Launch: *a29\n");
    let files = [
        ("shop.yaml", TEMPLATE),
        ("broken.json", "[{\"ParameterKey\": }]"),
        ("nameless.json", "[\n  {\"ParameterValue\":\"x\"}\n]"),
        ("deep.json", "{\n\"Launch\": {\"a\": 1}\n}"),
        ("text.yaml", "just a text\n"),
        ("endless.yaml", endless.as_str()),
        (
            "lost.yaml",
            "template-file-path: gone.yaml\nparameters: {}\n",
        ),
        (
            "samconfig.toml",
            "[live.deploy.parameters]\nparameter_overrides = \"Launch\"\n",
        ),
        ("live.tfvars", "mode = upper(\"x\")\n"),
        ("list.tfvars.json", "[]"),
    ];
    let folder = folder(&files);
    let told = |flag: &str, file: &str| {
        let output = run(&folder, &["shop.yaml", flag, file]);
        assert_eq!(output.status.code(), Some(2), "{file}");
        let text = err(&output);
        assert!(text.contains("error[config/deployment]"), "{file}: {text}");
        // A line may break anywhere.
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    for (flag, file, says) in [
        (
            "--parameters",
            "gone.json",
            "gone.json: there is no such file",
        ),
        ("--parameters", "broken.json", "broken.json:1:"),
        ("--parameters", "nameless.json", "nameless.json:2:3"),
        (
            "--parameters",
            "deep.json",
            "`Launch` needs a text, a number or a list of them",
        ),
        (
            "--parameters",
            "endless.yaml",
            "`Launch` needs a text, a number or a list of them",
        ),
        (
            "--parameters",
            "text.yaml",
            "this gives no parameters: write a list of `ParameterKey`",
        ),
        (
            "--parameters",
            "shop.yaml",
            "this is a template, not what is given to one",
        ),
        (
            "--parameters",
            "lost.yaml",
            "there is no template gone.yaml",
        ),
        (
            "--parameters",
            "samconfig.toml",
            "it has no environment `default`, but live: name one with samconfig.toml#live",
        ),
        (
            "--parameters",
            "samconfig.toml#test",
            "it has no environment `test`, but live",
        ),
        (
            "--parameters",
            "samconfig.toml#live",
            "`Launch` gives no value: write NAME=VALUE",
        ),
        (
            "--var-file",
            "live.tfvars",
            "the value of `mode` is nested too deeply, too large, or an expression",
        ),
        ("--var-file", "list.tfvars.json", "this gives no variables"),
    ] {
        let text = told(flag, file);
        assert!(text.contains(says), "{file}: {text}");
    }
}

#[test]
fn terraform_takes_variables_in_the_order_of_the_call() {
    let files = [
        ("main.tf.json", MODULE),
        ("terraform.tfvars.json", r#"{"mode":"PAY_PER_REQUEST"}"#),
        (
            "live.tfvars.json",
            r#"{"mode":"PROVISIONED","hosts":["a","b"]}"#,
        ),
    ];
    let folder = folder(&files);
    assert_eq!(rungs(&folder, &[])["aws_dynamodb_table.carts"], 1);
    let rungs = |arguments: &[&str]| rungs(&folder, arguments);
    let live = rungs(&["--var-file", "live.tfvars.json"]);
    assert_eq!(
        live["aws_dynamodb_table.carts"], 2,
        "it goes over terraform.tfvars.json"
    );
    assert_eq!(live["aws_instance.host[\"a\"]"], 4);
    assert_eq!(live["aws_instance.host[\"b\"]"], 4);
    let both = rungs(&[
        "--var-file",
        "live.tfvars.json",
        "--var",
        "mode=PAY_PER_REQUEST",
    ]);
    assert_eq!(both["aws_dynamodb_table.carts"], 1);
    let both = rungs(&[
        "--var",
        "mode=PAY_PER_REQUEST",
        "--var-file",
        "live.tfvars.json",
    ]);
    assert_eq!(both["aws_dynamodb_table.carts"], 2);
    let argument = rungs(&["--var", r#"hosts=["c"]"#]);
    assert_eq!(
        argument["aws_instance.host[\"c\"]"], 4,
        "a set is an expression"
    );
}

const SETS: &str = "\
[deployment.live]
path = \"shop/**\"
parameters = { Launch = \"EC2\", Stage = \"prod\" }

[deployment.test]
path = [\"shop/**\", \"other\"]
parameters_file = \"test.json\"
";

#[test]
fn several_sets_are_one_decision_on_the_worst_rung() {
    let files = [
        ("shop/web.yaml", TEMPLATE),
        ("apart.yaml", TEMPLATE),
        ("test.json", r#"{"Launch":"FARGATE","Stage":"dev"}"#),
        ("sfl.toml", SETS),
    ];
    let folder = folder(&files);
    let report = report(&folder, &["shop"]);
    assert_eq!(
        report["summary"]["deployments"],
        serde_json::json!(["live", "test"])
    );
    let orders = decision(&report, "Orders");
    assert_eq!(orders["rung"], 3);
    assert_eq!(orders["reachable"][0]["rung"], 2);
    assert_eq!(orders["reachable"][0]["when"], "in test");
    assert_eq!(
        orders["reachable"][0]["deployments"],
        serde_json::json!(["test"])
    );
    let sets = &orders["deployments"];
    assert_eq!(
        (&sets[0]["name"], &sets[0]["rung"]),
        (&"live".into(), &3.into())
    );
    assert_eq!(
        (&sets[1]["name"], &sets[1]["rung"]),
        (&"test".into(), &2.into())
    );
    let jump = decision(&report, "Jump");
    assert_eq!(jump["deployments"][1]["rung"], Value::Null, "test has none");
    let text = out(&run(&folder, &["shop"]));
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for says in [
        "Orders runs on ECS with EC2 instances in live: rung 3 of 4",
        "rung 2 (capacity) in test",
        "Jump is an EC2 instance in live: rung 4 of 4",
        "read 1 template with the values of live and test",
    ] {
        assert!(text.contains(says), "{says}: {text}");
    }
    assert!(!text.contains("Quote runs"), "no set changes it: {text}");
    // Elsewhere nobody gives anything.
    let apart = self::report(&folder, &["apart.yaml"]);
    let orders = decision(&apart, "Orders");
    assert_eq!(orders["rung"], 2);
    assert!(orders.get("deployments").is_none());
    // The call takes the place of all of them.
    let call = self::report(&folder, &["shop", "--parameter", "Launch=FARGATE"]);
    assert_eq!(decision(&call, "Orders")["rung"], 2);
    assert!(call["summary"].get("deployments").is_none());
}

#[test]
fn the_sets_of_the_configuration_are_checked_and_shown() {
    let files = [
        ("shop/web.yaml", TEMPLATE),
        (
            "test.json",
            "{\n\"Launch\":\"FARGATE\",\n\"Stagee\":\"dev\"}",
        ),
        ("sfl.toml", SETS),
    ];
    let folder = folder(&files);
    let output = command(folder.path())
        .arg("config")
        .output()
        .expect("it runs");
    let text = out(&output);
    let line = |key: &str| {
        let found = text.lines().find(|line| line.starts_with(key));
        found.unwrap_or_else(|| panic!("{key}: {text}")).to_owned()
    };
    assert!(line("deployment.live.parameters.Launch").ends_with("sfl.toml:3"));
    assert!(line("deployment.test.parameters.Launch").ends_with("test.json:2"));
    assert!(line("deployment.test.path").contains("[\"shop/**\", \"other\"]"));
    // A name that nothing has is said where the whole is read, not where a hook names one file.
    let typo = (
        "warning".to_owned(),
        "test.json:3".to_owned(),
        "test gives `Stagee`, but no template has a parameter of that name".to_owned(),
    );
    assert_eq!(faults(&report(&folder, &["."])), [typo]);
    assert_eq!(faults(&report(&folder, &["shop/web.yaml"])), []);
    for (toml, says) in [
        (
            "[deployment.live]\nparameter = {}\n",
            "[deployment.live] has no key `parameter`",
        ),
        (
            "[deployment]\nlive = 3\n",
            "`live` needs a table: [deployment.NAME], not an integer",
        ),
        (
            "[deployment.live]\nparameters_file = \"../x.json\"\n",
            "../x.json",
        ),
        (
            "[deployment.live]\nparameters_file = \"shop/web.txt\"\n",
            "shop/web.txt: there is no such file",
        ),
        (
            "[deployment.live]\nvar_file = \"test.json\"\nparameters = 3\n",
            "`parameters` needs a table",
        ),
    ] {
        fs::write(folder.path().join("sfl.toml"), toml).expect("written");
        let output = run(&folder, &[]);
        assert_eq!(output.status.code(), Some(2), "{toml}");
        let text = err(&output);
        assert!(text.contains(says), "{says}: {text}");
    }
}

#[test]
fn a_wrong_name_is_said_where_all_that_the_set_is_for_is_read() {
    let sets = "[deployment.live]\npath = [\"shop/*.yaml\", \"till\"]\nparameters = { Stagee = \"dev\" }\n[deployment.all]\nparameters = { Stagge = \"dev\" }\n";
    let folder = folder(&[
        ("shop/web.yaml", TEMPLATE),
        ("till/till.yaml", TEMPLATE),
        ("else/else.yaml", TEMPLATE),
        ("sfl.toml", sets),
    ]);
    let said = |arguments: &[&str]| {
        let faults = faults(&report(&folder, arguments)).into_iter();
        faults.map(|(_, _, text)| text).collect::<Vec<_>>()
    };
    let live = "live gives `Stagee`, but no template has a parameter of that name";
    assert_eq!(said(&["shop", "till"]), [live]);
    assert_eq!(said(&["shop", "till/till.yaml", "till"]), [live]);
    for part in [
        &["shop"][..],
        &["till"],
        &["shop/web.yaml", "till"],
        &["else"],
    ] {
        assert_eq!(said(part), [""; 0], "{part:?}");
    }
    assert_eq!(said(&["."]).len(), 2);
}

#[test]
fn what_every_deployment_leaves_out_is_named_so() {
    let files = [
        ("shop.yaml", TEMPLATE),
        (
            "sfl.toml",
            "[deployment.a]\nparameters = { Stage = \"dev\" }\n[deployment.b]\nparameters = { Stage = \"stage\" }\n",
        ),
    ];
    let folder = folder(&files);
    let report = report(&folder, &["shop.yaml"]);
    let jump = decision(&report, "Jump");
    assert_eq!(
        (&jump["rung"], &jump["left_out"], &jump["conditional"]),
        (&4.into(), &true.into(), &true.into())
    );
    let output = run(&folder, &["shop.yaml"]);
    assert_eq!(output.status.code(), Some(0));
    let text = out(&output);
    assert!(
        text.contains("1 decision is left out by the given values: Jump (shop.yaml)"),
        "{text}"
    );
    let call = self::report(&folder, &["shop.yaml", "--parameter", "Stage=prod"]);
    assert!(decision(&call, "Jump").get("left_out").is_none());
}

#[test]
fn strict_assumes_the_worst_that_a_parameter_allows() {
    let folder = folder(&[("shop.yaml", TEMPLATE)]);
    let strict = report(&folder, &["--strict"]);
    assert_eq!(strict["summary"]["strict"], true);
    let orders = decision(&strict, "Orders");
    assert_eq!(
        (&orders["rung"], &orders["assumed"]),
        (&3.into(), &"`Launch=EC2`".into())
    );
    assert_eq!(orders["reachable"][0]["rung"], 2);
    assert_eq!(orders["reachable"][0]["when"], "all defaults hold");
    let quote = decision(&strict, "Quote");
    assert_eq!(
        (&quote["rung"], &quote["assumed"]),
        (&2.into(), &"`Ready` above 0".into())
    );
    let text = out(&run(&folder, &["--strict"]));
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for says in [
        "Orders runs on ECS with EC2 instances when `Launch=EC2`: rung 3 of 4",
        "`Launch` can be `EC2`",
    ] {
        assert!(text.contains(says), "{says}: {text}");
    }
    // What is given is not open any more.
    let given = [
        "--strict",
        "--parameter",
        "Launch=FARGATE",
        "--parameter",
        "Ready=0",
    ];
    let given = rungs(&folder, &given);
    assert_eq!((given["Orders"], given["Quote"]), (2, 1));
}

#[test]
fn a_worse_rung_that_another_value_reaches_is_named_beside_the_score() {
    let folder = folder(&[("shop.yaml", TEMPLATE)]);
    let text = out(&run(&folder, &[]));
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        text.contains("Quote is serverless; capacity when `Ready` above 0"),
        "{text}"
    );
    let given = out(&run(&folder, &["--parameter", "Ready=0"]));
    assert!(!given.contains("worse with other values"), "{given}");
}

const LIVE: &str = "[deployment.live]\nparameters = { Launch = \"EC2\" }\n";

#[test]
fn a_change_is_measured_by_the_values_of_today() {
    let shop = Repository::new(&[("shop.yaml", TEMPLATE)]);
    shop.write("sfl.toml", LIVE);
    assert_eq!(shop.check(&[]).0, 1);
    let (code, report) = shop.check(&["--since", "HEAD"]);
    assert_eq!(
        (code, change(&report).len()),
        (0, 0),
        "the template is what it was"
    );
    // What the deployment gives anyway makes no difference by default.
    shop.write(
        "shop.yaml",
        &TEMPLATE.replacen("Default: FARGATE", "Default: EC2", 1),
    );
    assert_eq!(shop.check(&["--since", "HEAD"]).0, 0);
    let given = ["--since", "HEAD", "--parameter", "Launch=FARGATE"];
    assert_eq!(shop.check(&given).0, 0);
    // A parameter that is new today was nobody's mistake then.
    shop.write("shop.yaml", &TEMPLATE.replace("Ready", "Warm"));
    let (code, report) = shop.check(&["--since", "HEAD", "--parameter", "Warm=4"]);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(findings(&report), ["compute/capacity Quote in shop.yaml"]);
}

#[test]
fn a_reason_that_another_value_needs_is_not_unused() {
    let reason = "Quote: { Type: AWS::Lambda::Function, Metadata: { sfl: { because: latency, reason: \"the shop waits for the quote\" } }";
    let template = TEMPLATE.replace("Quote: { Type: AWS::Lambda::Function", reason);
    let shop = Repository::new(&[("shop.yaml", &template)]);
    let unused = |arguments: &[&str]| {
        let (_, report) = shop.check(arguments);
        let all = findings(&report);
        all.iter()
            .any(|one| one.starts_with("justification/unused"))
    };
    assert!(!unused(&[]));
    assert!(!unused(&["--strict"]));
    assert!(!unused(&["--strict", "--since", "HEAD"]));
    assert!(
        unused(&["--parameter", "Ready=0"]),
        "nothing else is reachable then"
    );
    shop.write("sfl.toml", "[deployment.live]\nparameters = { Ready = 9 }\n[deployment.test]\nparameters = { Ready = 0 }\n");
    assert!(!unused(&[]));
    assert!(!unused(&["--since", "HEAD"]));
    let (_, report) = shop.check(&[]);
    let quote = decision(&report, "Quote");
    assert_eq!(quote["justification"]["because"], "latency");
}

#[test]
fn a_baseline_knows_what_was_found_with_the_same_values() {
    let folder = folder(&[("shop.yaml", TEMPLATE), ("sfl.toml", LIVE)]);
    let all = |arguments: &[&str]| {
        let mut command = command(folder.path());
        command.args(arguments).output().expect("it runs")
    };
    assert_eq!(all(&["baseline"]).status.code(), Some(0));
    let file = fs::read_to_string(folder.path().join("sfl-baseline.json")).expect("written");
    assert!(file.contains("compute/cluster"), "{file}");
    let check = ["check", "--baseline", "sfl-baseline.json"];
    assert_eq!(all(&check).status.code(), Some(0));
    let justify = [
        "justify",
        "Orders",
        "--because",
        "latency",
        "--reason",
        "the carts answer within a millisecond",
        "--yes",
    ];
    let output = all(&justify);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let report = report(&folder, &["shop.yaml"]);
    assert_eq!(
        decision(&report, "Orders")["justification"]["because"],
        "latency"
    );
}

#[test]
fn a_value_chooses_the_cluster_of_a_service() {
    let folder = folder(&[(
        "stack.yaml",
        "\
Parameters:
  Stage: { Type: String, Default: dev, AllowedValues: [dev, prod] }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Light: { Type: AWS::ECS::Cluster, Properties: { DefaultCapacityProviderStrategy: [{ CapacityProvider: FARGATE }] } }
  Heavy: { Type: AWS::ECS::Cluster }
  Desk: { Type: AWS::ECS::Service, Properties: { TaskDefinition: desk, Cluster: !If [IsProd, !Ref Heavy, !Ref Light] } }
",
    )]);
    let desk = |arguments: &[&str]| {
        let desk = decision(&report(&folder, arguments), "Desk");
        (desk["rung"].clone(), desk["reachable"][0]["when"].clone())
    };
    assert_eq!(desk(&[]), (2.into(), "`Stage=prod`".into()));
    assert_eq!(
        desk(&["--parameter", "Stage=prod"]),
        (3.into(), Value::Null)
    );
    assert_eq!(
        desk(&["--parameter", "Stage=dev", "--strict"]),
        (2.into(), Value::Null)
    );
    assert_eq!(desk(&["--strict"]), (3.into(), "all defaults hold".into()));
}

#[test]
fn what_is_there_for_certain_is_not_conditional() {
    let template = "\
Parameters:
  Stage: { Type: String, Default: dev }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsDev: !Equals [!Ref Stage, dev]
  Always: !Equals [one, one]
  Never: !Equals [one, two]
Resources:
  Prod: { Type: AWS::EC2::Instance, Condition: IsProd, Properties: { ImageId: ami-0 } }
  Dev: { Type: AWS::EC2::Instance, Condition: IsDev, Properties: { ImageId: ami-0 } }
  Anyway: { Type: AWS::EC2::Instance, Condition: Always, Properties: { ImageId: ami-0 } }
  Nowhere: { Type: AWS::EC2::Instance, Condition: Never, Properties: { ImageId: ami-0 } }
";
    let module = r#"
variable "prod" {
  type    = bool
  default = false
}
resource "aws_instance" "prod" {
  count = var.prod ? 1 : 0
  ami   = "ami-0"
}
resource "aws_instance" "dev" {
  count = var.prod ? 0 : 1
  ami   = "ami-0"
}
"#;
    let folder = folder(&[("stack.yaml", template), ("tf/main.tf", module)]);
    let conditional = |arguments: &[&str]| -> Vec<String> {
        let report = report(&folder, arguments);
        let decisions = report["decisions"].as_array().expect("a list");
        let conditional = decisions.iter().filter(|one| one["conditional"] == true);
        let mut names: Vec<String> = conditional
            .filter_map(|one| one["address"].as_str().map(str::to_owned))
            .collect();
        names.sort_unstable();
        names
    };
    assert_eq!(conditional(&["stack.yaml"]), ["Dev", "Prod"]);
    assert_eq!(
        conditional(&["stack.yaml", "--parameter", "Stage=prod"]),
        ["Dev"]
    );
    assert_eq!(
        conditional(&["stack.yaml", "--parameter", "Stage=dev"]),
        ["Prod"]
    );
    assert_eq!(
        conditional(&["tf"]),
        ["aws_instance.dev[0]", "aws_instance.prod"]
    );
    assert_eq!(
        conditional(&["tf", "--var", "prod=true"]),
        ["aws_instance.dev"]
    );
    assert_eq!(
        conditional(&["tf", "--var", "prod=false"]),
        ["aws_instance.prod"]
    );
}
