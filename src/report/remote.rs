//! Where the files of a run can be read in a browser, so that a finding can lead to its line, and which revision they are.

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
    /// What stands before the number of a line.
    mark: &'static str,
    root: PathBuf,
    here: PathBuf,
}

/// Which revision of which repository the run reads. Nothing in it is secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revision {
    /// The repository, as a URL that anyone may see: no user, no password, no token.
    pub repository: String,
    /// The commit.
    pub commit: Option<String>,
    pub branch: Option<String>,
}

/// What git says of a clone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cloned {
    /// The URL of `origin`, whatever it holds.
    pub origin: String,
    /// The commit that is checked out.
    pub commit: Option<String>,
    pub branch: Option<String>,
}

impl Revision {
    /// What the variables of a job of GitHub Actions, GitLab's CI or Bitbucket Pipelines say; else what git says.
    #[must_use]
    pub fn of(variable: impl Fn(&str) -> Option<String>, cloned: Option<Cloned>) -> Option<Self> {
        let word = |name: &str| variable(name).filter(|text| !text.is_empty());
        let first = |names: &[&str]| names.iter().find_map(|name| word(name));
        let known = |repository: Option<String>, commit: &str, branches: &[&str]| {
            // A job names its server as a browser does; the short form for git is only a clone's.
            let is_web = |url: &String| url.starts_with("https://") || url.starts_with("http://");
            Some(Self {
                repository: public(&repository.filter(is_web)?)?,
                commit: word(commit),
                branch: first(branches),
            })
        };
        let github = word("GITHUB_REPOSITORY").and_then(|name| {
            let server = word("GITHUB_SERVER_URL")?;
            Some(format!("{}/{name}", server.trim_end_matches('/')))
        });
        let bitbucket = word("BITBUCKET_REPO_FULL_NAME").map(|name| {
            let origin = word("BITBUCKET_GIT_HTTP_ORIGIN");
            origin.unwrap_or_else(|| format!("https://bitbucket.org/{name}"))
        });
        let branches = ["GITHUB_HEAD_REF", "GITHUB_REF_NAME"];
        known(github, "GITHUB_SHA", &branches)
            .or_else(|| {
                let branches = ["CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_COMMIT_REF_NAME"];
                known(word("CI_PROJECT_URL"), "CI_COMMIT_SHA", &branches)
            })
            .or_else(|| known(bitbucket, "BITBUCKET_COMMIT", &["BITBUCKET_BRANCH"]))
            .or_else(|| {
                let cloned = cloned?;
                Some(Self {
                    repository: public(&cloned.origin)?,
                    commit: cloned.commit,
                    branch: cloned.branch,
                })
            })
    }
}

/// A repository's URL as anyone may see it; none where it is on this machine only.
fn public(url: &str) -> Option<String> {
    let url = url.trim();
    let (scheme, rest) = match url.split_once("://") {
        Some((scheme @ ("https" | "http"), rest)) => (scheme, rest.to_owned()),
        Some(("ssh" | "git" | "git+ssh", rest)) => ("https", without_port(rest)),
        Some(_) => return None,
        // `git@github.com:shop/orders.git`, and no path, which may have a colon further on.
        None => {
            let (host, path) = url.split_once(':')?;
            let is_path = host.contains('/') || host.len() < 2 || path.starts_with(['\\', ':']);
            if is_path {
                return None;
            }
            ("https", format!("{host}/{}", path.trim_start_matches('/')))
        }
    };
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (host, path) = rest.split_once('/')?;
    let host = host.rsplit('@').next().unwrap_or_default();
    let path = path.trim_end_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    let (name, port) = host.split_once(':').unwrap_or((host, ""));
    let is_name = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    let is_host =
        !name.is_empty() && name.chars().all(is_name) && port.chars().all(|c| c.is_ascii_digit());
    // A password with a slash in it would go on there.
    if !is_host || path.is_empty() || path.contains('@') {
        return None;
    }
    let parts: Vec<String> = path.split('/').map(encoded).collect();
    Some(format!("{scheme}://{host}/{}", parts.join("/")))
}

fn without_port(rest: &str) -> String {
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.rsplit('@').next().unwrap_or_default();
    let bare = host.split(':').next().unwrap_or_default();
    format!("{bare}/{path}")
}

impl Remote {
    /// The folder of a revision, as its host shows it. `root` is the repository's folder, `here` the working directory.
    #[must_use]
    pub fn of(revision: &Revision, root: &Path, here: &Path) -> Option<Self> {
        let commit = encoded(revision.commit.as_deref()?);
        let repository = &revision.repository;
        let (_, rest) = repository.split_once("://")?;
        let host = rest.split(['/', ':']).next().unwrap_or_default();
        let has = |word: &str| host.split('.').any(|part| part == word);
        let (between, mark) = if has("gitlab") {
            ("/-/blob", "#L")
        } else if host == "bitbucket.org" {
            ("/src", "#lines-")
        } else if has("github") {
            ("/blob", "#L")
        } else {
            return None;
        };
        Some(Self {
            base: format!("{repository}{between}/{commit}"),
            mark,
            root: root.to_owned(),
            here: here.to_owned(),
        })
    }

    /// What the variables of a job say, whatever its server is called; else a clone in some other job, whose files are those of the
    /// commit.
    #[must_use]
    pub fn of_job(
        variable: impl Fn(&str) -> Option<String>,
        cloned: Option<Cloned>,
        root: &Path,
        here: &Path,
    ) -> Option<Self> {
        let is_set = |name: &str| variable(name).is_some_and(|text| !text.is_empty());
        let is_github = is_set("GITHUB_REPOSITORY") && is_set("GITHUB_SERVER_URL");
        let is_gitlab = is_set("CI_PROJECT_URL");
        let revision = Revision::of(&variable, cloned)?;
        let commit = encoded(revision.commit.as_deref()?);
        let between = match (is_github, is_gitlab) {
            (true, _) => "/blob",
            (false, true) => "/-/blob",
            (false, false) => return Self::of(&revision, root, here),
        };
        Some(Self {
            base: format!("{}{between}/{commit}", revision.repository),
            mark: "#L",
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
        let (base, mark) = (&self.base, self.mark);
        (!file.is_empty()).then(|| format!("{base}/{file}{mark}{line}"))
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set<'s>(all: &'s [(&'s str, &'s str)]) -> impl Fn(&str) -> Option<String> + 's {
        |name| {
            let mut all = all.iter();
            let found = all.find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        }
    }

    fn github(server: &str) -> Option<Remote> {
        let all = [
            ("GITHUB_SERVER_URL", server),
            ("GITHUB_REPOSITORY", "shop/orders"),
            ("GITHUB_SHA", "c0ffee"),
        ];
        Remote::of_job(set(&all), None, Path::new("/r"), Path::new("/r/infra"))
    }

    #[test]
    fn a_line_is_found_in_the_commit() {
        let remote = github("https://github.com").expect("all is said");
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
            assert_eq!(github(server), None, "{server}");
        }
        // A server of one's own has a name of its own.
        assert!(github("https://code.example").is_some());
    }

    #[test]
    fn each_host_has_its_own_form() {
        let line = |all: &[(&str, &str)], origin: &str| {
            let cloned = Cloned {
                origin: origin.to_owned(),
                commit: Some("c0ffee".to_owned()),
                branch: None,
            };
            let root = Path::new("/r");
            let remote = Remote::of_job(set(all), Some(cloned), root, root);
            remote.and_then(|remote| remote.line("a.yaml", 7))
        };
        let gitlab = [
            ("CI_PROJECT_URL", "https://code.example/group/sub/orders"),
            ("CI_COMMIT_SHA", "beef"),
        ];
        let bitbucket = [
            (
                "BITBUCKET_GIT_HTTP_ORIGIN",
                "http://bitbucket.org/shop/orders",
            ),
            ("BITBUCKET_REPO_FULL_NAME", "shop/orders"),
            ("BITBUCKET_COMMIT", "beef"),
        ];
        for (all, origin, expected) in [
            (
                &gitlab[..],
                "",
                "https://code.example/group/sub/orders/-/blob/beef/a.yaml#L7",
            ),
            (
                &bitbucket[..],
                "",
                "http://bitbucket.org/shop/orders/src/beef/a.yaml#lines-7",
            ),
            (
                &[],
                "git@github.com:shop/orders.git",
                "https://github.com/shop/orders/blob/c0ffee/a.yaml#L7",
            ),
            (
                &[],
                "https://oauth2:secret@gitlab.example.org/shop/orders.git",
                "https://gitlab.example.org/shop/orders/-/blob/c0ffee/a.yaml#L7",
            ),
            (
                &[],
                "ssh://git@bitbucket.org:22/shop/orders",
                "https://bitbucket.org/shop/orders/src/c0ffee/a.yaml#lines-7",
            ),
        ] {
            assert_eq!(line(all, origin).as_deref(), Some(expected), "{origin}");
        }
        for origin in [
            "https://code.example/a/b",
            "/srv/git/orders",
            "file:///srv/a",
            r"C:\a\b",
            "",
        ] {
            assert_eq!(line(&[], origin), None, "{origin}");
        }
    }

    #[test]
    fn no_secret_of_a_url_is_told() {
        for (url, expected) in [
            (
                "https://user:token@github.com/a/b.git",
                Some("https://github.com/a/b"),
            ),
            (
                "https://token@github.com/a/b/",
                Some("https://github.com/a/b"),
            ),
            (
                "https://github.com/a/b?private_token=x#y",
                Some("https://github.com/a/b"),
            ),
            (
                "ssh://git:secret@host.example:2222/a/b.git",
                Some("https://host.example/a/b"),
            ),
            ("https://user:pa/ss@host.example/a", None),
            ("https://user:1/2@host.example/a", None),
            (
                "https://user:p@ss@host.example:8443/a/b",
                Some("https://host.example:8443/a/b"),
            ),
            ("git@host.example:a/b.git", Some("https://host.example/a/b")),
            ("../b", None),
            ("https://host.example", None),
            ("ext::sh -c evil", None),
        ] {
            assert_eq!(public(url).as_deref(), expected, "{url}");
        }
    }
}
