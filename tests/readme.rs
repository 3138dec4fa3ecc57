//! The README speaks the truth: its picture is what the program prints, and its commands are those that CI runs.
//! `SFL_BLESS=1 cargo test --test readme` draws the picture anew.

use std::process::Command;
use std::{env, fs};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn printed() -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_sfl"))
        .args(["check", "fixtures/shop/web.yaml", "--color", "always"])
        .current_dir(ROOT)
        .env("LC_ALL", "C.UTF-8")
        .env("COLUMNS", "100")
        .env_remove("NO_COLOR")
        .output()
        .expect("the program runs");
    let text = String::from_utf8(output.stdout).expect("it prints UTF-8");
    // Time is the machine's, not the program's.
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for line in &mut lines {
        if let (Some(comma), true) = (
            line.rfind(", "),
            line.ends_with(" ms") || line.contains(" ms\u{1b}"),
        ) {
            line.truncate(comma);
            line.push_str(", 3 ms\u{1b}[0m");
        }
    }
    lines.join("\n")
}

#[test]
fn the_picture_is_what_the_program_prints() {
    let drawn = anstyle_svg::Term::new().render_svg(&printed());
    let path = format!("{ROOT}/docs/check.svg");
    if env::var_os("SFL_BLESS").is_some() {
        fs::write(&path, &drawn).expect("docs/ is writable");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == drawn,
        "docs/check.svg is old: SFL_BLESS=1 cargo test --test readme"
    );
}

#[test]
fn the_commands_are_those_that_are_run() {
    let readme = fs::read_to_string(format!("{ROOT}/README.md")).expect("it is there");
    let run = fs::read_to_string(format!("{ROOT}/.ci/run")).expect("it is there");
    assert!(
        readme.contains("\ncargo test "),
        "the README names the tests"
    );
    assert!(run.contains("cargo test"), "CI runs what the README names");
    assert!(readme.contains("\ncargo run -- check fixtures "));
}
