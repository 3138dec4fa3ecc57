//! What goes into the log of a job must not be a command to the one who runs it: GitHub's runner obeys lines that begin with `::`
//! and texts like `##[...]`, Azure's obeys `##vso[...]`, TeamCity's `##teamcity[...]`. Whatever a template says, a report holds none
//! but its own.

use std::io::{self, Write};

use memchr::memmem;

/// How a format can write a character so that its reader sees it and a runner does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `\u0023`. No line begins with text.
    Json,
    /// `&#35;`.
    Xml,
    /// With a space between: there is no other way.
    Text,
    /// As text; lines that begin with `::` are its own.
    OwnLines,
}

/// Writes through a guard.
///
/// # Errors
/// Those of `out`.
pub fn guarded(
    form: Form,
    out: &mut dyn Write,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut guard = Guard {
        form,
        out,
        line: Vec::new(),
    };
    write(&mut guard)?;
    guard.end()
}

struct Guard<'w> {
    form: Form,
    out: &'w mut dyn Write,
    /// What has no end yet.
    line: Vec<u8>,
}

impl Guard<'_> {
    fn end(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        self.lines(&line)?;
        self.out.flush()
    }

    fn lines(&mut self, text: &[u8]) -> io::Result<()> {
        let commands = memmem::find(text, b"##").is_some();
        let colons = self.form != Form::OwnLines && self.form != Form::Json;
        if !commands && (!colons || memmem::find(text, b"::").is_none()) {
            return self.out.write_all(text);
        }
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            let start = start(line);
            let mut line = line;
            if colons && is_command(&line[start..]) {
                self.out.write_all(&line[..start])?;
                let colon: &[u8] = match self.form {
                    Form::Xml => b"&#58;",
                    _ => b": ",
                };
                self.out.write_all(colon)?;
                line = &line[start + 1..];
            }
            self.hashes(line)?;
        }
        Ok(())
    }

    fn hashes(&mut self, mut line: &[u8]) -> io::Result<()> {
        while let Some(at) = memmem::find(line, b"##") {
            let (before, rest) = line.split_at(at + 1);
            self.out.write_all(before)?;
            line = rest;
            let name = rest[1..]
                .iter()
                .take_while(|byte| byte.is_ascii_alphabetic());
            if rest.get(1 + name.count()) != Some(&b'[') {
                continue;
            }
            let hash: &[u8] = match self.form {
                Form::Json => b"\\u0023",
                Form::Xml => b"&#35;",
                Form::Text | Form::OwnLines => b" #",
            };
            self.out.write_all(hash)?;
            line = &rest[1..];
        }
        self.out.write_all(line)
    }
}

impl Write for Guard<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(end) = memchr::memrchr(b'\n', bytes) else {
            self.line.extend_from_slice(bytes);
            return Ok(bytes.len());
        };
        let (whole, rest) = bytes.split_at(end + 1);
        if self.line.is_empty() {
            self.lines(whole)?;
        } else {
            let mut line = std::mem::take(&mut self.line);
            line.extend_from_slice(whole);
            self.lines(&line)?;
            line.clear();
            self.line = line;
        }
        self.line.extend_from_slice(rest);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// `::error::...`, and not `::1 localhost`.
fn is_command(line: &[u8]) -> bool {
    let rest = line.strip_prefix(b"::");
    rest.is_some_and(|rest| memmem::find(rest, b"::").is_some())
}

/// Where a line's text begins: after blanks, and after colours.
fn start(line: &[u8]) -> usize {
    let mut at = 0;
    loop {
        match line.get(at) {
            Some(b' ' | b'\t') => at += 1,
            Some(0x1b) if line.get(at + 1) == Some(&b'[') => {
                let end = line[at..].iter().position(u8::is_ascii_alphabetic);
                let Some(end) = end else { return at };
                at += end + 1;
            }
            _ => return at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(form: Form, pieces: &[&str]) -> String {
        let mut out = Vec::new();
        guarded(form, &mut out, |out| {
            pieces
                .iter()
                .try_for_each(|one| out.write_all(one.as_bytes()))
        })
        .expect("a buffer takes everything");
        String::from_utf8(out).expect("it stays text")
    }

    #[test]
    fn no_command_comes_through() {
        let wild = [
            "  ::error::a\n\u{1b}[1m::add-",
            "mask::b\n#",
            "#vso[task] ##[error] ##team",
            "city[x] ###[y",
        ];
        assert_eq!(
            through(Form::Text, &wild),
            "  : :error::a\n\u{1b}[1m: :add-mask::b\n# #vso[task] # #[error] # #teamcity[x] ## #[y"
        );
        assert_eq!(
            through(Form::OwnLines, &["::error::##vso[a"]),
            "::error::# #vso[a"
        );
        assert_eq!(through(Form::Xml, &["\n::a::##[b"]), "\n&#58;:a::#&#35;[b");
        assert_eq!(through(Form::Json, &["\"##vso[a\""]), "\"#\\u0023vso[a\"");
    }

    #[test]
    fn what_is_none_stays() {
        let tame = [
            "## A heading\n### Another\n::",
            "1 localhost\nAWS::EC2::Instance # #[1] ##9[",
        ];
        let all = tame.concat();
        assert_eq!(through(Form::Text, &tame), all);
        assert_eq!(through(Form::Text, &["a ::b\n", "## c\n"]), "a ::b\n## c\n");
    }
}
