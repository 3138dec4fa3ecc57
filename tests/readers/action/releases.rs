//! A server of releases on this machine.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;

use crate::repository::alone;

pub const TARGET: &str = "x86_64-unknown-linux-musl";

/// Answers what it has, and 404 otherwise; a path whose content is nothing is answered with 403.
pub struct Releases {
    pub url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Releases {
    pub fn serve(files: BTreeMap<String, Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let path = answer(stream, &files);
                heard.lock().expect("nobody panicked").push(path);
            }
        });
        Self { url, asked }
    }

    /// The release of a version, of `shop/sfl`.
    pub fn of(version: &str, files: &[(&str, Vec<u8>)]) -> Self {
        let path = |name: &str| format!("/shop/sfl/releases/download/v{version}/{name}");
        let files = files
            .iter()
            .map(|(name, bytes)| (path(name), bytes.clone()));
        Self::serve(files.collect())
    }

    /// How many requests there were so far.
    pub fn asked(&self) -> usize {
        self.asked.lock().expect("nobody panicked").len()
    }
}

fn answer(mut stream: TcpStream, files: &BTreeMap<String, Vec<u8>>) -> String {
    let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
    let mut first = String::new();
    let mut line = String::new();
    let _ = reader.read_line(&mut first);
    while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
        line.clear();
    }
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let (status, body) = match files.get(&path) {
        None => ("404 Not Found", &[][..]),
        Some(bytes) if bytes.is_empty() => ("403 Forbidden", &[][..]),
        Some(bytes) => ("200 OK", &bytes[..]),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(body);
    path
}

/// An archive with a program that runs this project's, in a folder or not.
pub fn archive(name: &str, folder: bool) -> Vec<u8> {
    let work = tempfile::tempdir().expect("a temporary folder");
    let stem = name.trim_end_matches(".tar.gz").trim_end_matches(".zip");
    let exe = if name.ends_with(".zip") {
        "sfl.exe"
    } else {
        "sfl"
    };
    let inside = if folder {
        format!("{stem}/{exe}")
    } else {
        exe.to_owned()
    };
    let program = work.path().join(&inside);
    fs::create_dir_all(program.parent().expect("it has one")).expect("it can be made");
    let script = format!("#!/bin/sh\nexec '{}' \"$@\"\n", env!("CARGO_BIN_EXE_sfl"));
    fs::write(&program, script).expect("it can be written");
    pack(work.path(), "chmod", &["+x", &inside]);
    if name.ends_with(".zip") {
        pack(work.path(), "zip", &["-q", name, &inside]);
    } else {
        pack(work.path(), "tar", &["-czf", name, &inside]);
    }
    fs::read(work.path().join(name)).expect("it is written")
}

fn pack(folder: &Path, program: &str, arguments: &[&str]) {
    let status = alone(program, folder).args(arguments).status();
    assert!(status.is_ok_and(|status| status.success()), "{program}");
}

/// As `sha256sum` says it.
pub fn sha256(bytes: &[u8]) -> String {
    let work = tempfile::tempdir().expect("a temporary folder");
    fs::write(work.path().join("file"), bytes).expect("it can be written");
    let output = alone("sha256sum", work.path()).arg("file").output();
    let output = output.expect("sha256sum runs").stdout;
    String::from_utf8_lossy(&output[..64]).into_owned()
}
