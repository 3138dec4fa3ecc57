//! Where the files of a run can be read in a browser, so that a finding can lead to its line.

use std::path::{Component, Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What a path segment may hold as it is.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// One commit of a repository on the web, and where in it the run stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remote {
    /// The folder with the repository's files, as a URL without a slash at its end.
    base: String,
    root: PathBuf,
    here: PathBuf,
}

impl Remote {
    /// What the variables of a GitHub Actions job say. `root` is the repository's folder, `here` the working directory.
    #[must_use]
    pub fn github(
        variable: impl Fn(&str) -> Option<String>,
        root: &Path,
        here: &Path,
    ) -> Option<Self> {
        let word = |name| variable(name).filter(|text| !text.is_empty());
        let server = word("GITHUB_SERVER_URL")?;
        let (owner, name) = word("GITHUB_REPOSITORY")?
            .split_once('/')
            .map(|(owner, name)| (encoded(owner), encoded(name)))?;
        let commit = encoded(&word("GITHUB_SHA")?);
        let server = server.trim_end_matches('/');
        let safe = server.starts_with("https://") || server.starts_with("http://");
        let odd = |c: char| c.is_whitespace() || c.is_control() || "\"'<>()[]\\`".contains(c);
        (safe && !server.contains(odd)).then(|| Self {
            base: format!("{server}/{owner}/{name}/blob/{commit}"),
            root: root.to_owned(),
            here: here.to_owned(),
        })
    }

    /// The address of a line of a file, as it is shown; none where the file is not one of the repository.
    #[must_use]
    pub fn line(&self, path: &str, line: u32) -> Option<String> {
        if path.starts_with('<') {
            return None;
        }
        let mut whole = PathBuf::new();
        for part in self.here.join(path).components() {
            match part {
                Component::CurDir => {}
                Component::ParentDir => {
                    whole.pop();
                }
                part => whole.push(part),
            }
        }
        let inside = whole.strip_prefix(&self.root).ok()?;
        let parts = inside.iter().map(|part| part.to_str().map(encoded));
        let parts: Vec<String> = parts.collect::<Option<_>>()?;
        let file = parts.join("/");
        (!file.is_empty()).then(|| format!("{}/{file}#L{line}", self.base))
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remote(server: &str) -> Option<Remote> {
        let set = |name: &str| {
            let value = match name {
                "GITHUB_SERVER_URL" => server,
                "GITHUB_REPOSITORY" => "shop/orders",
                "GITHUB_SHA" => "c0ffee",
                _ => return None,
            };
            Some(value.to_owned())
        };
        Remote::github(set, Path::new("/r"), Path::new("/r/infra"))
    }

    #[test]
    fn a_line_is_found_in_the_commit() {
        let remote = remote("https://github.com").expect("all is said");
        let base = "https://github.com/shop/orders/blob/c0ffee";
        for (path, at) in [
            ("a.yaml", Some("infra/a.yaml")),
            ("./x/a b.yaml", Some("infra/x/a%20b.yaml")),
            ("../a#?%.yaml", Some("a%23%3F%25.yaml")),
            (
                "a](x)\"<é>.yaml",
                Some("infra/a%5D%28x%29%22%3C%C3%A9%3E.yaml"),
            ),
            ("/r/a.yaml", Some("a.yaml")),
            ("../../other/a.yaml", None),
            ("/tmp/a.yaml", None),
            ("<stdin>", None),
            ("..", None),
        ] {
            let expected = at.map(|at| format!("{base}/{at}#L7"));
            assert_eq!(remote.line(path, 7), expected, "{path}");
        }
    }

    #[test]
    fn only_a_web_server_is_one() {
        for server in [
            "",
            "javascript:alert(1)",
            "https://a b",
            "https://a\"",
            "github.com",
        ] {
            assert_eq!(remote(server), None, "{server}");
        }
    }
}
