//! An editor as a browser has one: its own copy of the text, its own number, and a socket that may break.

use super::{House, PATIENCE, person};
use crate::collab::carets::{self, Entry};
use crate::collab::frame::{self, Message};
use crate::collab::lib0::put_buffer;
use crate::{Code, Connection, Out, Seat};
use bytes::Bytes;
use model::ids::DocumentId;
use std::collections::BTreeMap;
use uuid::Uuid;
use yrs::updates::decoder::Decode;
use yrs::{ClientID, Doc, GetString, OffsetKind, Options, ReadTxn, StateVector, Text, TextRef, Transact, Update};

pub(crate) struct Editor {
    doc: Doc,
    text: TextRef,
    pub(crate) connection: Connection,
    /// Who is where, as far as it heard.
    pub(crate) carets: BTreeMap<u64, Entry>,
    pub(crate) echoes: Vec<Bytes>,
    pub(crate) is_synced: bool,
    n_probes: u8,
}

pub(crate) fn seat(n: u128, may_write: bool) -> Seat {
    Seat { person: person(n), name: format!("person {n}"), colour: 1, may_write, session: Uuid::nil() }
}

impl Editor {
    /// Sits down as that person and waits until it has the text.
    pub(crate) async fn sits(house: &House, id: DocumentId, n: u128) -> Self {
        Self::comes(house, id, n, true).await
    }

    pub(crate) async fn reads(house: &House, id: DocumentId, n: u128) -> Self {
        Self::comes(house, id, n, false).await
    }

    async fn comes(house: &House, id: DocumentId, n: u128, may_write: bool) -> Self {
        let connection: Connection = house.documents.seat(id, seat(n, may_write)).await.unwrap();
        let mut options = Options::with_client_id(ClientID::new(u64::from(rand::random::<u32>())));
        options.offset_kind = OffsetKind::Utf16;
        let doc = Doc::with_options(options);
        let text: TextRef = doc.get_or_insert_text("body");
        let mut editor =
            Self { doc, text, connection, carets: BTreeMap::new(), echoes: Vec::new(), is_synced: false, n_probes: 0 };
        editor.greet().await;
        editor
    }

    /// Comes back with what it has.
    pub(crate) async fn returns(&mut self, house: &House, id: DocumentId, n: u128) {
        self.connection = house.documents.seat(id, seat(n, true)).await.unwrap();
        self.is_synced = false;
        self.greet().await;
    }

    async fn greet(&mut self) {
        let state: Vec<u8> = yrs::updates::encoder::Encode::encode_v1(&self.doc.transact().state_vector());
        self.send(frame::step_1(&state)).await;
        self.until(|editor| editor.is_synced).await;
    }

    pub(crate) async fn send(&self, frame: Bytes) {
        self.connection.inlet.receive(frame).await;
    }

    pub(crate) fn text(&self) -> String {
        self.text.get_string(&self.doc.transact())
    }

    pub(crate) fn client(&self) -> u64 {
        self.doc.client_id().get()
    }

    /// Types here, and tells nobody yet.
    pub(crate) fn edit(&self, at: u32, n_removed: u32, typed: &str) -> Bytes {
        let mut txn = self.doc.transact_mut();
        if n_removed > 0 {
            self.text.remove_range(&mut txn, at, n_removed);
        }
        self.text.insert(&mut txn, at, typed);
        frame::update(&txn.encode_update_v1())
    }

    pub(crate) async fn types(&self, at: u32, n_removed: u32, typed: &str) {
        let told: Bytes = self.edit(at, n_removed, typed);
        self.send(told).await;
    }

    /// Types behind everything.
    pub(crate) async fn adds(&self, typed: &str) {
        let at: u32 = self.text.len(&self.doc.transact());
        self.types(at, 0, typed).await;
    }

    /// Asks whether all of it is saved, without waiting for the answer.
    pub(crate) async fn probes(&mut self) -> Bytes {
        self.n_probes += 1;
        let mut probe: Vec<u8> = vec![102];
        put_buffer(&mut probe, &[self.n_probes]);
        let probe: Bytes = probe.into();
        self.send(probe.clone()).await;
        probe
    }

    /// Waits until all of it is said to be saved.
    pub(crate) async fn is_saved(&mut self) {
        let probe: Bytes = self.probes().await;
        self.until(|editor| editor.echoes.contains(&probe)).await;
    }

    /// Reads frames until something is so.
    pub(crate) async fn until(&mut self, is_so: impl Fn(&Self) -> bool) {
        let reading = async {
            while !is_so(self) {
                match self.connection.outlet.next().await {
                    Out::Frame(frame) => self.hear(&frame).await,
                    Out::Recheck => {}
                    Out::Close(code) => panic!("closed with {code:?}"),
                }
            }
        };
        tokio::time::timeout(PATIENCE, reading).await.expect("it becomes so");
    }

    pub(crate) async fn until_text(&mut self, wanted: &str) {
        let is_so = |editor: &Self| editor.text() == wanted;
        self.until(is_so).await;
    }

    /// Reads frames until the end, and says how it ended.
    pub(crate) async fn is_closed(&mut self) -> Code {
        let reading = async {
            loop {
                match self.connection.outlet.next().await {
                    Out::Frame(frame) => self.hear(&frame).await,
                    Out::Recheck => {}
                    Out::Close(code) => return code,
                }
            }
        };
        tokio::time::timeout(PATIENCE, reading).await.expect("it ends")
    }

    async fn hear(&mut self, frame: &Bytes) {
        match frame::read(frame).unwrap() {
            Message::Step1(clocks) => {
                let known: StateVector = clocks.iter().map(|(client, clock)| (ClientID::new(*client), *clock)).collect();
                let missing: Vec<u8> = self.doc.transact().encode_state_as_update_v1(&known);
                self.send(frame::step_2(&missing)).await;
            }
            Message::Step2(place) => {
                self.take(&frame[place]);
                self.is_synced = true;
            }
            Message::Update(place) => self.take(&frame[place]),
            Message::Awareness(place) => {
                for entry in carets::read(&frame[place]).unwrap() {
                    self.carets.insert(entry.client, entry);
                }
            }
            Message::Probe(_) => self.echoes.push(frame.clone()),
            Message::Query => panic!("a server asks nobody who is there"),
        }
    }

    fn take(&self, update: &[u8]) {
        self.doc.transact_mut().apply_update(Update::decode_v1(update).unwrap()).unwrap();
    }

    /// Says where it is.
    pub(crate) async fn moves(&self, clock: u32, state: &str) {
        self.says_of(self.client(), clock, state).await;
    }

    pub(crate) async fn says_of(&self, client: u64, clock: u32, state: &str) {
        let entries = [Entry { client, clock, state: state.to_owned() }];
        self.send(frame::awareness(&carets::write(&entries))).await;
    }
}
