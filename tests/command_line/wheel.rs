//! `sfl wheel`: that its numbers are those of `check`, `next` and `trend`, and what it says where one of them has nothing to say.

use serde_json::{Value, json};

use super::folder::{err, folder, out, run};
use crate::json_schemas;
use crate::repository::{Repository, alone};

const TODAY: [&str; 2] = ["--today", "2026-11-30"];

const PURPOSE: &str = "\
[purpose]
north-star = \"customers order and pay\"
[[purpose.stream]]
name = \"checkout\"
owner = \"team-checkout\"
paths = [\"checkout/**\"]
[[purpose.target]]
score = 80
by = 2027-06-30
[[purpose.target]]
stream = \"checkout\"
score = 90
";

const CHECKOUT: &str = "\
Resources:
  Api: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: a, ProtocolType: HTTP, Target: !GetAtt Take.Arn } }
  Take:
    Type: AWS::Lambda::Function
    Properties: { Code: {}, Role: r, Environment: { Variables: { TABLE: !Ref Orders } } }
  Orders:
    Type: AWS::DynamoDB::Table
    Properties: { ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 } }
";

const WEB: &str = "\
Resources:
  Web:
    Type: AWS::EC2::Instance
    Metadata:
      sfl: { because: licence, reason: \"the licence is bound to the sockets of this host\", expires: 2026-11-20 }
    Properties: { ImageId: ami-1, InstanceType: m7g.large }
  Queue: { Type: AWS::SQS::Queue }
";

/// On each of these days a commit.
fn shop() -> Repository {
    shop_with(WEB)
}

fn shop_with(web: &str) -> Repository {
    let shop = Repository::none();
    shop.git(&["init", "-q", "-b", "main"]);
    shop.write("sfl.toml", PURPOSE);
    shop.write("checkout/a.yaml", CHECKOUT);
    shop.write("web.yaml", web);
    commit(&shop, "2026-09-01", "Begin");
    let on_demand = "Properties: { BillingMode: PAY_PER_REQUEST }\n";
    let orders = CHECKOUT
        .find("Properties: { Provisioned")
        .expect("it is there");
    shop.write(
        "checkout/a.yaml",
        &(CHECKOUT[..orders].to_owned() + on_demand),
    );
    commit(&shop, "2026-10-10", "Take | orders on demand");
    shop.write(
        "jump.yaml",
        "Resources:\n  Jump: { Type: AWS::EC2::Instance, Properties: { ImageId: ami-1, InstanceType: t3.micro } }\n",
    );
    commit(&shop, "2026-11-01", "Add a jump host");
    shop
}

fn commit(shop: &Repository, day: &str, message: &str) {
    shop.git(&["add", "-A"]);
    let mut git = alone("git", shop.path());
    git.env("GIT_COMMITTER_DATE", format!("{day}T12:00:00Z"));
    git.args(["commit", "-q", "--allow-empty", "-m", message]);
    assert!(git.status().expect("git runs").success());
}

fn sound(out: &str) -> Value {
    json_schemas::sound(out, include_str!("../../docs/sfl-wheel-1.schema.json"))
}

#[track_caller]
fn json_of(shop: &Repository, command: &str, arguments: &[&str]) -> Value {
    let all = [&[command, "--format", "json"], arguments].concat();
    let (code, out, error) = shop.said(&all);
    assert_eq!((code, error.as_str()), (0, ""));
    match command {
        "wheel" => sound(&out),
        _ => serde_json::from_str(&out).expect("it is JSON"),
    }
}

fn wheel(shop: &Repository, arguments: &[&str]) -> Value {
    json_of(shop, "wheel", &[&TODAY[..], arguments].concat())
}

/// On one line: whatever wraps.
fn flat(screen: &str) -> String {
    screen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The screen of a folder.
fn screen(files: &[(&str, &str)], arguments: &[&str]) -> String {
    let here = folder(files);
    let output = run(here.path(), &[&["wheel"], &TODAY[..], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    out(&output)
}

#[test]
fn the_screen_shows_all_four_phases() {
    let shop = shop();
    let arguments = [&["wheel", "--since", "2026-10-01"], &TODAY[..]].concat();
    let mut command = alone(env!("CARGO_BIN_EXE_sfl"), shop.path());
    let output = command.env("COLUMNS", "80").args(&arguments).output();
    let shown = out(&output.expect("the program runs"));
    let id = &shop.git(&["rev-parse", "HEAD"])[..9];
    for part in [
        "── purpose 2026-11-30 ─",
        "customers order and pay",
        "  score            ██████████████░░┃░░░░   67 of 80  1 short by 2027-06-30",
        "  checkout         ██████████████████┃██  100 of 90  reached",
        "  seen first       Users: Api",
        "█ 4 serverless  ░ 2 server",
        "  ladders          compute 33; 3 others are serverless",
        "  ends             1 overdue (the reason for Web ran out on 2026-11-20)",
        "  inertia          2 without a reason, none explained",
        "── value 2 commits since 2026-09-01 ─",
        "  score 74 → 67, without a reason 1 → 2, explained 1 → 0, overdue 0 → 1",
        "  forward          +1 rung   2026-10-10 ",
        "  Take | orders on demand",
        "                   Orders: nosql capacity → serverless",
        &format!("  back             −3 rungs  2026-11-01 {id}  Add a jump host"),
        "                   Jump: new on compute server",
        "  came due         the reason for Web ran out on 2026-11-20 (web.yaml)",
    ] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
    assert!(!shown.contains('\u{1b}'), "no colours in a pipe");
    for line in shown.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    assert!(shown.lines().count() < 36, "{shown}");
}

#[test]
fn wide_terminals_show_both_halves_side_by_side() {
    let shop = shop();
    let at = |columns: &str| {
        let mut command = alone(env!("CARGO_BIN_EXE_sfl"), shop.path());
        let command = command.env("COLUMNS", columns).arg("wheel").args(TODAY);
        out(&command.output().expect("the program runs"))
    };
    let (narrow, wide) = (at("149"), at("150"));
    assert!(wide.lines().count() < narrow.lines().count());
    let first = wide.lines().next().expect("a line");
    assert!(
        first.contains(" purpose ") && first.contains(" next "),
        "{first}"
    );
    for line in wide.lines() {
        assert!(line.chars().count() <= 150, "{line}");
    }
    let mut words: Vec<&str> = narrow
        .split_whitespace()
        .filter(|one| one.len() > 3)
        .collect();
    // Subjects are cut where a line ends.
    words.retain(|word| !wide.contains(word) && !word.contains(['─', '█', '░', '┃']));
    words.retain(|word| !"Take | orders on demand".contains(word));
    assert!(words.is_empty(), "lost: {words:?}\n{wide}");
}

#[test]
fn its_numbers_are_those_of_the_other_commands() {
    let shop = shop();
    let since = ["--since", "2026-10-01"];
    let found = wheel(&shop, &since);
    let (_, report, _) = shop.said(&[&["check", "--format", "json"], &TODAY[..]].concat());
    let report: Value = serde_json::from_str(&report).expect("it is JSON");
    let summary = &report["summary"];
    assert_eq!(found["score"], summary["score"]);
    assert_eq!(found["decisions"], summary["decisions"]);
    assert_eq!(found["open"], summary["fallbacks"]["unjustified"]);
    assert_eq!(found["explained"], summary["fallbacks"]["justified"]);
    assert_eq!(found["targets"], summary["targets"]);
    assert_eq!(found["purpose"], summary["purpose"]);
    for (name, ladder) in found["landscape"]["ladders"]
        .as_object()
        .expect("an object")
    {
        assert_eq!(ladder, &summary["by_ladder"][name], "{name}");
    }
    let next = json_of(&shop, "next", &[&TODAY[..], &["--limit", "1"]].concat());
    assert_eq!(found["next"], next["actions"][0]);
    assert_eq!(found["rest"], next["rest"]);
    let trend = json_of(&shop, "trend", &since);
    assert_eq!(found["value"]["moves"], trend["moves"]);
    let points = trend["points"].as_array().expect("a list");
    for (point, at) in [("since", 0), ("last", points.len() - 1)] {
        for key in ["commit", "day", "score", "rungs", "open", "overdue"] {
            assert_eq!(found["value"][point][key], points[at][key], "{point} {key}");
        }
    }
    assert_eq!(found["value"]["came_due"][0]["address"], "Web");
    assert_eq!(
        (&found["overdue"], &found["value"]["uncommitted"]),
        (&json!(1), &json!(false))
    );
}

#[test]
fn a_part_is_a_part_now_and_then() {
    let shop = shop();
    let of = |arguments: &[&str]| {
        let found = wheel(&shop, &[arguments, &["--since", "2026-09-01"]].concat());
        let moves = found["value"]["moves"].as_array().expect("a list").iter();
        let moves = moves.map(|one| one["subject"].as_str().expect("a text").to_owned());
        let moves: Vec<String> = moves.collect();
        let value = &found["value"];
        (
            found["decisions"].clone(),
            value["since"]["decisions"].clone(),
            value["last"]["decisions"].clone(),
            found["targets"].as_array().expect("a list").len(),
            moves,
        )
    };
    let demand = "Take | orders on demand".to_owned();
    let jump = "Add a jump host".to_owned();
    for part in [
        ["--owner", "team-checkout"],
        ["--stream", "checkout"],
        ["--path", "checkout"],
    ] {
        let expected = (json!(3), json!(3), json!(3), 1, vec![demand.clone()]);
        assert_eq!(of(&part), expected, "{part:?}");
    }
    let expected = (json!(1), json!(0), json!(1), 0, vec![jump.clone()]);
    assert_eq!(of(&["--path", "jump.yaml"]), expected);
    let expected = (json!(6), json!(5), json!(6), 2, vec![demand, jump]);
    assert_eq!(of(&[]), expected);
    let (_, nobody, _) = shop.said(&["wheel", "--owner", "nobody"]);
    assert!(
        nobody.contains("no hosting choice fits what was asked for"),
        "{nobody}"
    );
    assert!(!nobody.contains("score none"), "{nobody}");
}

#[test]
fn the_turn_is_as_long_as_it_takes_to_see_something_move() {
    let shop = shop_with(&WEB.replace("2026-11-20", "2030-11-20"));
    let since = |shop: &Repository| wheel(shop, &[])["value"]["since"]["day"].clone();
    assert_eq!(
        since(&shop),
        "2026-09-01",
        "the last commit before the 2nd of October"
    );
    commit(&shop, "2026-11-20", "Say nothing");
    assert_eq!(
        since(&shop),
        "2026-10-10",
        "the jump host came in the last 30 days"
    );
    commit(&shop, "2027-01-10", "Say nothing");
    assert_eq!(since(&shop), "2026-10-10", "it came in the last 90 days");
    commit(&shop, "2027-08-10", "Say nothing");
    assert_eq!(since(&shop), "2026-09-01", "in the last year");
    commit(&shop, "2029-01-10", "Say nothing");
    assert_eq!(since(&shop), "2027-08-10", "and not in this one");
    let (_, still, _) = shop.said(&["wheel"]);
    assert!(still.contains("no commit moved anything"), "{still}");
}

#[test]
fn what_is_not_committed_is_told_apart() {
    let shop = shop();
    shop.remove("jump.yaml");
    let found = wheel(&shop, &[]);
    assert_eq!(found["value"]["uncommitted"], true);
    assert_ne!(found["score"], found["value"]["last"]["score"]);
    let (_, shown, _) = shop.said(&[&["wheel"], &TODAY[..]].concat());
    let expected = "what stands here is not all committed: the last commit has score 6";
    assert!(shown.contains(expected), "{shown}");
}

#[test]
fn where_the_past_is_not_known_it_says_why() {
    let none = "there is no git repository here, so what the last turn gained is not known";
    assert!(screen(&[("web.yaml", WEB)], &[]).contains(none));
    let given = "of what is given on the command line, the past is not known";
    let shop = shop();
    let (code, shown, _) = shop.said(&["wheel", "--parameter", "a=b"]);
    assert!(code == 2 || shown.contains(given), "{shown}");
    let empty = Repository::none();
    empty.git(&["init", "-q"]);
    empty.write("web.yaml", WEB);
    let (code, shown, _) = empty.said(&["wheel"]);
    assert_eq!(code, 0);
    assert!(
        shown.contains("this repository has no commit yet"),
        "{shown}"
    );
    let shallow = shop.beside("shallow");
    let url = format!("file://{}", shop.path().display());
    shop.git(&[
        "clone",
        "-q",
        "--depth",
        "1",
        &url,
        shallow.to_str().expect("UTF-8"),
    ]);
    let shallow = Repository::none().at(shallow);
    let (code, shown, _) = shallow.said(&["wheel"]);
    assert_eq!(code, 0);
    assert!(shown.contains("this clone is shallow"), "{shown}");
    assert!(shown.contains("nothing was committed since"), "{shown}");
    // What somebody asked for by name is missed.
    let (code, shown, error) = shop.said(&["wheel", "--since", "no-such-tag"]);
    assert_eq!(code, 2);
    assert!(
        error.starts_with("error: --since: there is no commit `no-such-tag` here"),
        "{error}"
    );
    assert!(shown.contains("── next ─"), "{shown}");
}

#[test]
fn nothing_to_do_is_not_nothing_to_say() {
    let nothing = flat(&screen(&[], &[]));
    for part in [
        "nobody wrote down yet what all of this is for: `purpose` in sfl.toml",
        "no template was read here",
        "nothing stands here that could be done better",
    ] {
        assert!(nothing.contains(part), "{nothing}");
    }
    let queue = ("a.yaml", "Resources:\n  Queue: { Type: AWS::SQS::Queue }\n");
    let keep = flat(&screen(&[queue], &[]));
    assert!(
        keep.contains("What is left: keep it so (`sfl check --ratchet origin/main`"),
        "{keep}"
    );
    let later = WEB.replace("2026-11-20", "2027-09-30");
    let day = flat(&screen(&[("web.yaml", &later)], &[]));
    let expected = "Next day to keep: the reason for Web runs out on 2027-09-30";
    assert!(day.contains(expected), "{day}");
    let target = "[[purpose.target]]\nscore = 90\n";
    let short = flat(&screen(&[("web.yaml", &later), ("sfl.toml", target)], &[]));
    assert!(
        short.contains("What is left: score is still short of its target"),
        "{short}"
    );
}

#[test]
fn markdown_is_short_and_renders() {
    let shop = shop();
    let arguments = [&["wheel", "--format", "markdown"], &TODAY[..]].concat();
    let (code, page, error) = shop.said(&arguments);
    assert_eq!((code, error.as_str()), (0, ""));
    for part in [
        "### Turn of the wheel, 2026-11-30\n",
        "**Purpose**: customers order and pay\n- score **67**\n- target: score 67 of 80 by 2027-06-30",
        "\n- seen first: Users: Api\n",
        "\n**Next: ",
        "\n- no longer yours: the operating system, patching",
        "\n**Value**, 2 commits since 2026-09-01: score ",
        "+1 rung: Take &#124; orders on demand (Orders: nosql capacity → serverless)",
        "\n- came due: the reason for Web ran out on 2026-11-20 (web.yaml)\n",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    assert!(page.lines().count() < 30, "{page}");
}

#[test]
fn what_a_template_says_stays_text() {
    let wild = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n    Metadata:\n      sfl: { because: \"a\\e[31m<b>|\", reason: \"long enough to be one\" }\n    Properties: { ImageId: ami-1, InstanceType: m7g.large }\n";
    let purpose = "purpose = \"\\u001b[2J<script>[x](javascript:1)\"\n";
    let files = [("a.yaml", wild), ("sfl.toml", purpose)];
    let shown = screen(&files, &[]);
    assert!(
        shown.contains("␛[2J<script>") && !shown.contains('\u{1b}'),
        "{shown}"
    );
    let page = screen(&files, &["--format", "markdown"]);
    assert!(
        !page.contains('\u{1b}') && !page.contains("<script>"),
        "{page}"
    );
    assert!(!page.contains("](javascript"), "{page}");
}
