//! What waits to be answered. A request that is taken back while it waits is never worked on.

use std::collections::{HashSet, VecDeque};

use lsp_server::{Message, RequestId};
use serde_json::Value;

/// What comes in.
pub type Incoming = crossbeam_channel::Receiver<Message>;

/// Messages that are looked through for one that takes another back.
const MOST: usize = 1024;

/// See the module.
pub struct Inbox<'c> {
    incoming: &'c Incoming,
    waiting: VecDeque<Message>,
    /// Requests that wait and are not wanted any more.
    cancelled: HashSet<RequestId>,
}

impl<'c> Inbox<'c> {
    pub fn new(incoming: &'c Incoming) -> Self {
        Self {
            incoming,
            waiting: VecDeque::new(),
            cancelled: HashSet::new(),
        }
    }

    /// The next message, if one is there.
    pub fn waiting(&mut self) -> Option<Message> {
        while self.waiting.len() < MOST
            && let Ok(message) = self.incoming.try_recv()
        {
            self.take(message);
        }
        self.waiting.pop_front()
    }

    /// The next message, whenever it comes; none once the editor is gone.
    pub fn wait(&mut self) -> Option<Message> {
        loop {
            if let Some(message) = self.waiting() {
                return Some(message);
            }
            let message = self.incoming.recv().ok()?;
            self.take(message);
        }
    }

    /// Whether a request was taken back while it waited.
    pub fn is_cancelled(&mut self, id: &RequestId) -> bool {
        self.cancelled.remove(id)
    }

    fn take(&mut self, message: Message) {
        match cancelled(&message) {
            Some(id) => {
                let is_it =
                    |one: &Message| matches!(one, Message::Request(request) if request.id == id);
                // What was answered already can't be taken back.
                if self.waiting.iter().any(is_it) {
                    self.cancelled.insert(id);
                }
            }
            None => self.waiting.push_back(message),
        }
    }
}

fn cancelled(message: &Message) -> Option<RequestId> {
    let Message::Notification(notification) = message else {
        return None;
    };
    if notification.method != "$/cancelRequest" {
        return None;
    }
    match notification.params.get("id")? {
        Value::String(id) => Some(id.clone().into()),
        id => i32::try_from(id.as_i64()?).ok().map(RequestId::from),
    }
}
