//! The examples for many machines: a Spark job of which a worker is killed in the middle, and an architect's questions in DuckDB.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::onlookers;
use crate::repository::Repository;
use crate::tools::missing;

const DUCKDB: [&str; 1] = ["duckdb==2.0.1"];
const SPARK: [&str; 1] = ["pyspark==4.3.0"];
const DAY: &str = "2027-01-31";

const SERVER: &str = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n    Metadata:\n      sfl: { because: licence, reason: \"the vendor counts sockets of machines\", owner: team-a, expires: 2027-03-01 }\n    Properties:\n      ImageId: ami-1\n      UserData: !Base64 \"#!/bin/sh\\nyum install -y nginx\\nsystemctl start nginx\\n\"\n";
const API: &str = "Parameters:\n  Mode: { Type: String, Default: PAY_PER_REQUEST, AllowedValues: [PAY_PER_REQUEST, PROVISIONED] }\nResources:\n  Work:\n    Type: AWS::Lambda::Function\n    Properties: { Code: { ZipFile: x } }\n  Old:\n    Type: AWS::OpsWorks::Instance\n    Properties: { InstanceType: m5.large }\n  Orders:\n    Type: AWS::DynamoDB::Table\n    Properties: { BillingMode: !Ref Mode }\n  Table:\n    Type: AWS::DynamoDB::Table\n    Properties: { ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 } }\n";

fn sfl(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sfl"));
    let output = command.current_dir(folder).args(arguments).output();
    output.expect("the program runs")
}

/// A folder of bare clones, named by a number.
fn clones(many: usize) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let all = folder.path().join("clones");
    for number in 0..many {
        let server = SERVER.replace("ami-1", &format!("ami-{number}"));
        let db = format!(
            "resource \"aws_rds_cluster\" \"db{number}\" {{\n  engine = \"aurora-mysql\"\n}}\n"
        );
        let repository = Repository::new(&[
            ("infra/web.yaml", &server),
            ("api.yaml", API),
            ("main.tf", &db),
        ]);
        let clone = all.join(format!("team-{}/shop-{number:02}.git", number % 3));
        let clone = clone.to_str().expect("it is UTF-8");
        repository.git(&["clone", "-q", "--bare", ".", clone]);
    }
    (folder, all)
}

/// What a single machine finds in them.
fn alone(folder: &Path, clones: &Path, many: usize) {
    let line = |number: usize| {
        let name = format!("team-{}/shop-{number:02}", number % 3);
        let repository = clones.join(format!("{name}.git"));
        json!({"name": name, "repository": repository, "ref": "HEAD"}).to_string() + "\n"
    };
    let lines: String = (0..many).map(line).collect();
    fs::write(folder.join("inputs"), lines).expect("it can be written");
    let input = fs::File::open(folder.join("inputs")).expect("it was written");
    let mut scan = Command::new(env!("CARGO_BIN_EXE_sfl"));
    let scan = scan
        .current_dir(folder)
        .args(["scan", "--stream", "--today", DAY]);
    let scanned = scan.stdin(input).output().expect("the program runs");
    assert!(scanned.status.success());
    fs::write(folder.join("found.jsonl"), scanned.stdout).expect("it can be written");
    let parquet = [
        "merge",
        "found.jsonl",
        "--today",
        DAY,
        "--output",
        "json=alone.json",
        "--output",
        "parquet=alone.parquet",
    ];
    let merged = sfl(folder, &parquet);
    assert!(
        merged.status.success(),
        "{}",
        String::from_utf8_lossy(&merged.stderr)
    );
}

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("examples")
        .join(name)
}

/// Each answer of DuckDB to the questions of the example, as rows of texts.
#[test]
fn an_architect_asks_ten_questions_in_duckdb() {
    if missing!(PYTHON) {
        return;
    }
    let python = onlookers::python("duckdb", &DUCKDB);
    let (folder, clones) = clones(4);
    alone(folder.path(), &clones, 4);
    fs::rename(
        folder.path().join("alone.parquet"),
        folder.path().join("decisions.parquet"),
    )
    .expect("it was written");
    // What ends soon is asked by the day of the test.
    let questions = fs::read_to_string(example("duckdb.sql")).expect("it is text");
    assert!(questions.contains("current_date"));
    let questions = questions.replace("current_date", &format!("DATE '{DAY}'"));
    fs::write(folder.path().join("questions.sql"), questions).expect("it can be written");
    let ask = "import sys, json, duckdb\nfor one in duckdb.extract_statements(open(sys.argv[1]).read()):\n    found = duckdb.execute(one)\n    rows = found.fetchall() if one.type == duckdb.StatementType.SELECT else None\n    if rows is not None: print(json.dumps([[None if cell is None else str(cell) for cell in row] for row in rows]))\nabout = duckdb.execute(\"SELECT decode(key), decode(value) FROM parquet_kv_metadata('decisions.parquet')\").fetchall()\nprint(json.dumps(about))\nprint(json.dumps(duckdb.execute(\"SELECT count(*) FROM 'decisions.parquet'\").fetchall()))\n";
    let asked = Command::new(python)
        .current_dir(folder.path())
        .args(["-c", ask, "questions.sql"])
        .output()
        .expect("it runs");
    let error = String::from_utf8_lossy(&asked.stderr);
    assert!(asked.status.success(), "{error}");
    let text = String::from_utf8(asked.stdout).expect("it prints UTF-8");
    let answers: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("it is JSON"))
        .collect();
    assert_eq!(answers.len(), 12, "{text}");
    let report = fs::read_to_string(folder.path().join("alone.json")).expect("it was written");
    let report: Value = serde_json::from_str(&report).expect("it is JSON");
    // The whole of it is what the report says.
    let score = report["summary"]["score"].as_f64().expect("a score");
    let told: f64 = answers[0][0][1]
        .as_str()
        .expect("a cell")
        .parse()
        .expect("a number");
    assert_eq!(answers[0][0][0], "all of it");
    assert!((told - score).abs() < 0.06, "{told} and {score}");
    assert_eq!(answers[0][0][2], report["summary"]["decisions"].to_string());
    assert_eq!(
        answers[11],
        json!([[report["decisions"].as_array().map(Vec::len)]])
    );
    let rows = |at: usize| answers[at].as_array().expect("rows").clone();
    // 2: all four are alike, so their names decide.
    let names: Vec<Value> = rows(1).iter().map(|row| row[0].clone()).collect();
    let expected = [0, 3, 1, 2].map(|at| format!("team-{}/shop-0{at}", at % 3));
    assert_eq!(names, expected);
    // 3: the cluster, the table and the old server; the other server has its reason.
    assert_eq!(rows(2).len(), 4);
    assert_eq!(rows(2)[0], json!([expected[0], "(nobody)", "3", "4"]));
    assert_eq!(rows(3), [json!(["licence", "compute", "4", "4"])]);
    assert_eq!(rows(4).len(), 4);
    assert_eq!(rows(4)[0][0], "2027-03-01");
    assert_eq!(rows(4)[0][7], "team-a");
    let old = "AWS::OpsWorks::Instance";
    let ended = [
        "lifecycle/ended",
        "2024-05-26",
        old,
        "opsworks-instance",
        "4",
        "4",
    ];
    assert_eq!(rows(5), [json!(ended)]);
    let small: Vec<Value> = rows(6).iter().map(|row| json!([row[0], row[3]])).collect();
    assert_eq!(
        small,
        [
            json!(["AWS::DynamoDB::Table", "4"]),
            json!(["aws_rds_cluster", "4"])
        ]
    );
    assert!(rows(7).contains(&json!(["patching", "8", "4"])));
    // 9: the three lines of the server's script.
    assert_eq!(rows(8).len(), 4);
    assert_eq!(rows(8)[0], json!([expected[0], "3", "1"]));
    // 10: what a parameter may make of a table.
    assert_eq!(rows(9).len(), 4);
    let table = &rows(9)[0];
    assert_eq!(
        [&table[3], &table[4], &table[5]],
        ["Orders", "serverless", "2"]
    );
    assert!(answers[10].to_string().contains("sfl-decisions/1"));
}

/// Ends what a test has started, whatever becomes of the test.
struct Started(Child);

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The processes below one, each with what it was called with.
fn below(process: u32) -> Vec<(u32, String)> {
    let all = fs::read_dir("/proc").expect("Linux has it").flatten();
    let all = all.filter_map(|one| one.file_name().to_str()?.parse().ok());
    let parents: Vec<(u32, u32)> = all
        .filter_map(|id: u32| {
            let about = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
            let parent = about.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()?;
            Some((id, parent))
        })
        .collect();
    let mut found = vec![process];
    let mut at = 0;
    while at < found.len() {
        let children = parents.iter().filter(|one| one.1 == found[at]);
        let children: Vec<u32> = children.map(|one| one.0).collect();
        found.extend(children);
        at += 1;
    }
    let called = |id: u32| {
        let words = fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        (id, String::from_utf8_lossy(&words).replace('\0', " "))
    };
    found.into_iter().map(called).collect()
}

/// Two workers, of which one dies while it scans: what comes out is what a single machine finds.
#[test]
fn a_spark_job_survives_the_death_of_a_worker() {
    if missing!(PYTHON, SPARK) {
        return;
    }
    const MANY: usize = 24;
    let python = onlookers::python("spark", &SPARK);
    let (folder, clones) = clones(MANY);
    let folder = folder.path();
    alone(folder, &clones, MANY);
    // Each repository takes its time, so that there is a middle.
    let slow = folder.join("slow-sfl");
    let program = env!("CARGO_BIN_EXE_sfl");
    let marks = folder.join("marks");
    fs::create_dir(&marks).expect("it can be made");
    let script = format!(
        "#!/bin/sh\nif [ \"$1\" = scan ]; then : > '{}'/$$; sleep 1; fi\nexec '{program}' \"$@\"\n",
        marks.display()
    );
    fs::write(&slow, script).expect("it can be written");
    let done = Command::new("chmod").arg("+x").arg(&slow).status();
    assert!(done.expect("it runs").success());
    let mut submit = Command::new(&python);
    submit
        .current_dir(folder)
        .arg(example("spark/scan.py"))
        .args(["clones", "out", "--parts", "12", "--today", DAY, "--sfl"])
        .arg(&slow)
        .env("PYSPARK_PYTHON", &python)
        .env(
            "PYSPARK_SUBMIT_ARGS",
            "--master local-cluster[2,1,1024] pyspark-shell",
        )
        .env("SPARK_LOCAL_IP", "127.0.0.1")
        .stdout(fs::File::create(folder.join("said")).expect("it can be written"))
        .stderr(fs::File::create(folder.join("log")).expect("it can be written"))
        .stdin(Stdio::null());
    let mut job = Started(submit.spawn().expect("it runs"));
    let log = || fs::read_to_string(folder.join("log")).unwrap_or_default();
    let start = Instant::now();
    let mut killed = None;
    let status = loop {
        if let Some(status) = job.0.try_wait().expect("it can be asked") {
            break status;
        }
        assert!(start.elapsed() < Duration::from_secs(600), "{}", log());
        let scanned = fs::read_dir(&marks).expect("it was made").count();
        if killed.is_none() && scanned >= 4 {
            let mut all = below(job.0.id()).into_iter();
            let worker = all.find(|(_, called)| {
                called.contains("CoarseGrainedExecutorBackend")
                    && called.contains("--executor-id 0")
            });
            // In the middle of its work, or nobody would have to do it again.
            let is_at_work = |worker: u32| {
                let mut all = below(worker).into_iter();
                all.any(|(_, called)| called.contains("slow-sfl scan"))
            };
            if let Some((worker, _)) = worker
                && is_at_work(worker)
            {
                let kill = Command::new("kill")
                    .args(["-9", &worker.to_string()])
                    .status();
                assert!(kill.expect("it runs").success());
                killed = Some(scanned);
            }
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    assert!(status.success(), "{}", log());
    let scanned = fs::read_dir(&marks).expect("it was made").count();
    assert!(
        killed.is_some_and(|at| at < 12) && scanned > 12,
        "{killed:?} of {scanned}: {}",
        log()
    );
    assert!(log().contains("Lost executor 0"), "{}", log());
    let read = |name: &str| fs::read(folder.join(name)).expect("it was written");
    assert!(
        read("out/report.json") == read("alone.json"),
        "the reports differ"
    );
    assert!(
        read("out/decisions.parquet") == read("alone.parquet"),
        "the tables differ"
    );
    // What the workers wrote is what one machine writes, but for the order of the lines.
    let parts = fs::read_dir(folder.join("out/answers"))
        .expect("it was made")
        .flatten();
    let parts = parts.filter(|part| part.file_name().to_string_lossy().starts_with("part-"));
    let text: String = parts
        .map(|part| fs::read_to_string(part.path()).expect("it is text"))
        .collect();
    let sorted = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    let found = String::from_utf8(read("found.jsonl")).expect("it is UTF-8");
    assert!(sorted(&text) == sorted(&found), "the answers differ");
}
