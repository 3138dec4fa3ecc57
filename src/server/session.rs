//! One editor, from its first word to its last.

use std::collections::HashMap;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;

use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::InitializeParams;
use serde_json::{Value, json};

use super::client::Client;
use super::inbox::Inbox;
use super::open_text::OpenText;
use super::publishing::Published;
use super::root::Root;
use super::{HostAt, answers, file_uri, offers};

/// What goes out.
pub type Outgoing = crossbeam_channel::Sender<Message>;

/// Why a request has no answer.
pub struct NoAnswer {
    pub code: ErrorCode,
    pub message: String,
}

impl NoAnswer {
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { code, message }
    }
}

/// See the module.
pub struct Session<'h> {
    pub client: Client,
    out: &'h Outgoing,
    host_at: HostAt<'h>,
    /// The folders of the window; the last one is for what stands in none of them.
    pub roots: Vec<Root>,
    /// By the URI, as the editor writes it.
    pub texts: HashMap<String, OpenText>,
    /// Folders in which texts stand that no folder of the window holds.
    pub loose: Vec<PathBuf>,
    pub published: Published,
    /// Its end was asked for.
    is_over: bool,
    /// Requests to the editor.
    asked: i32,
}

/// Waits for the first word. None where the editor left before.
pub fn start<'h>(
    inbox: &mut Inbox<'_>,
    out: &'h Outgoing,
    host_at: HostAt<'h>,
) -> Option<Session<'h>> {
    loop {
        match inbox.wait()? {
            Message::Request(request) if request.method == "initialize" => {
                let params = serde_json::from_value::<InitializeParams>(request.params.clone());
                match params {
                    Ok(params) => {
                        let session = Session::new(&params, &request.params, out, host_at);
                        let answer = offers::answer(&session.client);
                        session.send(Response::new_ok(request.id, answer));
                        return Some(session);
                    }
                    Err(error) => {
                        let code = ErrorCode::InvalidParams as i32;
                        let _ =
                            out.send(Response::new_err(request.id, code, error.to_string()).into());
                    }
                }
            }
            Message::Request(request) => {
                let code = ErrorCode::ServerNotInitialized as i32;
                let message = "the first request is `initialize`".to_owned();
                let _ = out.send(Response::new_err(request.id, code, message).into());
            }
            Message::Notification(notification) if notification.method == "exit" => return None,
            Message::Notification(_) | Message::Response(_) => {}
        }
    }
}

impl<'h> Session<'h> {
    fn new(params: &InitializeParams, raw: &Value, out: &'h Outgoing, host_at: HostAt<'h>) -> Self {
        let today = host_at(&PathBuf::from("/")).today();
        let mut session = Self {
            client: Client::of(params, raw),
            out,
            host_at,
            roots: vec![Root::loose(today)],
            texts: HashMap::new(),
            loose: Vec::new(),
            published: Published::default(),
            is_over: false,
            asked: 0,
        };
        let folders = params.workspace_folders.iter().flatten();
        let mut folders: Vec<PathBuf> =
            folders.filter_map(|one| file_uri::path(&one.uri)).collect();
        if folders.is_empty() {
            #[expect(deprecated, reason = "older editors say no more")]
            let root = params.root_uri.as_ref();
            folders.extend(root.and_then(file_uri::path));
        }
        for folder in folders {
            session.add_root(folder);
        }
        session
    }

    pub fn add_root(&mut self, path: PathBuf) {
        if self.roots.iter().any(|root| root.path == path) {
            return;
        }
        let host = (self.host_at)(&path);
        let loose = self.roots.len() - 1;
        self.roots.insert(loose, Root::new(path, host));
    }

    pub fn send(&self, message: impl Into<Message>) {
        // An editor that is gone closes the other side too, and the loop ends there.
        let _ = self.out.send(message.into());
    }

    pub fn notify(&self, method: &str, params: Value) {
        self.send(Notification::new(method.to_owned(), params));
    }

    /// Asks the editor; what it answers changes nothing.
    pub fn ask(&mut self, method: &str, params: Value) {
        self.asked += 1;
        let id = RequestId::from(self.asked);
        self.send(Request::new(id, method.to_owned(), params));
    }

    /// Whether the end was asked for.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    pub fn request(&mut self, request: Request, is_cancelled: bool) {
        let Request { id, method, params } = request;
        let answer = if is_cancelled {
            Err(NoAnswer::new(
                ErrorCode::RequestCanceled,
                "it was taken back",
            ))
        } else if self.is_over {
            Err(NoAnswer::new(
                ErrorCode::InvalidRequest,
                "the session is over",
            ))
        } else {
            match &*method {
                "initialize" => Err(NoAnswer::new(
                    ErrorCode::InvalidRequest,
                    "it was initialized already",
                )),
                "shutdown" => {
                    self.is_over = true;
                    Ok(Value::Null)
                }
                _ => self.guarded(|session| answers::answer(session, &method, params)),
            }
        };
        self.send(match answer {
            Ok(result) => Response::new_ok(id, result),
            Err(refusal) => Response::new_err(id, refusal.code as i32, refusal.message),
        });
    }

    pub fn notification(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        let done = self.guarded(|session| {
            session.take(&method, params);
            Ok(())
        });
        if let Err(refusal) = done {
            self.log(&format!("{method}: {}", refusal.message));
        }
    }

    /// Judges one folder in which something has changed, and says what is new. Whether there was anything to say.
    pub fn catch_up(&mut self) -> bool {
        if self.is_over {
            return false;
        }
        let stale = self.roots.iter().position(Root::is_stale);
        // A question that came right after a change was answered by what is judged now: the editor was not told the rest.
        if stale.is_none() && !self.published.is_behind {
            return false;
        }
        let done = self.guarded(|session| {
            if let Some(at) = stale {
                session.judge(at);
            }
            session.publish();
            Ok(())
        });
        if let Err(refusal) = done {
            self.log(&refusal.message);
        }
        true
    }

    /// Judges a folder, if anything in it has changed.
    pub fn judge(&mut self, at: usize) {
        let texts = &self.texts;
        let is_open = |path: &std::path::Path| texts.values().any(|open| open.path == path);
        if self.roots[at].judge(&self.client, &is_open) {
            self.published.is_behind = true;
        }
    }

    /// A panic costs the answer, and what the folders remember; the texts are still there.
    fn guarded<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, NoAnswer>,
    ) -> Result<T, NoAnswer> {
        let done = panic::catch_unwind(AssertUnwindSafe(|| work(self)));
        done.unwrap_or_else(|_| {
            let loose = self.roots.len() - 1;
            for (at, root) in self.roots.iter_mut().enumerate() {
                let own = self.texts.values();
                let path = root.path.clone();
                let own = own.filter(|open| {
                    (at == loose) == open.is_loose && (at == loose || open.path.starts_with(&path))
                });
                root.renew(own);
            }
            let message =
                "this is a mistake in sfl: a report with the text that causes it would help";
            Err(NoAnswer::new(ErrorCode::InternalError, message))
        })
    }

    pub fn log(&self, message: &str) {
        self.notify(
            "window/logMessage",
            json!({"type": 1, "message": format!("sfl: {message}")}),
        );
    }
}
