//! `sfl scan --stream`: one line in, one line out, for engines that hand work to many machines.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use clap::Args;
use jiff::civil::Date;

use super::scan_input::Terms;
use super::{Exit, at_fault, check, disk, say, terminal};
use crate::config::Config;
use crate::host::{Disk, Host};
use crate::report::scan::{ScannedInput, write, write_failure};

/// Mebibytes of a line, and of the files of an archive.
const LARGEST: &str = "256";

/// Scan a stream of files and repositories: a line of JSON in, a line of JSON out, in the same order
///
/// For Spark's `pipe`, Beam, Hadoop streaming and GNU parallel. Each line is an object with `path` and `content`, with `archive` (a tar
/// file, or a name for one whose bytes are in `content` as base64), or with `repository` and `ref`. See docs/scale.md.
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES, after_help = EXITS)]
pub struct Arguments {
    /// Read lines from standard input until it ends: the only way so far
    #[arg(long, required = true)]
    stream: bool,

    /// Assume the worst: of what nothing decides, and of every value that a parameter is allowed
    #[arg(long)]
    strict: bool,

    /// How many inputs to look at at the same time [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = check::threads)]
    threads: Option<usize>,

    /// The most MiB of a line, and of the files of an archive; one that is larger is answered by an error
    #[arg(long, value_name = "MIB", default_value = LARGEST, value_parser = clap::value_parser!(u64).range(1..=4096))]
    limit: u64,

    /// The configuration of every input, whose globs count from its root [default: the sfl.toml at the root of each]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Read no configuration
    #[arg(long, conflicts_with = "config")]
    isolated: bool,

    /// The day to judge reasons by, YYYY-MM-DD [default: today]
    #[arg(long, value_name = "DAY", value_parser = check::day)]
    today: Option<Date>,
}

const EXAMPLES: &str = r#"echo '{"path": "a.yaml", "content": "Resources: {}"}' | sfl scan --stream
echo '{"repository": "shop.git", "ref": "main"}' | sfl scan --stream > shop.jsonl
git archive HEAD > shop.tar && echo '{"archive": "shop.tar"}' | sfl scan --stream"#;

const EXITS: &str = "\
Exit codes:
  0  every input was looked at, whatever was found
  2  wrong usage, or some input could not be read: its line has an `error`, or its summary counts it";

/// A line of input that has to be answered.
enum Line {
    Whole(Vec<u8>),
    TooLong,
    Broken(io::Error),
}

/// What is still to be read.
struct Queue<R> {
    lines: R,
    /// Lines so far, empty ones too.
    number: usize,
    /// Answers that were promised.
    taken: usize,
    is_over: bool,
}

/// What was written so far.
#[derive(Default)]
struct Written {
    answers: usize,
    failed: usize,
    /// Nobody reads any more.
    is_closed: bool,
}

/// Scans.
pub fn run(arguments: Arguments) -> Exit {
    let config = match arguments.config.as_deref().map(shared).transpose() {
        Ok(config) => config,
        Err(exit) => return exit,
    };
    let terms = Terms {
        strict: arguments.strict,
        config,
        isolated: arguments.isolated,
        today: arguments.today.unwrap_or_else(|| disk().today()),
        most: arguments.limit << 20,
    };
    let workers = arguments.threads;
    let workers =
        workers.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let queue = Mutex::new(Queue {
        lines: BufReader::new(io::stdin()),
        number: 0,
        taken: 0,
        is_over: false,
    });
    let (written, turn) = (Mutex::new(Written::default()), Condvar::new());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some((place, number, line)) = next(&queue, terms.most) {
                    let mut bytes = Vec::new();
                    let is_whole = answer(line, number, &terms, &mut bytes);
                    let done = written.lock().unwrap_or_else(PoisonError::into_inner);
                    // The answers keep the order of the questions, so no more of them wait than there are workers.
                    let waited = turn.wait_while(done, |done| done.answers != place);
                    let mut done = waited.unwrap_or_else(PoisonError::into_inner);
                    done.answers += 1;
                    done.failed += usize::from(!is_whole);
                    let mut out = io::stdout().lock();
                    done.is_closed |= out.write_all(&bytes).and_then(|()| out.flush()).is_err();
                    if done.is_closed {
                        let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
                        queue.is_over = true;
                    }
                    turn.notify_all();
                }
            });
        }
    });
    let written = written.into_inner().unwrap_or_else(PoisonError::into_inner);
    match written.failed {
        0 => Exit::Clean,
        many => {
            let inputs = if many == 1 { "input" } else { "inputs" };
            say(&format!(
                "error: {many} {inputs} could not be read, or not all of it: the answer says why"
            ));
            Exit::Failed
        }
    }
}

/// The configuration that counts for every input, read as if it stood at the root of each.
fn shared(file: &Path) -> Result<Config, Exit> {
    let folder = file.parent().unwrap_or(Path::new(""));
    let host: Arc<dyn Host> = match folder.as_os_str().is_empty() {
        true => Arc::clone(disk()),
        false => Arc::new(Disk::new(folder)),
    };
    let name = file.file_name().map_or(file, Path::new);
    Config::find(&host, Some(name))
        .map_err(|error| at_fault(&error.findings, &terminal::for_stderr()))
}

/// The next line that is not empty, which answer it gets, and its number from 1; nothing at the end.
fn next(queue: &Mutex<Queue<impl BufRead>>, most: u64) -> Option<(usize, usize, Line)> {
    let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
    let line = loop {
        if queue.is_over {
            return None;
        }
        queue.number += 1;
        match read_line(&mut queue.lines, most) {
            Ok(None) => return None,
            Ok(Some(Line::Whole(line))) if line.trim_ascii().is_empty() => {}
            Ok(Some(line)) => break line,
            Err(error) => {
                queue.is_over = true;
                break Line::Broken(error);
            }
        }
    };
    let place = queue.taken;
    queue.taken += 1;
    Some((place, queue.number, line))
}

fn read_line(lines: &mut impl BufRead, most: u64) -> io::Result<Option<Line>> {
    let mut line = Vec::new();
    let read = lines.by_ref().take(most + 1).read_until(b'\n', &mut line)?;
    if read == 0 {
        return Ok(None);
    }
    if line.len() as u64 <= most || line.ends_with(b"\n") {
        return Ok(Some(Line::Whole(line)));
    }
    drop(line);
    lines.skip_until(b'\n')?;
    Ok(Some(Line::TooLong))
}

/// Writes the answer to a line; whether all of it could be read.
fn answer(line: Line, number: usize, terms: &Terms, out: &mut Vec<u8>) -> bool {
    let mut input = ScannedInput::default();
    let scanned = match line {
        Line::Broken(error) => Err(error.to_string()),
        Line::TooLong => Err(format!(
            "it is longer than {} MiB (--limit)",
            terms.most >> 20
        )),
        Line::Whole(line) => catch_unwind(AssertUnwindSafe(|| terms.scan(&line, &mut input)))
            .unwrap_or_else(|_| Err("sfl broke off: that is a defect of sfl".to_owned())),
    };
    let (written, is_whole) = match scanned {
        Ok(report) => (write(&input, &report, out), report.is_whole()),
        Err(why) => (write_failure(&input, number, &why, out), false),
    };
    written.is_ok() && is_whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths(text: &[u8], most: u64) -> Vec<Option<usize>> {
        let mut lines = text;
        let mut all = Vec::new();
        while let Some(line) = read_line(&mut lines, most).expect("memory can be read") {
            all.push(match line {
                Line::Whole(line) => Some(line.trim_ascii().len()),
                _ => None,
            });
        }
        all
    }

    #[test]
    fn a_line_that_is_too_long_is_passed_over() {
        let text = b"1234\n12345\n123456\n1\n\n123456789";
        let found = [Some(4), Some(5), None, Some(1), Some(0), None];
        assert_eq!(lengths(text, 5), found);
    }
}
