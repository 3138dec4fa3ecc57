//! How fast a big plan is read, beside `serde_json` making a `Value` of it. `SFL_PLAN_MB` says how big (50 by default).
//!
//! By hand, for a clock and a look at the memory: `--write FILE MB` writes such a plan, `--read FILE` reads it as sfl does,
//! `--value FILE` as `serde_json` does.
//!
//! The targets: a plan of 500 MB in less than 64 MB of memory, and at least four times as fast as `serde_json::Value`.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use divan::{Bencher, black_box, counter::BytesCount};
use sfl::blocks::plan::{Keep, read};
use std::borrow::Cow;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["--write", file, megabytes] => write(
            Path::new(file),
            megabytes.parse().map_err(io::Error::other)?,
        ),
        ["--read", file] => {
            sfl(Path::new(file));
            Ok(())
        }
        ["--value", file] => {
            value(Path::new(file));
            Ok(())
        }
        _ => {
            divan::main();
            let _ = std::fs::remove_file(&*PLAN);
            Ok(())
        }
    }
}

static PLAN: LazyLock<PathBuf> = LazyLock::new(|| {
    let megabytes = std::env::var("SFL_PLAN_MB")
        .ok()
        .and_then(|text| text.parse().ok());
    let file = std::env::temp_dir().join(format!("sfl-bench-{}.json", std::process::id()));
    write(&file, megabytes.unwrap_or(50)).expect("the temporary folder takes a plan");
    file
});

fn bytes() -> BytesCount {
    BytesCount::new(std::fs::metadata(&*PLAN).expect("it was written").len())
}

#[divan::bench(sample_count = 5)]
fn sfl_reads_it(bencher: Bencher) {
    bencher.counter(bytes()).bench(|| sfl(&PLAN));
}

#[divan::bench(sample_count = 5)]
fn serde_json_makes_a_value(bencher: Bencher) {
    bencher.counter(bytes()).bench(|| value(&PLAN));
}

/// The way of sfl; returns how many resources it keeps.
fn sfl(file: &Path) -> usize {
    let file = File::open(file).expect("it was written");
    let kept = read(file, &keep).expect("a plan");
    assert!(!kept.template.resources.is_empty());
    black_box(&kept).template.resources.len()
}

fn value(file: &Path) -> usize {
    let file = BufReader::with_capacity(1 << 20, File::open(file).expect("it was written"));
    let value: serde_json::Value = serde_json::from_reader(file).expect("JSON");
    black_box(&value)
        .as_object()
        .map_or(0, serde_json::Map::len)
}

fn keep(kind: &str) -> Keep<'static> {
    match kind {
        "aws_instance" => Keep::Wanted(
            const {
                &[
                    Cow::Borrowed("ami"),
                    Cow::Borrowed("instance_type"),
                    Cow::Borrowed("user_data"),
                    Cow::Borrowed("vpc_security_group_ids"),
                ]
            },
        ),
        "aws_new_thing" => Keep::Unknown,
        _ => Keep::Plumbing,
    }
}

/// A plan of about that size, in the shape and order of Terraform's own. One resource in a hundred is a decision.
fn write(file: &Path, megabytes: u64) -> io::Result<()> {
    let mut out = Counted {
        inner: BufWriter::new(File::create(file)?),
        bytes: 0,
    };
    let half = megabytes * 500_000;
    out.write_all(br#"{"format_version":"1.2","terraform_version":"1.9.8","variables":{"env":{"value":"prod"}},"#)?;
    out.write_all(br#""planned_values":{"root_module":{"resources":["#)?;
    let mut at = 0;
    while out.bytes < half {
        let comma = if at == 0 { "" } else { "," };
        write!(
            out,
            "{comma}{{{},\"values\":{},\"sensitive_values\":{{\"tags\":{{}}}}}}",
            head(at),
            values(at)
        )?;
        at += 1;
    }
    out.write_all(br#"]}},"resource_changes":["#)?;
    let mut at = 0;
    while out.bytes < 2 * half {
        let comma = if at == 0 { "" } else { "," };
        write!(
            out,
            "{comma}{{{},\"change\":{{\"actions\":[\"create\"],\"before\":null,\"after\":{},",
            head(at),
            values(at)
        )?;
        out.write_all(br#""after_unknown":{"arn":true,"id":true,"tags":{},"vpc_security_group_ids":[true]},"before_sensitive":false,"after_sensitive":{"tags":{}}}}"#)?;
        at += 1;
    }
    out.write_all(br#"],"prior_state":{"format_version":"1.0","values":{"root_module":{}}},"configuration":{"root_module":{"resources":["#)?;
    for at in 0..100 {
        let comma = if at == 0 { "" } else { "," };
        write!(
            out,
            "{comma}{{\"address\":\"{kind}.r\",\"mode\":\"managed\",\"type\":\"{kind}\",\"name\":\"r\",\"expressions\":{{\"ami\":{{\"constant_value\":\"x\"}},\"vpc_security_group_ids\":{{\"references\":[\"aws_security_group.g.id\",\"aws_security_group.g\"]}}}},\"schema_version\":1,\"count_expression\":{{\"references\":[\"var.n\"]}}}}",
            kind = kind(at)
        )?;
    }
    out.write_all(b"]}}}\n")?;
    out.flush()
}

fn kind(at: u64) -> &'static str {
    const PLUMBING: [&str; 5] = [
        "aws_iam_role",
        "aws_cloudwatch_log_group",
        "aws_security_group_rule",
        "aws_route53_record",
        "aws_iam_role_policy_attachment",
    ];
    match at % 100 {
        7 => "aws_instance",
        8 => "aws_new_thing",
        other => PLUMBING[usize::try_from(other).unwrap_or(0) % PLUMBING.len()],
    }
}

fn head(at: u64) -> String {
    let kind = kind(at);
    format!(
        r#""address":"{kind}.r[{at}]","mode":"managed","type":"{kind}","name":"r","index":{at},"provider_name":"registry.terraform.io/hashicorp/aws","schema_version":1"#
    )
}

/// A policy in a text full of escapes, lists, numbers and nulls, as resources have them.
fn values(at: u64) -> String {
    format!(
        r#"{{"ami":"ami-0{at:016x}","instance_type":"t3.micro","assume_role_policy":"{{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {{\n      \"Action\": \"sts:AssumeRole\",\n      \"Effect\": \"Allow\",\n      \"Principal\": {{\n        \"Service\": \"ec2.amazonaws.com\"\n      }}\n    }}\n  ]\n}}","description":"number {at} of many, für alle","force_detach_policies":false,"inline_policy":[],"max_session_duration":3600,"ingress":[{{"cidr_blocks":["10.0.0.0/8","192.168.0.0/16"],"from_port":443,"to_port":443,"protocol":"tcp","self":false}}],"name":"resource-{at}","name_prefix":null,"path":"/","permissions_boundary":null,"tags":{{"Environment":"production","Team":"platform","CostCentre":"{at}"}},"user_data":null}}"#
    )
}

struct Counted<W> {
    inner: W,
    bytes: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
