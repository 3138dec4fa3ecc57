//! The door: arguments in, bytes and an exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    sfl::cli::main()
}
