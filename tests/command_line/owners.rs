//! Whose the decisions are and what for: CODEOWNERS, value streams, targets, and the numbers by each of them.

use serde_json::{Value, json};

use crate::folder::{err, out, run};
use crate::repository::Repository;

const HOST: &str =
    "Resources:\n  Host:\n    Type: AWS::EC2::Instance\n    Properties: {ImageId: ami-1}\n";

/// What `sfl check --format json` says, with these arguments more.
fn report(repository: &Repository, more: &[&str]) -> Value {
    let mut arguments = vec!["check", "--format", "json", "--today", "2026-06-01"];
    arguments.extend(more);
    let output = run(repository.path(), &arguments);
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", err(&output)))
}

/// The owner of each decision, who says so, and the stream.
fn owners(report: &Value) -> Vec<Value> {
    let decisions = report["decisions"].as_array().expect("a list").iter();
    let told = decisions.map(|one| {
        json!([
            one["address"],
            one["owner"],
            one["owner_from"]["by"],
            one["stream"]
        ])
    });
    told.collect()
}

fn codes(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().expect("a list").iter();
    findings.filter_map(|one| one["code"].as_str()).collect()
}

#[test]
fn the_first_that_knows_an_owner_is_believed() {
    let reason = "because: licence, reason: the cutting software is licensed to a host";
    let told = format!(
        "Metadata:\n  com.aws.cloudformation.Context: {{owner: team-cutters}}\nResources:\n  Said:\n    Type: AWS::EC2::Instance\n    \
         Metadata: {{sfl: {{{reason}, owner: team-said}}}}\n  Lent:\n    Type: AWS::EC2::Instance\n    Metadata:\n      sfl: {{{reason}}}\n  \
         Faulty:\n    Type: AWS::EC2::Instance\n    Metadata: {{sfl: {{because: licence, reason: TODO, owner: team-late}}}}\n"
    );
    let settings = "[[purpose.stream]]\nname = \"cutting\"\nowner = \"team-stream\"\npaths = [\"cut/**\", \"other.yaml\"]\n";
    let repository = Repository::new(&[
        ("cut/told.yaml", &told),
        ("cut/plain.yaml", HOST),
        ("other.yaml", HOST),
        ("sfl.toml", settings),
        (
            ".github/CODEOWNERS",
            "/cut/ @acme/cutters ops@acme.example # both\n",
        ),
    ]);
    let found = report(&repository, &[]);
    assert_eq!(
        owners(&found),
        [
            json!([
                "Host",
                "@acme/cutters, ops@acme.example",
                "codeowners",
                "cutting"
            ]),
            json!(["Said", "team-said", "reason", "cutting"]),
            json!(["Lent", "team-cutters", "context", "cutting"]),
            json!(["Faulty", "team-late", "reason", "cutting"]),
            json!(["Host", "team-stream", "stream", "cutting"]),
        ]
    );
    let plain = &found["decisions"][0];
    assert_eq!(
        plain["owners"],
        json!(["@acme/cutters", "ops@acme.example"])
    );
    let place = json!({"by": "codeowners", "path": ".github/CODEOWNERS", "line": 1});
    assert_eq!(plain["owner_from"], place);
    assert_eq!(found["decisions"][1]["owner_from"]["path"], "cut/told.yaml");
    // Each of several owners is asked for all that is open.
    let by_owner = found["summary"]["by_owner"].as_array().expect("a list");
    let open = |name: &str| {
        by_owner
            .iter()
            .find(|one| one["name"] == name)
            .map(|one| one["open"].clone())
    };
    assert_eq!(open("@acme/cutters"), Some(json!(1)));
    assert_eq!(open("ops@acme.example"), Some(json!(1)));
    assert_eq!(open("team-said"), Some(json!(0)));
}

#[test]
fn paths_are_seen_from_the_repository() {
    let repository = Repository::new(&[
        ("infra/app/host.yaml", HOST),
        ("CODEOWNERS", "/infra/app/ @acme/app\n/app/ @acme/wrong\n"),
    ]);
    let below = repository.path().join("infra");
    let output = run(&below, &["check", "app", "--format", "json"]);
    let found: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!(found["decisions"][0]["owner"], "@acme/app");
    assert_eq!(found["decisions"][0]["owner_from"]["path"], "../CODEOWNERS");
}

#[test]
fn gitlab_has_sections() {
    let text = "* @admin\n[Data][2] @data-team\n/db/\n^[Extra]\n/db/free/\n";
    let repository = Repository::new(&[
        ("db/host.yaml", HOST),
        ("db/free/host.yaml", HOST),
        ("web/host.yaml", HOST),
        ("docs/CODEOWNERS", text),
    ]);
    let found = report(&repository, &[]);
    let expected = [
        json!(["Host", "@admin, @data-team", "codeowners", null]),
        json!(["Host", "@admin, @data-team", "codeowners", null]),
        json!(["Host", "@admin", "codeowners", null]),
    ];
    assert_eq!(owners(&found), expected);
    assert!(!codes(&found).contains(&"owners/line"), "{found:#}");
}

#[test]
fn what_codeowners_gets_wrong_is_a_note_and_no_secret() {
    let text = "* @acme/all\n!infra/ @acme/not\n/infra/[ab]/ @acme/ranges\ninfra nobody\n";
    let repository = Repository::new(&[("infra/host.yaml", HOST), ("CODEOWNERS", text)]);
    let found = report(&repository, &[]);
    assert_eq!(owners(&found)[0][1], "@acme/all");
    let lines = found["findings"].as_array().expect("a list").iter();
    let lines = lines.filter(|one| one["code"] == "owners/line");
    let lines =
        lines.map(|one| json!([one["severity"], one["path"], one["span"]["start"]["line"]]));
    let expected = [2, 3, 4].map(|line| json!(["note", "CODEOWNERS", line]));
    assert_eq!(lines.collect::<Vec<_>>(), expected);
    // It is as it was before: a pull request has nothing to do with it.
    repository.write("more.yaml", HOST);
    repository.commit("second");
    let since = report(&repository, &["--since", "HEAD~1"]);
    assert_eq!(codes(&since), ["compute/server"]);
    // Nothing of it is looked at where there is no decision.
    repository.write(
        "infra/host.yaml",
        "Resources:\n  Role:\n    Type: AWS::IAM::Role\n",
    );
    repository.write(
        "more.yaml",
        "Resources:\n  Role:\n    Type: AWS::IAM::Role\n",
    );
    assert!(codes(&report(&repository, &[])).is_empty());
}

#[cfg(unix)]
#[test]
fn codeowners_is_read_inside_of_the_repository_only() {
    let repository = Repository::new(&[("host.yaml", HOST)]);
    let outside = repository.beside("secrets");
    std::fs::write(&outside, "* @acme/secret\n").expect("it can be written");
    std::os::unix::fs::symlink(&outside, repository.path().join("CODEOWNERS")).expect("a link");
    let found = report(&repository, &[]);
    assert_eq!(found["decisions"][0]["owner"], Value::Null);
    assert!(codes(&found).contains(&"owners/unreadable"), "{found:#}");
    assert!(!found.to_string().contains("@acme/secret"));
}

#[test]
fn the_last_stream_that_fits_wins() {
    let tagged = |tags: &str| {
        format!(
            "Parameters:\n  Team: {{Type: String, Default: shop}}\n  Any: {{Type: String}}\nResources:\n  Host:\n    Type: AWS::EC2::Instance\n    Properties: {{ImageId: ami-1, Tags: {tags}}}\n"
        )
    };
    let settings = "\
[[purpose.stream]]
name = \"all\"
paths = \"**\"
[[purpose.stream]]
name = \"shop\"
tags = { team = [\"shop\", \"till\"] }
[[purpose.stream]]
name = \"books\"
paths = [\"books\"]
";
    let terraform =
        "resource \"aws_instance\" \"a\" {\n  ami  = \"ami-1\"\n  tags = { team = \"till\" }\n}\n";
    let repository = Repository::new(&[
        ("a.yaml", &tagged("[{Key: team, Value: shop}]")),
        ("b.yaml", &tagged("[{Key: team, Value: !Ref Team}]")),
        ("books/c.yaml", &tagged("[{Key: team, Value: shop}]")),
        ("d.yaml", &tagged("[{Key: other, Value: shop}]")),
        ("e.yaml", &tagged("[{Key: team, Value: !Ref Any}]")),
        ("tf/main.tf", terraform),
        ("sfl.toml", settings),
    ]);
    let found = report(&repository, &[]);
    let streams = found["decisions"].as_array().expect("a list").iter();
    let streams = streams.map(|one| one["stream"].as_str().unwrap_or_default());
    let expected = ["shop", "shop", "books", "all", "all", "shop"];
    assert_eq!(streams.collect::<Vec<_>>(), expected);
    let by_stream = &found["summary"]["by_stream"];
    assert_eq!(by_stream.as_array().map(Vec::len), Some(3), "{by_stream:#}");
}

#[test]
fn a_stage_is_what_a_construct_begins_with() {
    let construct = |path: &str| {
        format!(
            "Resources:\n  Host1234ABCD:\n    Type: AWS::EC2::Instance\n    Metadata: {{aws:cdk:path: {path}/Host/Resource}}\n    Properties: {{ImageId: ami-1}}\n"
        )
    };
    let settings = "[[purpose.stream]]\nname = \"live\"\nstages = [\"prod\"]\n[[purpose.stream]]\nname = \"orders\"\nstages = [\"*/Orders\"]\n";
    let repository = Repository::new(&[
        ("a.json.yaml", &construct("prod/Shop")),
        ("b.yaml", &construct("prod/Orders")),
        ("c.yaml", &construct("production/Shop")),
        ("sfl.toml", settings),
    ]);
    let streams = owners(&report(&repository, &[]));
    let streams: Vec<&Value> = streams.iter().map(|one| &one[3]).collect();
    assert_eq!(streams, [&json!("live"), &json!("orders"), &Value::Null]);
}

#[test]
fn a_table_shows_who_has_what_to_do() {
    let lines =
        "/a/ @acme/a\n/long/ @acme/the-team-that-nobody-has-found-a-shorter-name-for-in-years\n";
    let ends = "Resources:\n  Host:\n    Type: AWS::EC2::Instance\n    Metadata: {sfl: {because: licence, reason: the cutting software is licensed to a host, owner: ann, expires: 2026-12-31}}\n";
    let repository = Repository::new(&[
        ("a/a.yaml", HOST),
        ("b.yaml", HOST),
        ("e.yaml", ends),
        ("long/l.yaml", HOST),
        ("CODEOWNERS", lines),
    ]);
    let output = run(
        repository.path(),
        &[
            "check",
            "-q",
            "--fail-on",
            "never",
            "--group-by",
            "owner",
            "--today",
            "2026-06-01",
        ],
    );
    let told = out(&output);
    let table = &told[told.find("  owner ").expect("a table")..];
    assert!(
        table.lines().all(|line| line.chars().count() <= 80),
        "{table}"
    );
    let rows: Vec<Vec<&str>> = table
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(
        rows[0],
        [
            "owner",
            "all",
            "score",
            "open",
            "explained",
            "accepted",
            "ends",
            "liability"
        ]
    );
    for name in ["nobody", "@acme/a"] {
        let row = vec![name, "1", "0", "1", "1", "thing"];
        assert!(rows.contains(&row), "{table}");
    }
    assert!(
        rows.contains(&vec!["ann", "1", "0", "1", "1", "from", "2026-12-31"]),
        "{table}"
    );
    for (by, row) in [
        ("folder", "  ."),
        ("stream", "  none"),
        ("ladder", "  compute"),
        ("code", "  compute/server"),
        ("stack", "  long/l.yaml"),
    ] {
        let output = run(
            repository.path(),
            &["check", "-q", "--fail-on", "never", "--group-by", by],
        );
        assert!(
            out(&output).contains(&format!("\n{row} ")),
            "{by} {}",
            out(&output)
        );
    }
    let output = run(repository.path(), &["check", "--format", "markdown"]);
    assert!(
        out(&output).contains("<summary>by owner: 4 owners</summary>"),
        "{}",
        out(&output)
    );
}

#[test]
fn hostile_names_stay_names() {
    let settings = "[[purpose.stream]]\nname = \"</script>|`x` \\u001b[31m =cmd()\"\nowner = \"<b>@all\\n::error::\"\npaths = \"*.yaml\"\n[[purpose.target]]\nstream = \"</script>|`x` \\u001b[31m =cmd()\"\nscore = 50\n";
    let repository = Repository::new(&[
        ("a.yaml", HOST),
        ("sfl.toml", settings),
        ("CODEOWNERS", "/other @a\u{1b}[31m <script>\n"),
    ]);
    for format in [
        "pretty", "concise", "markdown", "html", "json", "sarif", "junit", "gitlab", "github",
        "csv",
    ] {
        // The others have no place for it.
        let groups: &[&str] = match format {
            "pretty" | "markdown" => &["--group-by", "stream"],
            _ => &[],
        };
        let output = run(
            repository.path(),
            &[&["check", "--format", format], groups].concat(),
        );
        let told = out(&output);
        assert_eq!(output.status.code(), Some(1), "{format} {}", err(&output));
        assert!(!told.contains('\u{1b}'), "{format}");
        let raw = match format {
            "html" => told.contains("<b>@all") || told.contains("</script>|"),
            "markdown" => told.contains("</script>") || told.contains("|`"),
            "github" => told.lines().any(|line| line.starts_with("::error::")),
            _ => false,
        };
        assert!(!raw, "{format} {told}");
    }
}
