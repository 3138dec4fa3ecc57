//! The chores of this repository. It depends on nothing, so that it is built in a moment.

use std::process::{Command, ExitCode, Stdio};

const USAGE: &str = "\
Usage: cargo xtask ready

  ready    what must hold before a change lands, and what CI runs: the formatter, clippy, the library without
           its command line, the docs, the dependencies and the tests; it stops at the first that fails";

struct Step {
    name: &'static str,
    arguments: &'static [&'static str],
    /// A variable of its environment.
    variable: Option<(&'static str, &'static str)>,
    /// The package to install where cargo has no such command: the step is then skipped.
    optional: Option<&'static str>,
}

const READY: &[Step] = &[
    Step {
        name: "format",
        arguments: &["fmt", "--all", "--check"],
        variable: None,
        optional: None,
    },
    Step {
        name: "clippy",
        arguments: &[
            "clippy",
            "--locked",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ],
        variable: None,
        optional: None,
    },
    Step {
        name: "library alone",
        arguments: &[
            "clippy",
            "--locked",
            "--lib",
            "--no-default-features",
            "--",
            "-D",
            "warnings",
        ],
        variable: None,
        optional: None,
    },
    Step {
        name: "docs",
        arguments: &["doc", "--locked", "--no-deps"],
        variable: Some(("RUSTDOCFLAGS", "-D warnings")),
        optional: None,
    },
    // Advisories are CI's, which can fetch them.
    Step {
        name: "dependencies",
        arguments: &["deny", "--locked", "check", "bans", "licenses", "sources"],
        variable: None,
        optional: Some("cargo-deny"),
    },
    Step {
        name: "tests",
        arguments: &["test", "--locked"],
        variable: None,
        optional: None,
    },
];

/// The cargo that runs this, so that every step takes the same toolchain.
fn cargo() -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    command
}

fn has(subcommand: &str) -> bool {
    let mut command = cargo();
    command.args([subcommand, "--version"]);
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

fn ready() -> Result<(), String> {
    let mut skipped = Vec::new();
    for step in READY {
        println!("== {}", step.name);
        let shown = format!("cargo {}", step.arguments.join(" "));
        if let Some(package) = step.optional
            && !has(step.arguments[0])
        {
            let why = format!(
                "{} skipped: `cargo install --locked {package}` brings what checks them",
                step.name
            );
            println!("{why}");
            skipped.push(why);
            continue;
        }
        let mut command = cargo();
        command.args(step.arguments).envs(step.variable);
        let status = command
            .status()
            .map_err(|error| format!("{shown} cannot be started: {error}"))?;
        if !status.success() {
            return Err(format!("{} failed: {shown}", step.name));
        }
    }
    println!("== ready");
    for why in skipped {
        println!("{why}");
    }
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["ready"] => ready(),
        [] | ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => Err(format!("no such task: {}\n\n{USAGE}", arguments.join(" "))),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}
