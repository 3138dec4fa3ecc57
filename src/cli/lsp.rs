//! `sfl lsp`: the server for editors, on standard input and output.

use std::io::{self, BufRead, Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use clap::Args;
use crossbeam_channel::{Sender, bounded, unbounded};
use lsp_server::{Connection, Message};
use serde_json::{Value, json};

use super::Exit;
use crate::host::{Disk, Host};
use crate::server;

/// Serve an editor: diagnostics, hovers, actions and more while you type
///
/// Speaks the Language Server Protocol on standard input and output. Editors start it; see docs/editors.md for how to set them up.
#[derive(Args, Debug)]
#[command(after_help = EXITS)]
pub struct Arguments {
    /// Speak on standard input and output: what it does anyway
    #[arg(long)]
    stdio: bool,
}

const EXITS: &str = "\
Exit codes:
  0  the editor asked for the end, then left
  1  the editor went away without a word";

/// Messages that are read ahead.
const AHEAD: usize = 256;
/// Bytes of one message: texts are no larger.
const LARGEST: u64 = 2 * server::LARGEST as u64;
/// Bytes of one line of a header.
const HEADER: u64 = 4096;

/// What JSON-RPC says to bytes that are no JSON, and to JSON that is no message.
const NO_JSON: i32 = -32700;
const NO_MESSAGE: i32 = -32600;

/// Serves.
pub fn run(arguments: &Arguments) -> Exit {
    let Arguments { stdio: _ } = arguments;
    let (read, incoming) = bounded(AHEAD);
    let (outgoing, written) = unbounded::<Message>();
    let out = Arc::new(Mutex::new(io::stdout()));
    let writer = {
        let out = Arc::clone(&out);
        thread::spawn(move || {
            for message in written {
                let mut out = out.lock().unwrap_or_else(PoisonError::into_inner);
                // An editor that reads no more is gone; what it sends, if anything, ends too.
                if message.write(&mut *out).is_err() {
                    break;
                }
            }
        })
    };
    // It waits for bytes that may never come, so nobody waits for it.
    thread::spawn(move || read_all(&mut io::stdin().lock(), &read, &out));
    let is_orderly = {
        let connection = Connection {
            sender: outgoing,
            receiver: incoming,
        };
        let host_at = |folder: &Path| Arc::new(Disk::new(folder)) as Arc<dyn Host>;
        server::serve(&connection, &host_at)
    };
    // The last answers are on their way.
    let _ = writer.join();
    if is_orderly { Exit::Clean } else { Exit::Found }
}

type Out = Arc<Mutex<io::Stdout>>;

fn send(out: &Out, message: &Value) -> io::Result<()> {
    let text = serde_json::to_string(message)?;
    let mut out = out.lock().unwrap_or_else(PoisonError::into_inner);
    write!(out, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    out.flush()
}

/// Reads until nothing more comes. What is no message is said and passed over.
fn read_all(input: &mut impl BufRead, read: &Sender<Message>, out: &Out) {
    while let Ok(Some(bytes)) = body(input) {
        let refuse = |code: i32, id: Value, message: &str| {
            let error = json!({"code": code, "message": message});
            let _ = send(out, &json!({"jsonrpc": "2.0", "id": id, "error": error}));
        };
        let value = match bytes.map(|bytes| serde_json::from_slice::<Value>(&bytes)) {
            Some(Ok(value)) => value,
            Some(Err(error)) => {
                refuse(NO_JSON, Value::Null, &format!("it is not JSON: {error}"));
                continue;
            }
            None => {
                refuse(NO_MESSAGE, Value::Null, "it is too large");
                continue;
            }
        };
        let (id, is_answer) = (value.get("id").cloned(), value.get("method").is_none());
        match serde_json::from_value(value) {
            Ok(message) => {
                if read.send(message).is_err() {
                    return;
                }
            }
            // An answer that means nothing needs none.
            Err(_) if is_answer && id.is_some() => {}
            Err(_) => refuse(
                NO_MESSAGE,
                id.unwrap_or_default(),
                "it is neither request nor notification",
            ),
        }
    }
}

/// The bytes of the next message; none of one that is too large, and nothing at all at the end.
fn body(input: &mut impl BufRead) -> io::Result<Option<Option<Vec<u8>>>> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        if input.by_ref().take(HEADER).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim();
        match (line.split_once(':'), length) {
            (Some((name, value)), _) if name.trim().eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse::<u64>().ok();
            }
            (None, Some(length)) if line.is_empty() => {
                if length > LARGEST {
                    io::copy(&mut input.by_ref().take(length), &mut io::sink())?;
                    return Ok(Some(None));
                }
                let mut bytes = Vec::new();
                input.by_ref().take(length).read_to_end(&mut bytes)?;
                return Ok(Some(Some(bytes)));
            }
            // Another header, or bytes between two messages.
            _ => {}
        }
    }
}
