//! The one comment on a pull request: held against an API on this machine that answers as GitHub's does.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};

use super::job::{Job, Ran};
use super::log::said;
use super::{QUEUE, server};
use crate::repository::Repository;

/// What the pull request has, and what is asked.
#[derive(Default)]
struct State {
    comments: Vec<(u64, String)>,
    /// Who wrote some of them; the others are a workflow's.
    authors: Vec<(u64, [&'static str; 2])>,
    asked: Vec<String>,
    /// What a call that writes is answered, where it may not.
    refuses: Option<u16>,
}

struct Api {
    url: String,
    state: Arc<Mutex<State>>,
}

impl Api {
    fn serve() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let state = Arc::new(Mutex::new(State::default()));
        let kept = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                answer(stream, &mut kept.lock().expect("nobody panicked"));
            }
        });
        Self { url, state }
    }

    fn comments(&self) -> Vec<(u64, String)> {
        self.state.lock().expect("nobody panicked").comments.clone()
    }

    /// The calls since the last time, as `GET issues/7/comments`.
    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.state.lock().expect("nobody panicked").asked)
    }

    fn put(&self, id: u64, body: &str) {
        let mut state = self.state.lock().expect("nobody panicked");
        state.comments.push((id, body.to_owned()));
    }

    /// The same by somebody: a login, and what GitHub calls it.
    fn put_by(&self, id: u64, body: &str, author: [&'static str; 2]) {
        self.put(id, body);
        let mut state = self.state.lock().expect("nobody panicked");
        state.authors.push((id, author));
    }

    fn refuse(&self, status: u16) {
        self.state.lock().expect("nobody panicked").refuses = Some(status);
    }
}

fn answer(mut stream: TcpStream, state: &mut State) {
    let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
    let mut first = String::new();
    let _ = reader.read_line(&mut first);
    let (mut length, mut token) = (0, String::new());
    loop {
        let mut line = String::new();
        if !reader.read_line(&mut line).is_ok_and(|read| read > 2) {
            break;
        }
        let (name, value) = line.split_once(':').expect("a header");
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().expect("a number"),
            "authorization" => token = value.trim().to_owned(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    let _ = reader.read_exact(&mut body);
    let mut words = first.split(' ');
    let (method, path) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let path = path.strip_prefix("/repos/shop/orders/").unwrap_or(path);
    state.asked.push(format!("{method} {path}"));
    let (status, said) = match (token.as_str(), state.refuses, method) {
        ("Bearer a-token", None, _) | ("Bearer a-token", Some(_), "GET") => {
            obey(method, path, query, &body, state)
        }
        ("Bearer a-token", Some(status), _) => (
            status,
            json!({ "message": "Resource not accessible by integration" }),
        ),
        _ => (401, json!({ "message": "Bad credentials" })),
    };
    let said = match said {
        Value::Null => String::new(),
        said => serde_json::to_string_pretty(&said).expect("it is JSON"),
    };
    let head = format!(
        "HTTP/1.1 {status} Said\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        said.len()
    );
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(said.as_bytes());
}

fn obey(method: &str, path: &str, query: &str, body: &[u8], state: &mut State) -> (u16, Value) {
    let text = || -> String {
        let body: Value = serde_json::from_slice(body).expect("what is sent is JSON");
        body["body"].as_str().expect("a text").to_owned()
    };
    let of = path
        .strip_prefix("issues/comments/")
        .map(|id| id.parse().expect("a number"));
    let known = |state: &State, id: u64| state.comments.iter().position(|one| one.0 == id);
    match (method, path, of) {
        ("GET", "issues/7/comments", _) => {
            let number = |name: &str| -> usize {
                let value = query
                    .split('&')
                    .find_map(|one| one.strip_prefix(name)?.strip_prefix('='));
                value.expect("it is asked for").parse().expect("a number")
            };
            let (size, page) = (number("per_page"), number("page"));
            let page = state.comments.iter().skip(size * (page - 1)).take(size);
            let page = page.map(|(id, body)| {
                let author = state.authors.iter().find(|(by, _)| by == id);
                let [login, kind] = author.map_or(["github-actions[bot]", "Bot"], |(_, one)| *one);
                json!({
                    "id": id, "body": body,
                    "performed_via_github_app": { "id": 3, "login": "github-actions[bot]", "type": "Bot" },
                    "user": { "login": login, "id": 1, "type": kind, "site_admin": false },
                    "reactions": { "total_count": 0, "+1": 0 },
                })
            });
            (200, page.collect())
        }
        ("POST", "issues/7/comments", _) => {
            let id = 1000 + state.comments.len() as u64;
            state.comments.push((id, text()));
            (201, json!({ "id": id }))
        }
        ("PATCH", _, Some(id)) => match known(state, id) {
            Some(at) => {
                state.comments[at].1 = text();
                (200, json!({ "id": id }))
            }
            None => (404, json!({})),
        },
        ("DELETE", _, Some(id)) => match known(state, id) {
            Some(at) => {
                state.comments.remove(at);
                (204, Value::Null)
            }
            None => (404, json!({})),
        },
        _ => (404, json!({ "message": "Not Found" })),
    }
}

/// A pull request whose branch has these files.
fn pull_request(api: &Api, files: &[(&str, &str)]) -> Job {
    let repository = Repository::new(&[("a.yaml", QUEUE)]);
    let base = repository.git(&["rev-parse", "HEAD"]).trim().to_owned();
    repository.git(&["switch", "-q", "-c", "feature"]);
    for (name, text) in files {
        repository.write(name, text);
    }
    repository.git(&["add", "-A"]);
    repository.git(&["commit", "-q", "--allow-empty", "-m", "the news"]);
    let head = repository.git(&["rev-parse", "HEAD"]).trim().to_owned();
    Job::of(repository)
        .plain()
        .with("comment", "true")
        .event(json!({ "pull_request": { "number": 7, "base": { "sha": base }, "head": { "sha": head } } }))
        .set("GITHUB_API_URL", &*api.url)
        .set("GITHUB_REPOSITORY", "shop/orders")
        .set("GITHUB_WORKFLOW", "architecture")
        .set("GITHUB_JOB", "sfl")
}

#[track_caller]
fn calm(ran: &Ran) {
    assert_eq!(said(&ran.log, "warning"), [""; 0], "{}", ran.log);
    assert_eq!(said(&ran.log, "notice"), [""; 0], "{}", ran.log);
}

#[test]
fn one_comment_is_written_updated_and_removed() {
    let api = Api::serve();
    api.put(1, "is this \"ours\"? <!-- sfl comment --> \\");
    let job = pull_request(&api, &[("b.yaml", &server("Shop"))]);
    let ran = job.run();
    assert_eq!(ran.verdict(), 1, "{}", ran.log);
    calm(&ran);
    let comments = api.comments();
    assert_eq!(comments.len(), 2);
    let (id, first) = &comments[1];
    assert!(first.starts_with("<!-- sfl comment "), "{first}");
    let order: Vec<_> = [
        "adds 1 EC2 instance",
        "#### Worse (1)",
        "#### Left open",
        "estate",
    ]
    .map(|words| first.find(words))
    .into();
    assert!(
        order.iter().all(Option::is_some) && order.is_sorted(),
        "{order:?} in {first}"
    );
    assert_eq!(
        api.asked(),
        ["GET issues/7/comments", "POST issues/7/comments"]
    );

    job.checkout.write("b.yaml", &server("Store"));
    let ran = job.run();
    calm(&ran);
    let comments = api.comments();
    assert_eq!(comments.len(), 2);
    assert_eq!(comments[1].0, *id);
    assert!(
        comments[1].1.contains("Store") && !comments[1].1.contains("Shop"),
        "{comments:?}"
    );
    assert_eq!(api.asked()[1], format!("PATCH issues/comments/{id}"));

    job.checkout.remove("b.yaml");
    let ran = job.run();
    assert_eq!(ran.verdict(), 0, "{}", ran.log);
    calm(&ran);
    assert_eq!(api.comments().len(), 1, "that of others stays");
    assert_eq!(api.asked()[1], format!("DELETE issues/comments/{id}"));

    // From now on there is nothing to say, and nothing is said.
    calm(&job.run());
    assert_eq!(api.asked(), ["GET issues/7/comments"]);
}

#[test]
fn a_stranger_with_the_mark_is_left_alone() {
    let api = Api::serve();
    let job = pull_request(&api, &[("b.yaml", &server("Shop"))]);
    job.run();
    let (id, ours) = api.comments()[0].clone();
    let mark = ours.lines().next().expect("a line").to_owned();
    let strangers = [
        ["somebody", "User"],
        ["github-actions[bot]", "User"],
        ["other[bot]", "Bot"],
    ];
    for (author, id) in strangers.into_iter().zip(1..) {
        api.put_by(id, &format!("{mark}\nlooks good"), author);
    }
    // Theirs stand first.
    api.state
        .lock()
        .expect("nobody panicked")
        .comments
        .rotate_left(1);
    api.asked();
    job.checkout.write("b.yaml", &server("Store"));
    job.run();
    assert_eq!(api.asked()[1], format!("PATCH issues/comments/{id}"));
    job.checkout.remove("b.yaml");
    job.run();
    assert_eq!(api.asked()[1], format!("DELETE issues/comments/{id}"));
    let left = api.comments();
    assert_eq!(left.len(), 3);
    assert!(left.iter().all(|(_, body)| body.ends_with("looks good")));
    // And where only theirs are there, it is written.
    job.checkout.write("b.yaml", &server("Store"));
    job.run();
    assert_eq!(api.asked()[1], "POST issues/7/comments");
}

#[test]
fn a_token_that_may_not_comment_is_no_failure() {
    for status in [403, 404] {
        let api = Api::serve();
        api.refuse(status);
        let job = pull_request(&api, &[("b.yaml", QUEUE)]);
        let ran = job.run();
        assert_eq!(ran.verdict(), 0, "{}", ran.log);
        let notices = said(&ran.log, "notice").join("\n");
        assert!(
            notices.contains("`pull-requests: write`") && notices.contains(&status.to_string()),
            "{}",
            ran.log
        );
    }
    let api = Api::serve();
    api.refuse(502);
    let ran = pull_request(&api, &[("b.yaml", QUEUE)]).run();
    assert_eq!(ran.verdict(), 0, "{}", ran.log);
    assert!(
        said(&ran.log, "warning").join("\n").contains("502"),
        "{}",
        ran.log
    );
    // Nobody there at all.
    let job = pull_request(&api, &[("b.yaml", QUEUE)]).set("GITHUB_API_URL", "http://127.0.0.1:9");
    let ran = job.run();
    assert_eq!(ran.verdict(), 0, "{}", ran.log);
    assert!(
        said(&ran.log, "warning")
            .join("\n")
            .contains("cannot be reached"),
        "{}",
        ran.log
    );
}

#[test]
fn nothing_is_asked_unless_somebody_wants_it() {
    let api = Api::serve();
    let job = pull_request(&api, &[("b.yaml", QUEUE)]).with("comment", "false");
    calm(&job.run());
    // No pull request.
    calm(&pull_request(&api, &[]).event(json!({})).run());
    assert_eq!(api.asked(), [""; 0]);
    pull_request(&api, &[])
        .with("comment", "yes")
        .run()
        .refused("Check", "`comment`");
}

#[test]
fn it_is_found_among_many() {
    let api = Api::serve();
    for id in 1..=250 {
        api.put(id, "a \"long\" one\\\n<!-- sfl comment -->\t{[");
    }
    let job = pull_request(&api, &[("b.yaml", &server("Shop"))]);
    job.run();
    assert_eq!(api.comments().len(), 251);
    for id in 2_000..2_100 {
        api.put(id, "later");
    }
    job.checkout.write("b.yaml", &server("Store"));
    calm(&job.run());
    let comments = api.comments();
    assert_eq!(comments.len(), 351);
    assert!(comments[250].1.contains("Store"), "{:?}", comments[250]);
    assert!(
        comments
            .iter()
            .all(|one| one.0 == 1250 || !one.1.contains("Store"))
    );
}

#[test]
fn two_jobs_have_a_comment_each() {
    let api = Api::serve();
    let job = pull_request(&api, &[("b.yaml", &server("Shop"))]);
    job.run();
    job.set("GITHUB_JOB", "another").run();
    assert_eq!(api.comments().len(), 2);
}

#[test]
fn where_the_job_could_not_be_done_the_comment_stays() {
    let api = Api::serve();
    let job = pull_request(&api, &[("b.yaml", &server("Shop"))]);
    job.run();
    let before = api.comments();
    assert_eq!(job.with("args", "--no-such-flag").run().verdict(), 2);
    assert_eq!(api.comments(), before);
}
