//! What a pull request is compared with, in the clones that actions/checkout makes.

use serde_json::{Value, json};

use super::job::{Job, Ran};
use super::log::said;
use super::{QUEUE, SERVER, server};
use crate::repository::Repository;

/// A repository with a pull request: `main` has moved on since the branch `feature` left it, and `merge` is what a runner
/// checks out. Between all of them lie many commits.
struct Upstream {
    repository: Repository,
    /// The base that the event names.
    event_base: String,
    /// The base that the pull request is merged into, some commits later.
    base: String,
    head: String,
    merge: String,
}

const NEWS: [&str; 4] = ["1", "1", "1", "0"];

impl Upstream {
    fn new() -> Self {
        let repository = Repository::new(&[("old.yaml", SERVER)]);
        let id = |name: &str| repository.git(&["rev-parse", name]).trim().to_owned();
        let empty = |count: usize| {
            for at in 0..count {
                let message = format!("commit {at}");
                repository.git(&["commit", "-q", "--allow-empty", "-m", &message]);
            }
        };
        repository.git(&["switch", "-q", "-c", "feature"]);
        repository.write("new.yaml", &server("Shop"));
        repository.commit("the news");
        empty(60);
        let head = id("HEAD");
        repository.git(&["switch", "-q", "main"]);
        empty(3);
        let event_base = id("HEAD");
        repository.write("others.yaml", &server("Others"));
        repository.commit("the news of others");
        let base = id("HEAD");
        repository.git(&["switch", "-q", "-c", "merged"]);
        repository.git(&["merge", "-q", "--no-ff", "-m", "merge", "feature"]);
        repository.git(&["update-ref", "refs/pull/1/merge", "HEAD"]);
        let merge = id("HEAD");
        repository.git(&["switch", "-q", "main"]);
        Self {
            event_base,
            base,
            head,
            merge,
            repository,
        }
    }

    fn event(&self) -> Value {
        json!({ "pull_request": {
            "base": { "sha": self.event_base, "ref": "main" },
            "head": { "sha": self.head, "ref": "feature" },
        } })
    }

    /// What actions/checkout makes; depth 0 is everything.
    fn checkout(&self, commit: &str, depth: usize) -> Repository {
        let checkout = Repository::none();
        let url = format!("file://{}", self.repository.path().display());
        checkout.git(&["init", "-q", "-b", "unborn"]);
        checkout.git(&["remote", "add", "origin", &url]);
        let all = [
            "fetch",
            "-q",
            "origin",
            "+refs/heads/*:refs/remotes/origin/*",
            "+refs/pull/1/merge:refs/remotes/pull/1/merge",
        ];
        if depth == 0 {
            checkout.git(&all);
        } else {
            let depth = format!("--depth={depth}");
            checkout.git(&["fetch", "-q", "--no-tags", &depth, "origin", commit]);
        }
        checkout.git(&["checkout", "-q", "--detach", commit]);
        checkout
    }

    fn run(&self, commit: &str, depth: usize) -> Ran {
        let job = Job::of(self.checkout(commit, depth)).plain();
        job.event(self.event()).run()
    }
}

#[track_caller]
fn only_the_news(ran: &Ran) {
    assert_eq!(ran.numbers(), NEWS, "{}", ran.log);
    assert_eq!(ran.verdict(), 1);
    assert!(ran.log.contains("Shop"), "{}", ran.log);
    assert_eq!(said(&ran.log, "warning"), [""; 0]);
}

#[test]
fn the_merge_of_a_pull_request_is_compared_with_what_it_is_merged_into() {
    let upstream = Upstream::new();
    for depth in [1, 2, 0] {
        only_the_news(&upstream.run(&upstream.merge, depth));
    }
}

#[test]
fn the_head_of_a_pull_request_is_compared_with_where_it_left() {
    let upstream = Upstream::new();
    for depth in [1, 10, 0] {
        only_the_news(&upstream.run(&upstream.head, depth));
    }
}

#[test]
fn a_plain_shallow_clone_is_deepened() {
    let upstream = Upstream::new();
    upstream.repository.git(&["switch", "-q", "feature"]);
    let url = format!("file://{}", upstream.repository.path().display());
    let clone = upstream.repository.beside("clone");
    let clone_path = clone.display().to_string();
    upstream
        .repository
        .git(&["clone", "-q", "--depth", "1", &url, &clone_path]);
    let event = upstream.event();
    let job = Job::of(upstream.repository.at(clone)).plain().event(event);
    only_the_news(&job.run());
}

#[test]
fn the_merge_queue_has_a_base_too() {
    let upstream = Upstream::new();
    let event = json!({ "merge_group": { "base_sha": upstream.base, "head_sha": upstream.merge } });
    let job = Job::of(upstream.checkout(&upstream.merge, 1)).plain();
    only_the_news(&job.event(event).run());
}

#[test]
fn a_push_is_compared_with_nothing() {
    let upstream = Upstream::new();
    let job = Job::of(upstream.checkout(&upstream.merge, 1)).plain();
    assert_eq!(job.run().numbers(), ["1", "3", "", "0"]);
}

#[test]
fn none_compares_with_nothing() {
    let upstream = Upstream::new();
    let job = Job::of(upstream.checkout(&upstream.merge, 1)).plain();
    let job = job.event(upstream.event()).with("since", "none");
    assert_eq!(job.run().numbers(), ["1", "3", "", "0"]);
}

#[test]
fn another_branch_is_fetched() {
    let upstream = Upstream::new();
    for since in ["main", "origin/main", upstream.base.as_str()] {
        for depth in [1, 0] {
            let job = Job::of(upstream.checkout(&upstream.merge, depth)).plain();
            only_the_news(&job.with("since", since).run());
        }
    }
    // A name with a colon would write a branch here.
    let job = Job::of(upstream.checkout(&upstream.merge, 1)).plain();
    let job = job.with("since", "main:pwned");
    assert_eq!(job.run().verdict(), 2);
    assert_eq!(job.checkout.git(&["branch", "--list", "pwned"]), "");
}

#[test]
fn a_whole_clone_stays_whole() {
    let upstream = Upstream::new();
    let whole = |job: Job| {
        only_the_news(&job.run());
        let shallow = ["rev-parse", "--is-shallow-repository"];
        assert_eq!(job.checkout.git(&shallow).trim(), "false");
    };
    let job = Job::of(upstream.checkout(&upstream.merge, 0)).plain();
    job.checkout
        .git(&["update-ref", "-d", "refs/remotes/origin/main"]);
    whole(job.with("since", "main"));
    let job = Job::of(upstream.checkout(&upstream.head, 0)).plain();
    whole(job.event(upstream.event()));
}

#[test]
fn a_base_that_cannot_be_had_is_said_with_what_to_do() {
    let upstream = Upstream::new();
    let checkout = upstream.checkout(&upstream.head, 1);
    checkout.git(&["remote", "set-url", "origin", "file:///nowhere"]);
    let ran = Job::of(checkout).plain().event(upstream.event()).run();
    assert_eq!(ran.verdict(), 2);
    assert_eq!(ran.numbers(), ["2", "", "", ""]);
    let warnings = said(&ran.log, "warning").join("\n");
    assert!(warnings.contains("`fetch-depth: 0`"), "{}", ran.log);
    assert!(warnings.contains("/nowhere"), "git's own words: {warnings}");
    assert!(ran.log.contains("error: there is no commit"), "{}", ran.log);
}

#[test]
fn a_checkout_of_the_base_is_no_pull_request() {
    let upstream = Upstream::new();
    let ran = upstream.run(&upstream.event_base, 1);
    assert_eq!(ran.numbers(), ["0", "0", "0", "0"]);
    let warnings = said(&ran.log, "warning");
    assert!(
        warnings[0].contains("nothing of it is checked"),
        "{warnings:?}"
    );
}

#[test]
fn a_checkout_of_somebody_else_is_trusted() {
    let checkout = Repository::new(&[("a.yaml", SERVER), ("sub/b.yaml", QUEUE)]);
    let head = checkout.git(&["rev-parse", "HEAD"]).trim().to_owned();
    let event = json!({ "merge_group": { "base_sha": head } });
    let job = Job::of(checkout).plain().event(event);
    // Git's own way to test this.
    let job = job.set("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1");
    for folder in [".", "sub"] {
        let job = Job {
            inputs: [&job.inputs[..], &[("working-directory", folder.to_owned())]].concat(),
            checkout: Repository::none().at(job.checkout.path().to_path_buf()),
            ..Job::of(Repository::none())
        };
        let job = job.event(json!({ "merge_group": { "base_sha": head } }));
        let job = job.set("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1");
        let ran = job.run();
        assert_eq!(ran.numbers()[..3], ["0", "0", "0"], "{folder}: {}", ran.log);
    }
    // Not what lies above of what the job checked out.
    let outside = Job::of(Repository::none().at(job.checkout.path().join("sub"))).plain();
    let outside = outside.event(json!({ "merge_group": { "base_sha": head } }));
    let ran = outside.set("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1").run();
    assert_eq!(ran.verdict(), 2, "{}", ran.log);
    assert!(ran.log.contains("dubious ownership"), "{}", ran.log);
}
