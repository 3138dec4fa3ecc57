//! How time and memory grow with each dimension of the input on its own: `cargo bench --bench growth`, with the names of
//! dimensions to measure only those. Each is doubled until it takes a second, and the exponent is that of the last doubling:
//! 1 is linear, 2 is quadratic. It ends with exit code 1 where one is above [`MOST`].
//!
//! `SFL` names another program to measure. What is measured is the processor's time of the built program, all its threads, less what
//! it takes to start; the least of three runs. What is refused, with a finding and exit code 2, has grown to its limit.
#![expect(clippy::print_stdout, reason = "this is what it is for")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use wait4::Wait4;

/// The exponent that none may exceed.
const MOST: f64 = 1.1;
/// Below this many seconds the noise of a busy machine is larger than the difference.
const LEAST_SECONDS: f64 = 0.15;
/// How often a dimension is doubled at most.
const DOUBLINGS: u32 = 9;
const RUNS: usize = 3;

/// One dimension: writes an input of a size into a folder, and says with which arguments it is checked.
struct Dimension {
    name: &'static str,
    /// The smallest size.
    from: usize,
    write: fn(&Path, usize),
    arguments: &'static [&'static str],
}

const CHECK: &[&str] = &["check", ".", "--format", "concise", "--exit-zero"];

const DIMENSIONS: &[Dimension] = &[
    Dimension {
        name: "files",
        from: 200,
        write: files,
        arguments: CHECK,
    },
    Dimension {
        name: "bytes of one text",
        from: 25_000,
        write: one_text,
        arguments: CHECK,
    },
    Dimension {
        name: "resources",
        from: 1_000,
        write: resources,
        arguments: CHECK,
    },
    Dimension {
        name: "resources, .tf",
        from: 1_000,
        write: tf_resources,
        arguments: CHECK,
    },
    Dimension {
        name: "parameters, each used once",
        from: 500,
        write: parameters,
        arguments: CHECK,
    },
    Dimension {
        name: "allowed values, used by as many",
        from: 250,
        write: allowed_values,
        arguments: CHECK,
    },
    Dimension {
        name: "keys of a mapping, looked up by as many",
        from: 250,
        write: mapping_keys,
        arguments: CHECK,
    },
    Dimension {
        name: "keys of a local, looked up by as many",
        from: 250,
        write: local_keys,
        arguments: CHECK,
    },
    Dimension {
        name: "conditions",
        from: 500,
        write: conditions,
        arguments: CHECK,
    },
    Dimension {
        name: "uses of an alias of as many references",
        from: 250,
        write: aliases,
        arguments: CHECK,
    },
    Dimension {
        name: "uses of an alias of one long text",
        from: 250,
        write: aliased_text,
        arguments: CHECK,
    },
    Dimension {
        name: "merges of an alias",
        from: 250,
        write: merges,
        arguments: CHECK,
    },
    Dimension {
        name: "locals",
        from: 500,
        write: locals,
        arguments: CHECK,
    },
    Dimension {
        name: "uses of one long local",
        from: 250,
        write: long_local,
        arguments: CHECK,
    },
    Dimension {
        name: "depth of references",
        from: 500,
        write: depth,
        arguments: CHECK,
    },
    Dimension {
        name: "length of one expression",
        from: 2_000,
        write: expression,
        arguments: CHECK,
    },
    Dimension {
        name: "members of one cluster",
        from: 250,
        write: members,
        arguments: &["check", ".", "--format", "json", "--exit-zero"],
    },
    Dimension {
        name: "instances by count",
        from: 1_000,
        write: counted,
        arguments: CHECK,
    },
    Dimension {
        name: "calls of a module",
        from: 250,
        write: module_calls,
        arguments: CHECK,
    },
    Dimension {
        name: "entries of the ledger",
        from: 250,
        write: ledger,
        arguments: CHECK,
    },
    Dimension {
        name: "entries of the baseline",
        from: 500,
        write: baseline,
        arguments: &[
            "check",
            ".",
            "--format",
            "concise",
            "--exit-zero",
            "--baseline",
            "baseline.json",
        ],
    },
    Dimension {
        name: "rules of an ignore file",
        from: 500,
        write: ignored,
        arguments: CHECK,
    },
    Dimension {
        name: "resources of a plan",
        from: 1_000,
        write: plan,
        arguments: CHECK,
    },
    Dimension {
        name: "references of a plan's output",
        from: 500,
        write: plan_output,
        arguments: CHECK,
    },
    Dimension {
        name: "decisions in pretty",
        from: 1_000,
        write: resources,
        arguments: &["check", ".", "--format", "pretty", "--full", "--exit-zero"],
    },
    Dimension {
        name: "decisions in json",
        from: 1_000,
        write: resources,
        arguments: &["check", ".", "--format", "json", "--exit-zero"],
    },
    Dimension {
        name: "decisions in html",
        from: 1_000,
        write: resources,
        arguments: &["check", ".", "--format", "html", "--exit-zero"],
    },
    Dimension {
        name: "decisions in html, all on one line",
        from: 1_000,
        write: one_line,
        arguments: &["check", ".", "--format", "html", "--exit-zero"],
    },
    Dimension {
        name: "decisions in sarif",
        from: 1_000,
        write: resources,
        arguments: &["check", ".", "--format", "sarif", "--exit-zero"],
    },
    Dimension {
        name: "decisions in markdown",
        from: 1_000,
        write: resources,
        arguments: &["check", ".", "--format", "markdown", "--exit-zero"],
    },
    Dimension {
        name: "decisions in csv",
        from: 1_000,
        write: resources,
        arguments: &["check", ".", "--format", "csv", "--exit-zero"],
    },
    Dimension {
        name: "decisions on the map",
        from: 1_000,
        write: resources,
        arguments: &["map", "."],
    },
    Dimension {
        name: "decisions in the graph",
        from: 1_000,
        write: resources,
        arguments: &["graph", ".", "--format", "json"],
    },
    Dimension {
        name: "decisions in next",
        from: 1_000,
        write: resources,
        arguments: &["next", "."],
    },
    Dimension {
        name: "decisions in liability",
        from: 1_000,
        write: resources,
        arguments: &["liability", "."],
    },
];

/// Processor seconds, and the most memory in megabytes.
#[derive(Clone, Copy)]
struct Used {
    seconds: f64,
    megabytes: f64,
    is_refused: bool,
}

fn run(folder: &Path, arguments: &[&str]) -> Used {
    let program = std::env::var("SFL").unwrap_or_else(|_| env!("CARGO_BIN_EXE_sfl").to_owned());
    let mut least = Used {
        seconds: f64::MAX,
        megabytes: f64::MAX,
        is_refused: false,
    };
    for _ in 0..RUNS {
        // Linux counts what this program ever held as held by the child, until it is told to forget.
        let _ = fs::write("/proc/self/clear_refs", "5");
        let mut command = Command::new(&program);
        command.args(arguments).current_dir(folder);
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let used = child.wait4().expect("it can be waited for");
        // 2: there is more than sfl reads of it, and it says so.
        assert!(
            matches!(used.status.code(), Some(0 | 2)),
            "{arguments:?} in {}",
            folder.display()
        );
        least.is_refused = used.status.code() == Some(2);
        let time = used.rusage.utime + used.rusage.stime;
        least.seconds = least.seconds.min(time.as_secs_f64());
        least.megabytes = least
            .megabytes
            .min(used.rusage.maxrss as f64 / f64::from(1 << 20));
    }
    least
}

fn put(folder: &Path, name: &str, text: &str) {
    let file = folder.join(name);
    fs::create_dir_all(file.parent().expect("it is in the folder"))
        .expect("the folder can be made");
    fs::write(file, text).expect("the file can be written");
}

/// A text of a head, lines and a tail.
fn lines(head: &str, size: usize, line: impl Fn(usize) -> String, tail: &str) -> String {
    let mut text = head.to_owned();
    for at in 0..size {
        text.push_str(&line(at));
        text.push('\n');
    }
    text + tail
}

fn service(at: usize, launch_type: &str) -> String {
    format!("  S{at}: {{Type: AWS::ECS::Service, Properties: {{LaunchType: {launch_type}}}}}")
}

fn files(folder: &Path, size: usize) {
    let text = lines("Resources:\n", 20, |at| service(at, "EC2"), "");
    for at in 0..size {
        put(folder, &format!("{}/stack{at}.yaml", at % 10), &text);
    }
}

fn one_text(folder: &Path, size: usize) {
    let script = "yum install -y thing\n            ".repeat(size / 33);
    let text = format!(
        "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n    Properties:\n      UserData:\n        Fn::Base64: !Sub |\n            {script}\n"
    );
    put(folder, "web.yaml", &text);
}

fn resources(folder: &Path, size: usize) {
    let one = |at: usize| match at % 4 {
        0 => format!("  Web{at}: {{Type: AWS::EC2::Instance, Properties: {{ImageId: ami-{at}}}}}"),
        1 => format!(
            "  F{at}: {{Type: AWS::Lambda::Function, Properties: {{Environment: {{Variables: {{Q: !Ref Q{}}}}}}}}}",
            at + 1
        ),
        2 => format!("  Q{at}: {{Type: AWS::SQS::Queue}}"),
        _ => service(at, "EC2"),
    };
    put(folder, "stack.yaml", &lines("Resources:\n", size, one, ""));
}

fn one_line(folder: &Path, size: usize) {
    let one = |at: usize| format!("\"Web{at}\": {{\"Type\": \"AWS::EC2::Instance\"}}, ");
    let all: String = (0..size).map(one).collect();
    let all = all.trim_end_matches(", ");
    put(
        folder,
        "stack.json",
        &format!("{{\"Resources\": {{{all}}}}}"),
    );
}

fn tf_resources(folder: &Path, size: usize) {
    let one = |at: usize| {
        format!(
            "resource \"aws_instance\" \"w{at}\" {{\n  instance_type = \"m5.large\"\n  subnet_id = aws_subnet.s{}.id\n}}\nresource \"aws_subnet\" \"s{at}\" {{}}",
            at / 2
        )
    };
    put(folder, "main.tf", &lines("", size, one, ""));
}

fn parameters(folder: &Path, size: usize) {
    let head = lines(
        "Parameters:\n",
        size,
        |at| format!("  P{at}: {{Type: String, Default: FARGATE, AllowedValues: [FARGATE, EC2]}}"),
        "Resources:\n",
    );
    put(
        folder,
        "stack.yaml",
        &lines(&head, size, |at| service(at, &format!("!Ref P{at}")), ""),
    );
}

fn allowed_values(folder: &Path, size: usize) {
    let values: Vec<String> = (0..size).map(|at| format!("V{at}")).collect();
    let head = format!(
        "Parameters:\n  P: {{Type: String, Default: FARGATE, AllowedValues: [FARGATE, EC2, {}]}}\nResources:\n",
        values.join(", ")
    );
    put(
        folder,
        "stack.yaml",
        &lines(&head, size, |at| service(at, "!Ref P"), ""),
    );
}

fn mapping_keys(folder: &Path, size: usize) {
    let head = lines(
        "Parameters: {P: {Type: String}}\nMappings:\n  M:\n",
        size,
        |at| {
            format!(
                "    k{at}: {{a: {}}}",
                if at % 2 == 0 { "EC2" } else { "FARGATE" }
            )
        },
        "Resources:\n",
    );
    put(
        folder,
        "stack.yaml",
        &lines(
            &head,
            size,
            |at| service(at, "!FindInMap [M, !Ref P, a]"),
            "",
        ),
    );
}

fn local_keys(folder: &Path, size: usize) {
    let head = lines(
        "variable \"v\" {}\nlocals {\n  m = {\n",
        size,
        |at| format!("    k{at} = \"EC2\""),
        "  }\n}\n",
    );
    let one = |at: usize| {
        format!(
            "resource \"aws_ecs_service\" \"s{at}\" {{\n  launch_type = lookup(local.m, var.v, \"FARGATE\")\n}}"
        )
    };
    put(folder, "main.tf", &lines(&head, size, one, ""));
}

fn conditions(folder: &Path, size: usize) {
    let head = lines(
        "Parameters: {P: {Type: String, Default: prod}}\nConditions:\n  C0: !Equals [!Ref P, prod]\n",
        size,
        |at| {
            format!(
                "  C{}: !And [!Condition C{at}, !Equals [!Ref P, prod]]",
                at + 1
            )
        },
        "Resources:\n",
    );
    put(
        folder,
        "stack.yaml",
        &lines(
            &head,
            size,
            |at| service(at, &format!("!If [C{at}, FARGATE, EC2]")),
            "",
        ),
    );
}

fn aliases(folder: &Path, size: usize) {
    let references: Vec<String> = (0..size).map(|at| format!("!Ref S{at}")).collect();
    let head = format!("X: &all [{}]\nResources:\n", references.join(", "));
    let one = |at: usize| {
        format!(
            "  S{at}: {{Type: AWS::ECS::Service, DependsOn: [], Properties: {{LaunchType: EC2, Tags: *all}}}}"
        )
    };
    put(folder, "stack.yaml", &lines(&head, size, one, ""));
}

fn aliased_text(folder: &Path, size: usize) {
    let parts: String = (0..size).map(|at| format!("${{S{at}}} ")).collect();
    let head = format!("X: &all !Sub \"{parts}\"\nResources:\n");
    let one = |at: usize| {
        format!(
            "  S{at}: {{Type: AWS::ECS::Service, Properties: {{LaunchType: EC2, ServiceName: *all}}}}"
        )
    };
    put(folder, "stack.yaml", &lines(&head, size, one, ""));
}

fn merges(folder: &Path, size: usize) {
    let keys = lines(
        "X: &all\n",
        size,
        |at| format!("  k{at}: 1"),
        "Resources:\n",
    );
    let one = |at: usize| {
        format!("  S{at}: {{Type: AWS::ECS::Service, Properties: {{<<: *all, LaunchType: EC2}}}}")
    };
    put(folder, "stack.yaml", &lines(&keys, size, one, ""));
}

fn locals(folder: &Path, size: usize) {
    let head = lines(
        "locals {\n  l0 = \"EC2\"\n",
        size,
        |at| format!("  l{} = local.l{}", at + 1, at / 2),
        "}\n",
    );
    let one = |at: usize| {
        format!("resource \"aws_ecs_service\" \"s{at}\" {{\n  launch_type = local.l{at}\n}}")
    };
    put(folder, "main.tf", &lines(&head, size, one, ""));
}

fn long_local(folder: &Path, size: usize) {
    let parts = vec!["var.x"; size].join(", ");
    let head =
        format!("variable \"x\" {{ default = \"EC2\" }}\nlocals {{\n  a = [{parts}][0]\n}}\n");
    let one = |at: usize| {
        format!("resource \"aws_ecs_service\" \"s{at}\" {{\n  launch_type = local.a\n}}")
    };
    put(folder, "main.tf", &lines(&head, size, one, ""));
}

fn depth(folder: &Path, size: usize) {
    let one = |at: usize| {
        format!(
            "  Q{at}:\n    Type: AWS::SQS::Queue\n    Properties: {{RedrivePolicy: {{deadLetterTargetArn: !GetAtt Q{}.Arn}}}}",
            at + 1
        )
    };
    let tail = format!("  Q{size}: {{Type: AWS::SQS::Queue}}\n");
    put(
        folder,
        "stack.yaml",
        &lines("Resources:\n", size, one, &tail),
    );
}

fn expression(folder: &Path, size: usize) {
    let parts = vec!["var.x"; size].join(" + ");
    put(
        folder,
        "main.tf",
        &format!(
            "variable \"x\" {{}}\nresource \"aws_instance\" \"web\" {{\n  count = {parts}\n}}\n"
        ),
    );
}

fn members(folder: &Path, size: usize) {
    let one = |at: usize| {
        format!(
            "  S{at}: {{Type: AWS::ECS::Service, Properties: {{Cluster: !Ref Cluster, LaunchType: EC2}}}}\n  N{at}: {{Type: AWS::EC2::Instance, Properties: {{UserData: !Sub \"ECS_CLUSTER=${{Cluster}}\"}}}}"
        )
    };
    put(
        folder,
        "stack.yaml",
        &lines(
            "Resources:\n  Cluster: {Type: AWS::ECS::Cluster}\n",
            size,
            one,
            "",
        ),
    );
}

fn counted(folder: &Path, size: usize) {
    let one = |at: usize| format!("resource \"aws_instance\" \"w{at}\" {{\n  count = 100\n}}");
    put(folder, "main.tf", &lines("", size / 100, one, ""));
}

fn module_calls(folder: &Path, size: usize) {
    put(
        folder,
        "one/main.tf",
        "variable \"t\" {}\nresource \"aws_ecs_service\" \"s\" {\n  launch_type = var.t\n}\n",
    );
    let one = |at: usize| format!("module \"m{at}\" {{\n  source = \"./one\"\n  t = \"EC2\"\n}}");
    put(folder, "main.tf", &lines("", size, one, ""));
}

fn ledger(folder: &Path, size: usize) {
    let one = |at: usize| {
        format!(
            "[[justification]]\npath = \"*.yaml\"\naddress = \"S{at}\"\nbecause = \"licence\"\nreason = \"the licence of the vendor counts physical cores\""
        )
    };
    put(folder, "sfl.toml", &lines("", size, one, ""));
    put(
        folder,
        "stack.yaml",
        &lines("Resources:\n", size, |at| service(at, "EC2"), ""),
    );
}

fn baseline(folder: &Path, size: usize) {
    put(
        folder,
        "stack.yaml",
        &lines("Resources:\n", size, |at| service(at, "EC2"), ""),
    );
    run(folder, &["baseline", ".", "--output", "baseline.json"]);
}

fn ignored(folder: &Path, size: usize) {
    put(
        folder,
        ".gitignore",
        &lines("", size, |at| format!("folder{at}/*.yaml"), ""),
    );
    for at in 0..size {
        put(
            folder,
            &format!("at{}/stack{at}.yaml", at % 10),
            "Resources: {W: {Type: AWS::EC2::Instance}}\n",
        );
    }
}

fn planned(at: usize) -> String {
    format!(
        "{{\"address\": \"aws_instance.w{at}\", \"mode\": \"managed\", \"type\": \"aws_instance\", \"name\": \"w{at}\", \"values\": {{\"instance_type\": \"m5.large\"}}}}"
    )
}

fn plan_of(size: usize, resources: &str, outputs: &str) -> String {
    let values: Vec<String> = (0..size).map(planned).collect();
    format!(
        "{{\"format_version\": \"1.2\", \"terraform_version\": \"1.11.4\", \"planned_values\": {{\"root_module\": {{\"resources\": [{}]}}}}, \"configuration\": {{\"root_module\": {{\"resources\": [{resources}], \"outputs\": {{{outputs}}}}}}}}}",
        values.join(",\n")
    )
}

fn plan(folder: &Path, size: usize) {
    put(folder, "plan.json", &plan_of(size, "", ""));
}

fn plan_output(folder: &Path, size: usize) {
    let references: Vec<String> = (0..size)
        .map(|at| format!("\"aws_instance.w{at}.id\""))
        .collect();
    let output = format!(
        "\"all\": {{\"expression\": {{\"references\": [{}]}}}}",
        references.join(", ")
    );
    let one = |at: usize| {
        format!(
            "{{\"address\": \"aws_instance.w{at}\", \"mode\": \"managed\", \"type\": \"aws_instance\", \"name\": \"w{at}\", \"expressions\": {{\"user_data\": {{\"references\": [\"module.m.all\"]}}}}}}"
        )
    };
    let resources: Vec<String> = (0..size).map(one).collect();
    put(
        folder,
        "plan.json",
        &plan_of(size, &resources.join(",\n"), &output),
    );
}

/// Measures one dimension; the exponent of its last doubling, or nothing where even the largest takes no time.
fn measure(dimension: &Dimension, start: Used) -> Option<f64> {
    let mut before: Option<f64> = None;
    let mut size = dimension.from;
    for doubled in 0..=DOUBLINGS {
        let folder = tempfile::tempdir().expect("the temporary folder takes an input");
        (dimension.write)(folder.path(), size);
        let used = run(folder.path(), dimension.arguments);
        let own = (used.seconds - start.seconds).max(0.001);
        let line = format!(
            "{:44} {size:9} {:8.3} s {:7.0} MB",
            dimension.name, used.seconds, used.megabytes
        );
        if let Some(before) = before
            && own >= LEAST_SECONDS
            && before >= LEAST_SECONDS / 3.0
        {
            let exponent = (own / before).log2();
            let mark = if exponent > MOST { "  above" } else { "" };
            println!("{line} {exponent:6.2}{mark}");
            return Some(exponent);
        }
        if used.is_refused || doubled == DOUBLINGS {
            let why = match used.is_refused {
                true => "refused",
                false => "too fast to tell",
            };
            println!("{line}  {why}");
            return None;
        }
        before = Some(own);
        size *= 2;
    }
    unreachable!("the last doubling is told")
}

fn main() -> ExitCode {
    let named: Vec<String> = std::env::args()
        .skip(1)
        .filter(|one| one != "--bench")
        .collect();
    let folder = tempfile::tempdir().expect("the temporary folder takes an input");
    put(
        folder.path(),
        "stack.yaml",
        "Resources: {Q: {Type: AWS::SQS::Queue}}\n",
    );
    let start = run(folder.path(), CHECK);
    let mut head = String::new();
    let _ = write!(
        head,
        "{:44} {:>9} {:>10} {:>10} {:>6}",
        "dimension", "size", "time", "memory", "grows"
    );
    println!("{head}");
    let chosen = DIMENSIONS.iter().filter(|one| {
        named.is_empty() || named.iter().any(|name| one.name.contains(name.as_str()))
    });
    let above = chosen
        .filter(|one| measure(one, start).is_some_and(|exponent| exponent > MOST))
        .count();
    if above > 0 {
        println!("{above} grow faster than {MOST}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
