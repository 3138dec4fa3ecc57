//! Terraform as people write it: `cargo bench --bench terraform`. The reader beside hcl-edit, and whole runs over many files: how they grow
//! with modules, with how deep those call each other, with instances, and with what a file says that all resources read.

use std::fmt::Write as _;
use std::sync::Arc;

use divan::Bencher;
use divan::counter::BytesCount;
use jiff::civil::date;
use sfl::workspace::Options;
use sfl::{Memory, check};

fn main() {
    divan::main();
}

/// Resources of each kind of value: plain, from a local, from a variable, in a template, in nested blocks.
fn module(number: usize) -> String {
    format!(
        "variable \"name\" {{\n  default = \"shop\"\n}}\nlocals {{\n  launch = \"FARGATE\"\n}}\n\
         resource \"aws_ecs_cluster\" \"all\" {{\n  name = \"${{var.name}}-{number}\"\n}}\n\
         resource \"aws_ecs_service\" \"web\" {{\n  cluster     = aws_ecs_cluster.all.id\n  launch_type = local.launch\n\n  \
         network_configuration {{\n    subnets = [\"subnet-a\", \"subnet-b\"]\n  }}\n}}\n\
         # What is left over from the orders\nresource \"aws_sqs_queue\" \"rest\" {{\n  name = \"${{var.name}}-rest\"\n}}\n\
         resource \"aws_lambda_function\" \"rest\" {{\n  function_name = join(\"-\", [var.name, \"rest\"])\n  memory_size   = 128 * 2\n}}\n"
    )
}

fn text(modules: usize) -> String {
    (0..modules).map(module).collect()
}

#[divan::bench(args = [10, 1_000])]
fn read_by_sfl(bencher: Bencher, modules: usize) {
    let text = text(modules);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| sfl::syntax::hcl(&text).document.len());
}

#[divan::bench(args = [10, 1_000])]
fn read_by_hcl_edit(bencher: Bencher, modules: usize) {
    let text = text(modules);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| text.parse::<hcl_edit::structure::Body>().is_ok());
}

/// A run over files in memory, by one thread.
fn run(bencher: Bencher, files: &[(String, String)]) {
    let memory = files
        .iter()
        .fold(Memory::new(date(2031, 5, 4)), |memory, (path, text)| {
            memory.with(path, text.as_str())
        });
    let options = Options {
        paths: vec![".".into()],
        threads: Some(1),
        ..Options::on(Arc::new(memory))
    };
    assert!(
        !check(&options, &|_, _| {}).decisions.is_empty(),
        "there is something to judge"
    );
    bencher.bench_local(|| check(&options, &|_, _| {}).decisions.len());
}

/// One root that calls all of them.
#[divan::bench(args = [500, 1_000, 2_000], sample_count = 5)]
fn modules_called(bencher: Bencher, modules: usize) {
    let mut root = String::new();
    for at in 0..modules {
        let _ = writeln!(
            root,
            "module \"m{at}\" {{\n  source = \"./m{at}\"\n  name = \"a{at}\"\n}}"
        );
    }
    let own = (0..modules).map(|at| (format!("m{at}/main.tf"), module(at)));
    let files: Vec<_> = own.chain([("main.tf".to_owned(), root)]).collect();
    run(bencher, &files);
}

/// Each alone.
#[divan::bench(args = [500, 1_000, 2_000], sample_count = 5)]
fn modules_alone(bencher: Bencher, modules: usize) {
    let files: Vec<_> = (0..modules)
        .map(|at| (format!("m{at}/main.tf"), module(at)))
        .collect();
    run(bencher, &files);
}

/// Each calls the next one.
#[divan::bench(args = [8, 16, 30], sample_count = 20)]
fn modules_deep(bencher: Bencher, deep: usize) {
    let files = (0..deep).map(|at| {
        let mut text = module(at);
        if at + 1 < deep {
            let next = at + 1;
            let _ = writeln!(
                text,
                "module \"next\" {{\n  source = \"../m{next}\"\n  name = var.name\n}}"
            );
        }
        (format!("m{at}/main.tf"), text)
    });
    run(bencher, &files.collect::<Vec<_>>());
}

/// One module, many times.
#[divan::bench(args = [250, 500, 1_000], sample_count = 5)]
fn instances(bencher: Bencher, instances: usize) {
    let root = format!(
        "module \"m\" {{\n  source   = \"./m\"\n  for_each = toset([for at in range({instances}) : \"k${{at}}\"])\n  name     = each.key\n}}\n"
    );
    let files = [
        ("main.tf".to_owned(), root),
        ("m/main.tf".to_owned(), module(0)),
    ];
    run(bencher, &files);
}

/// A file that says something of each of so many resources.
#[divan::bench(args = [500, 1_000, 2_000], sample_count = 5)]
fn resources_of_a_file(bencher: Bencher, resources: usize) {
    let mut root =
        "locals {\n  all = jsondecode(file(\"${path.module}/all.json\"))\n}\n".to_owned();
    let mut json = "{\"first\": {\"launch\": \"EC2\"}".to_owned();
    for at in 0..resources {
        let _ = write!(json, ", \"k{at}\": {{\"launch\": \"EC2\"}}");
        let _ = writeln!(
            root,
            "resource \"aws_ecs_service\" \"s{at}\" {{\n  launch_type = local.all[\"k{at}\"].launch\n}}"
        );
    }
    json.push('}');
    let files = [("main.tf".to_owned(), root), ("all.json".to_owned(), json)];
    run(bencher, &files);
}
