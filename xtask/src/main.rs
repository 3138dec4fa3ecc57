//! The chores of this repository. It depends on nothing, so that it is built in a moment.

use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

const USAGE: &str = "\
Usage: cargo xtask ready

  ready    what must hold before a change lands, and what CI runs: the formatter, clippy, the library without
           its command line, the docs, the dependencies, and beside all of these the tests; each half stops at
           the first that fails";

struct Step {
    name: &'static str,
    arguments: &'static [&'static str],
    /// A variable of its environment.
    variable: Option<(&'static str, &'static str)>,
    /// The package to install where cargo has no such command: the step is then skipped.
    optional: Option<&'static str>,
}

/// What reads the code. It runs beside [`TESTS`], in a folder of its own below `target/`: the compiler is busy with this one crate for
/// most of the time, and has but one thread for it.
const READING: &[Step] = &[
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
            "--features",
            "sfl/parquet",
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
];

/// What runs the code.
const TESTS: Step = Step {
    name: "tests",
    arguments: &["test", "--locked", "--features", "parquet"],
    variable: None,
    optional: None,
};

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

/// Runs a step; what it says, and whether it passed. It is said at once where nothing else speaks, else all of it when it has ended.
fn run(step: &Step, folder: Option<&str>) -> Result<String, String> {
    let shown = format!("cargo {}", step.arguments.join(" "));
    if let Some(package) = step.optional
        && !has(step.arguments[0])
    {
        let name = step.name;
        return Ok(format!(
            "{name} skipped: `cargo install --locked {package}` brings what checks them\n"
        ));
    }
    let cannot_start = |error| format!("{shown} cannot be started: {error}");
    let mut command = cargo();
    command.args(step.arguments).envs(step.variable);
    let (passed, said) = match folder {
        None => (
            command.status().map_err(cannot_start)?.success(),
            String::new(),
        ),
        Some(folder) => {
            command.env("CARGO_TARGET_DIR", folder);
            let output = command.output().map_err(cannot_start)?;
            let said = [output.stdout, output.stderr].concat();
            let said = String::from_utf8_lossy(&said).into_owned();
            (output.status.success(), said)
        }
    };
    match passed {
        true => Ok(String::new()),
        false => Err(format!("{said}{} failed: {shown}", step.name)),
    }
}

/// Reads the code; what was skipped.
fn read_code() -> Result<String, String> {
    let mut skipped = String::new();
    for step in READING {
        let started = Instant::now();
        skipped += &run(step, Some("target/reading"))?;
        println!("== {}: {} s", step.name, started.elapsed().as_secs());
    }
    Ok(skipped)
}

fn ready() -> Result<(), String> {
    let (read, tested) = std::thread::scope(|scope| {
        let reading = scope.spawn(|| {
            let read = read_code();
            if let Err(why) = &read {
                eprintln!("{why}\n== the tests still run");
            }
            read
        });
        println!("== {}", TESTS.name);
        let tested = run(&TESTS, None);
        (reading.join().expect("it does not panic"), tested)
    });
    let skipped = match (read, tested) {
        (Ok(skipped), Ok(_)) => skipped,
        (Err(one), Err(other)) => return Err(format!("{one}\n{other}")),
        (Err(why), Ok(_)) | (Ok(_), Err(why)) => return Err(why),
    };
    print!("== ready\n{skipped}");
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
