//! Where editors go: documents, and who serves them.

use uuid::Uuid;

/// Whose language a server speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speech {
    /// y-websocket's, as ours does: one document a socket, and the probe that comes back when all before it is saved.
    Plain,
    /// Hocuspocus': every frame begins with the document's name, one signs in by a frame, and every change is acknowledged by itself.
    Named,
}

/// Who serves documents.
#[derive(Clone)]
pub(super) struct Served {
    /// `127.0.0.1:3000`
    pub(super) listen: String,
    /// Empty where nobody signs in.
    pub(super) cookie: String,
    pub(super) speech: Speech,
}

/// See the module.
#[derive(Clone)]
pub(super) struct Places {
    /// All of them serve all documents.
    pub(super) servers: Vec<Served>,
    pub(super) documents: Vec<Uuid>,
}

/// Where one editor goes.
#[derive(Clone)]
pub(super) struct Address {
    pub(super) server: Served,
    pub(super) document: Uuid,
}

impl Places {
    /// The place of an editor: documents in turn, and the servers of each in turn.
    pub(super) fn address(&self, document: usize, editor: usize) -> Address {
        Address {
            server: self.servers[editor % self.servers.len()].clone(),
            document: self.documents[document % self.documents.len()],
        }
    }

    /// The same without all documents but those.
    pub(super) fn only(&self, documents: &[Uuid]) -> Self {
        Self { servers: self.servers.clone(), documents: documents.to_vec() }
    }
}

/// Names that nobody else has.
pub(super) fn new_ids(n: usize) -> Vec<Uuid> {
    (0..n).map(|_| Uuid::from_u128(rand::random::<u128>())).collect()
}
