//! `sfl scan --stream`: one line in, one line out, for engines that hand work to many machines.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use base64::engine::general_purpose::STANDARD;
use base64::read::DecoderReader;
use clap::Args;
use serde::Deserialize;

use super::{Exit, check, disk, say};
use crate::compare::Compared;
use crate::config::Config;
use crate::host::{Host, Memory, archive, history};
use crate::report::scan::{ScannedInput, write, write_failure};
use crate::{Options, check as judge};

/// Bytes of one line of input.
const LARGEST: u64 = 1 << 30;

/// Scan a stream of files and repositories: a line of JSON in, a line of JSON out
///
/// For Spark's `pipe`, Beam, Hadoop streaming and GNU parallel. Each line is an object with `path` and `content`, with `archive`
/// (a tar file, or its bytes as base64 in `content`), or with `repository` and `ref`. See docs/scale.md.
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

    /// The configuration of every input [default: the sfl.toml at the root of each]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Read no configuration
    #[arg(long, conflicts_with = "config")]
    isolated: bool,
}

const EXAMPLES: &str = r#"echo '{"path": "a.yaml", "content": "Resources: {}"}' | sfl scan --stream
echo '{"repository": "shop.git", "ref": "main"}' | sfl scan --stream > shop.jsonl
git archive HEAD > shop.tar && echo '{"archive": "shop.tar"}' | sfl scan --stream"#;

const EXITS: &str = "\
Exit codes:
  0  every input was looked at, whatever was found
  2  wrong usage, or some input could not be read: its line has an `error`, or its summary counts it";

/// One line, as it comes in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    id: Option<serde_json::Value>,
    path: Option<String>,
    content: Option<String>,
    archive: Option<String>,
    repository: Option<String>,
    #[serde(rename = "ref")]
    reference: Option<String>,
}

/// What every input is judged by.
struct Terms {
    strict: bool,
    config: Option<PathBuf>,
    isolated: bool,
}

/// Scans.
pub fn run(arguments: Arguments) -> Exit {
    let Arguments {
        stream: _,
        strict,
        threads,
        config,
        isolated,
    } = arguments;
    let terms = Terms {
        strict,
        config,
        isolated,
    };
    let workers =
        threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let lines = Mutex::new(BufReader::new(io::stdin()));
    let out = Mutex::new(io::stdout());
    let (number, failed, closed) = (
        AtomicUsize::new(0),
        AtomicUsize::new(0),
        AtomicBool::new(false),
    );
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while !closed.load(Ordering::Relaxed) {
                    let line = {
                        let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
                        let number = number.fetch_add(1, Ordering::Relaxed) + 1;
                        match next_line(&mut *lines) {
                            Ok(Some(line)) => Ok(line),
                            Ok(None) => return,
                            Err(why) => Err(format!("line {number}: {why}")),
                        }
                    };
                    let is_over = line.is_err();
                    let mut bytes = Vec::new();
                    if !answer(line, &terms, &mut bytes) {
                        failed.fetch_add(1, Ordering::Relaxed);
                    }
                    let mut out = out.lock().unwrap_or_else(PoisonError::into_inner);
                    // A reader that has gone wants no more.
                    if out.write_all(&bytes).and_then(|()| out.flush()).is_err() || is_over {
                        closed.store(true, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    match failed.into_inner() {
        0 => Exit::Clean,
        many => {
            say(&format!(
                "error: {many} inputs could not be read: their lines say why"
            ));
            Exit::Failed
        }
    }
}

/// The next line that is not empty; nothing at the end.
fn next_line(lines: &mut impl BufRead) -> Result<Option<Vec<u8>>, String> {
    loop {
        let mut line = Vec::new();
        let read = lines.by_ref().take(LARGEST).read_until(b'\n', &mut line);
        match read.map_err(|error| error.to_string())? {
            0 => return Ok(None),
            _ if line.trim_ascii().is_empty() => {}
            _ if line.len() as u64 >= LARGEST && !line.ends_with(b"\n") => {
                return Err("it is too long".to_owned());
            }
            _ => return Ok(Some(line)),
        }
    }
}

/// Writes the answer to a line; whether all of it could be read.
fn answer(line: Result<Vec<u8>, String>, terms: &Terms, out: &mut Vec<u8>) -> bool {
    let mut input = ScannedInput::default();
    let scanned = line.and_then(|line| {
        let sent: Sent = serde_json::from_slice(&line).map_err(|error| error.to_string())?;
        scan(sent, &mut input, terms)
    });
    let (written, is_whole) = match scanned {
        Ok(report) => (write(&input, &report, out), report.unreadable == 0),
        Err(why) => (write_failure(&input, &why, out), false),
    };
    written.is_ok() && is_whole
}

fn scan(sent: Sent, input: &mut ScannedInput, terms: &Terms) -> Result<Compared, String> {
    let today = disk().today();
    input.id = sent.id;
    let host: Arc<dyn Host> = match (sent.path, sent.archive, sent.repository, sent.content) {
        (Some(path), None, None, Some(content)) => {
            input.path = Some(path.clone());
            let is_below = Path::new(&path).components().all(|part| {
                matches!(
                    part,
                    std::path::Component::Normal(_) | std::path::Component::CurDir
                )
            });
            if !is_below {
                return Err("its `path` is not below the working directory".to_owned());
            }
            Arc::new(Memory::new(today).with(path, content))
        }
        (None, Some(name), None, content) => {
            input.archive = Some(name.clone());
            let read = match content {
                Some(content) => {
                    archive::read(DecoderReader::new(content.as_bytes(), &STANDARD), today)
                }
                None => {
                    let opened = disk().open(Path::new(&name));
                    archive::read(
                        opened.map_err(|error| format!("{name}: {error}"))?.bytes,
                        today,
                    )
                }
            };
            Arc::new(read.map_err(|error| format!("the archive: {error}"))?.files)
        }
        (None, None, Some(repository), None) => {
            input.repository = Some(repository.clone());
            let reference = sent.reference.unwrap_or_else(|| "HEAD".to_owned());
            input.reference = Some(reference.clone());
            let found = history::at_commit(Path::new(&repository), &reference, today);
            let (tree, commit) = found.map_err(|error| error.to_string())?;
            input.commit = Some(commit);
            tree
        }
        _ => {
            return Err(
                "it needs `path` and `content`, or `archive`, or `repository` and `ref`".to_owned(),
            );
        }
    };
    let config = match (&terms.config, terms.isolated) {
        (_, true) => Ok(Config::unset(&host)),
        (Some(file), _) => Config::find(disk(), Some(file)),
        (None, _) => Config::find(&host, None),
    };
    let config = config.map_err(|error| {
        let first = error.findings.first().map(|one| one.message.clone());
        format!("its configuration: {}", first.unwrap_or_default())
    })?;
    let options = Options {
        paths: vec![PathBuf::from(".")],
        config,
        strict: terms.strict,
        threads: Some(1),
        graph: true,
        signatures: true,
        ..Options::on(host)
    };
    Ok(judge(&options, &|_, _| {}).into())
}
