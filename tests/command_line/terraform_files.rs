//! Files that a configuration reads: what they hold decides, as far as they stand in the tree.

use serde_json::Value;

use crate::folder::{folder, out, run};
use crate::repository::{Repository, change};

fn report(files: &[(&str, &str)]) -> Value {
    let folder = folder(files);
    let output = run(folder.path(), &["check", "--format", "json"]);
    serde_json::from_str(&out(&output)).expect("it is JSON")
}

/// Addresses, rungs, and what is in doubt.
fn said(files: &[(&str, &str)]) -> Vec<String> {
    let report = report(files);
    let decisions = report["decisions"].as_array().expect("a list").iter();
    let decisions = decisions.map(|decision| {
        let (address, rung) = (&decision["address"], &decision["rung"]);
        let mut line = format!("{} {rung}", address.as_str().expect("an address"));
        for doubt in decision["doubts"].as_array().into_iter().flatten() {
            line.push_str(&format!(" ? {}", doubt.as_str().expect("a text")));
        }
        line
    });
    decisions.collect()
}

/// The rung of one ECS service, whose launch type is an expression, beside other files.
fn launched(expression: &str, beside: &[(&str, &str)]) -> Vec<String> {
    let main = format!(
        "resource \"aws_ecs_service\" \"shop\" {{\n  cluster     = \"shared\"\n  launch_type = {expression}\n}}\n"
    );
    let mut files = vec![("main.tf", &*main)];
    files.extend(beside);
    said(&files)
}

const ON_FARGATE: &str = "aws_ecs_service.shop 2";
const ON_MACHINES: &str = "aws_ecs_service.shop 3";

#[test]
fn what_a_file_says_decides() {
    for (expression, file, text) in [
        ("trimspace(file(\"how.txt\"))", "how.txt", "EC2\n"),
        (
            "file(\"${path.module}/./conf/../how.txt\")",
            "how.txt",
            "EC2",
        ),
        (
            "jsondecode(file(\"${path.root}/how.json\")).launch",
            "how.json",
            "{\"launch\": \"EC2\"}",
        ),
        (
            "yamldecode(file(\"how.yaml\"))[\"web\"].launch",
            "how.yaml",
            "base: &base {launch: EC2}\nweb:\n  <<: *base\n  size: 2\n",
        ),
        (
            "csvdecode(file(\"how.csv\"))[1].launch",
            "how.csv",
            "name,launch\napi,FARGATE\nweb,EC2\n",
        ),
        ("base64decode(filebase64(\"how.txt\"))", "how.txt", "EC2"),
        (
            "templatefile(\"how.tftpl\", { kind = \"EC\", number = 2 })",
            "how.tftpl",
            "${kind}${number}",
        ),
        (
            "jsondecode(templatefile(\"how.json\", { on = [\"EC2\"] })).launch",
            "how.json",
            "{%{ for one in on }\"launch\": \"${one}\"%{ endfor }}",
        ),
        (
            "fileexists(\"fleet.txt\") ? \"EC2\" : \"FARGATE\"",
            "fleet.txt",
            "",
        ),
        (
            "length(fileset(path.module, \"jobs/**/*.yaml\")) == 1 ? \"EC2\" : \"FARGATE\"",
            "jobs/nightly/a.yaml",
            "",
        ),
    ] {
        assert_eq!(
            launched(expression, &[(file, text)]),
            [ON_MACHINES],
            "{expression}"
        );
    }
}

#[test]
fn what_is_not_there_is_not_there() {
    let expression = "fileexists(\"fleet.txt\") ? \"EC2\" : \"FARGATE\"";
    assert_eq!(launched(expression, &[]), [ON_FARGATE]);
    let expression = "try(jsondecode(file(\"fleet.json\")).launch, \"FARGATE\")";
    assert_eq!(launched(expression, &[]), [ON_FARGATE]);
    // A file without the key, and one that is no JSON, are errors that `try` catches as well.
    assert_eq!(launched(expression, &[("fleet.json", "{}")]), [ON_FARGATE]);
    assert_eq!(launched(expression, &[("fleet.json", "{")]), [ON_FARGATE]);
    assert_eq!(
        launched(expression, &[("fleet.json", "{\"launch\": \"EC2\"}")]),
        [ON_MACHINES]
    );
    let expression = "can(file(\"fleet.txt\")) ? \"EC2\" : \"FARGATE\"";
    assert_eq!(launched(expression, &[]), [ON_FARGATE]);
    assert_eq!(launched(expression, &[("fleet.txt", "")]), [ON_MACHINES]);
}

#[test]
fn what_is_not_read_is_in_doubt_and_its_cause_is_said() {
    let doubt = |expression: &str, beside: &[(&str, &str)]| launched(expression, beside).join("\n");
    for (expression, cause) in [
        ("file(\"how.txt\")", "no file `how.txt`"),
        (
            "file(\"../how.txt\")",
            "`../how.txt` is not read: it leads out of the working tree",
        ),
        (
            "fileexists(\"../../etc/hostname\") ? \"EC2\" : \"FARGATE\"",
            "out of the working tree",
        ),
        ("file(\"/etc/hostname\")", "beside the configuration"),
        ("file(\"~/how.txt\")", "beside the configuration"),
        ("file(\".env\")", "hidden"),
        ("file(\"how.pem\")", "secrets"),
        ("try(file(\".env\"), \"FARGATE\")", "hidden"),
        (
            "provider::acme::launch(\"web\")",
            "`provider::acme::launch` is not evaluated",
        ),
    ] {
        let beside = [(".env", "EC2"), ("how.pem", "EC2")];
        let said = doubt(expression, &beside);
        assert!(said.contains(cause), "{expression}: {said}");
    }
    let large = "x".repeat((1 << 20) + 1);
    let said = doubt("file(\"how.txt\")", &[("how.txt", &large)]);
    assert!(said.contains("larger than 1 MiB"), "{said}");
    // In a template, a name that is not handed to it is nothing.
    let said = doubt(
        "templatefile(\"how.tftpl\", {})",
        &[("how.tftpl", "${kind}")],
    );
    assert!(said.contains(" ? "), "{said}");
}

#[test]
fn what_a_file_holds_is_never_repeated() {
    let secret = "correct-horse-battery-staple";
    let report = report(&[
        (
            "main.tf",
            "resource \"aws_ecs_service\" \"shop\" {\n  launch_type = file(\"how.txt\")\n}\n\
             resource \"aws_instance\" \"one\" {\n  user_data = file(\"how.txt\")\n  instance_type = jsondecode(file(\"how.txt\"))\n}\n",
        ),
        ("how.txt", secret),
    ]);
    assert_eq!(report["decisions"].as_array().map(Vec::len), Some(2));
    assert!(!report.to_string().contains(secret), "{report}");
}

#[test]
fn a_module_reads_the_files_of_its_own_folder() {
    let files = [
        (
            "live/main.tf",
            "module \"shop\" {\n  source = \"../parts/shop\"\n  sizes  = yamldecode(file(\"sizes.yaml\"))\n}\n",
        ),
        ("live/sizes.yaml", "web: m5.large\napi: m5.large\n"),
        (
            "parts/shop/main.tf",
            "variable \"sizes\" {}\n\
             resource \"aws_instance\" \"of\" {\n  for_each      = var.sizes\n  instance_type = each.value\n}\n\
             resource \"aws_ecs_service\" \"own\" {\n  launch_type = trimspace(file(\"${path.module}/how.txt\"))\n}\n\
             resource \"aws_ecs_service\" \"of_root\" {\n  launch_type = trimspace(file(\"how.txt\"))\n}\n",
        ),
        ("parts/shop/how.txt", "EC2\n"),
        ("live/how.txt", "EXTERNAL\n"),
    ];
    assert_eq!(
        said(&files),
        [
            "module.shop.aws_instance.of[\"api\"] 4",
            "module.shop.aws_instance.of[\"web\"] 4",
            "module.shop.aws_ecs_service.own 3",
            "module.shop.aws_ecs_service.of_root 4",
        ]
    );
}

#[test]
fn machines_join_the_cluster_that_their_script_names() {
    let files = [
        (
            "main.tf",
            "resource \"aws_ecs_cluster\" \"jobs\" {\n  name = \"jobs\"\n}\n\
             resource \"aws_ecs_cluster\" \"web\" {\n  name = \"web\"\n}\n\
             resource \"aws_instance\" \"node\" {\n  instance_type = \"m5.large\"\n  user_data = templatefile(\"join.sh\", {\n    first = aws_ecs_cluster.web.name\n    \
             own = aws_ecs_cluster.jobs.name\n  })\n}\n",
        ),
        (
            "join.sh",
            "#!/bin/sh\naws ecs describe-clusters --clusters ${first}\necho ECS_CLUSTER=${own} >> /etc/ecs/ecs.config\n",
        ),
    ];
    assert_eq!(said(&files), ["aws_ecs_cluster.jobs 3"]);
}

#[test]
fn a_change_of_a_file_that_is_read_is_a_change_of_who_reads_it() {
    let shop = Repository::new(&[
        (
            "live/main.tf",
            "resource \"aws_ecs_service\" \"web\" {\n  cluster     = \"shared\"\n  launch_type = yamldecode(file(\"${path.module}/../shared/how.yaml\")).launch\n}\n",
        ),
        ("shared/how.yaml", "launch: FARGATE\n"),
    ]);
    shop.write("shared/how.yaml", "launch: EC2\n");
    let expected = [
        "down: aws_ecs_service.web in live/main.tf compute/capacity > aws_ecs_service.web in live/main.tf compute/cluster",
    ];
    let (code, report) = shop.check(&["--since", "HEAD"]);
    assert_eq!(
        (code, change(&report)),
        (1, expected.map(str::to_owned).to_vec())
    );
    // Seen from a folder inside of the repository, too.
    let output = run(
        &shop.path().join("live"),
        &["check", "--since", "HEAD", "--format", "json"],
    );
    let report: Value = serde_json::from_str(&out(&output)).expect("it is JSON");
    assert_eq!(
        report["summary"]["change"]["down"].as_array().map(Vec::len),
        Some(1),
        "{report}"
    );
}

#[test]
fn a_script_that_is_not_there_may_join_the_cluster_beside_it() {
    const CLUSTER: &str = "resource \"aws_ecs_cluster\" \"jobs\" {\n  name = \"jobs\"\n}\n";
    let instance = |script: &str| {
        format!(
            "resource \"aws_instance\" \"node\" {{\n  instance_type = \"m5.large\"\n  user_data = {script}\n}}\n"
        )
    };
    let of = |main: &str, beside: &[(&str, &str)]| {
        let mut files = vec![("main.tf", main)];
        files.extend(beside);
        said(&files)
    };
    let in_doubt = "aws_instance.node 4 ? there is no file `join.sh`";
    for script in [
        "file(\"join.sh\")",
        "base64encode(file(\"join.sh\"))",
        "templatefile(\"join.sh\", { region = \"eu-west-1\" })",
    ] {
        let main = format!("{CLUSTER}{}", instance(script));
        assert_eq!(of(&main, &[]), [in_doubt], "{script}");
        // What can be seen, and says nothing of a cluster, is certain.
        let seen = of(&main, &[("join.sh", "echo hello\n")]);
        assert_eq!(seen, ["aws_instance.node 4"], "{script}");
        // Without a cluster there is nothing to join.
        assert_eq!(of(&instance(script), &[]), ["aws_instance.node 4"]);
    }
    let group = "resource \"aws_launch_template\" \"node\" {\n  user_data = filebase64(\"join.sh\")\n}\n\
                 resource \"aws_autoscaling_group\" \"nodes\" {\n  launch_template {\n    id = aws_launch_template.node.id\n  }\n}\n";
    assert_eq!(
        of(&format!("{CLUSTER}{group}"), &[]),
        ["aws_autoscaling_group.nodes 4 ? there is no file `join.sh`"]
    );
    assert_eq!(of(group, &[]), ["aws_autoscaling_group.nodes 4"]);
    let report = report(&[("main.tf", &format!("{CLUSTER}{group}"))]);
    let reachable = &report["decisions"][0]["reachable"][0];
    assert_eq!(reachable["rung"], 3, "{report}");
}

#[test]
fn a_count_by_a_file_that_is_not_there_says_so() {
    let main = |count: &str| {
        format!(
            "resource \"aws_instance\" \"desk\" {{\n  count = {count}\n  instance_type = \"m5.large\"\n}}\n"
        )
    };
    let text = main("length(file(\"desks.txt\"))");
    let of = |beside: &[(&str, &str)]| {
        let mut files = vec![("main.tf", &*text)];
        files.extend(beside);
        said(&files)
    };
    assert_eq!(
        of(&[]),
        ["aws_instance.desk 4 ? there is no file `desks.txt`"]
    );
    let there = of(&[("desks.txt", "x")]);
    assert_eq!(there.len(), 1, "{there:?}");
    assert!(!there[0].contains('?'), "{there:?}");
    // What hangs on a variable is conditional, and no doubt.
    let varied = said(&[(
        "main.tf",
        &format!(
            "variable \"on\" {{\n  default = false\n}}\n{}",
            main("var.on ? 1 : 0")
        ),
    )]);
    assert_eq!(varied, ["aws_instance.desk 4"]);
}
