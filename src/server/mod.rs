//! The server for editors: texts and questions come in, what the engine says of them goes out. The same analysis as that of
//! `sfl check`, over texts that nobody has saved yet.
//!
//! Everything happens in one thread, in the order in which it was asked for: a change is taken in at once and judged when nothing
//! else waits, or when an answer hangs on it, so that fast typing costs one judgement and not one a key. The bytes are for the
//! command line to read and write; files are opened by the host alone.

use std::path::Path;
use std::sync::Arc;

use lsp_server::{Connection, Message};

use crate::host::Host;

mod accepting;
mod answers;
mod client;
mod code_actions;
mod completion;
mod diagnostic;
mod documents;
mod file_uri;
mod hover;
mod inbox;
mod justifying;
mod known_fallbacks;
mod lenses;
mod marked;
mod mending;
mod navigation;
mod offers;
mod open_text;
mod positions;
mod publishing;
mod reason_slot;
mod root;
mod schema_keys;
mod session;
mod standing;
mod toml_slot;
mod written_edit;

pub use open_text::LARGEST;

/// Gives the host for a folder.
pub type HostAt<'h> = &'h dyn Fn(&Path) -> Arc<dyn Host>;

/// Serves one editor until it leaves. Whether it left as it should: it asked for the end before it went.
pub fn serve(connection: &Connection, host_at: HostAt<'_>) -> bool {
    let mut inbox = inbox::Inbox::new(&connection.receiver);
    let Some(mut session) = session::start(&mut inbox, &connection.sender, host_at) else {
        return false;
    };
    loop {
        let message = match inbox.waiting() {
            Some(message) => message,
            // Nothing waits: what has changed is judged, one folder after the other.
            None if session.catch_up() => continue,
            None => match inbox.wait() {
                Some(message) => message,
                None => return false,
            },
        };
        match message {
            Message::Request(request) => {
                let is_cancelled = inbox.is_cancelled(&request.id);
                session.request(request, is_cancelled);
            }
            Message::Notification(notification) if notification.method == "exit" => {
                return session.is_over();
            }
            Message::Notification(notification) => session.notification(notification),
            Message::Response(_) => {}
        }
    }
}

fn offset(byte: usize) -> u32 {
    u32::try_from(byte).unwrap_or(u32::MAX)
}
