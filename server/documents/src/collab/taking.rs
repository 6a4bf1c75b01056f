//! What clients send: read, held against what they may and what is known, and answered.

use super::carets::{self, Entry};
use super::desk::{Desk, Pending, Reply};
use super::frame::{self, Code, Message};
use super::seat::Held;
use super::sketch::{Sketch, Verdict};
use super::{MOST_TEXT_BYTES, Refused};
use bytes::Bytes;
use model::ids::PersonId;
use std::ops::ControlFlow;
use tokio::time::Instant;

impl Desk {
    /// Takes a frame of somebody who sits here.
    pub(crate) fn take(&mut self, seat: u64, frame: &Bytes, held: Held) {
        if self.peers.get(&seat).is_none_or(super::seat::Peer::is_over) {
            return;
        }
        let code: Option<Code> = match frame::read(frame) {
            Ok(message) => self.take_message(seat, frame, message, held).err(),
            Err(code) => Some(code),
        };
        if let (Some(code), Some(peer)) = (code, self.peers.get(&seat)) {
            peer.end(code);
        }
    }

    fn take_message(&mut self, seat: u64, frame: &Bytes, message: Message, held: Held) -> Result<(), Code> {
        match message {
            Message::Step1(clocks) => self.say(seat, &frame::step_2(&self.paper.beyond(&clocks))),
            Message::Step2(place) => self.take_change(seat, frame.slice(place), true, held)?,
            Message::Update(place) => self.take_change(seat, frame.slice(place), false, held)?,
            Message::Awareness(place) => self.take_carets(seat, frame.slice(place))?,
            Message::Query => self.say(seat, &self.everybody()),
            Message::Probe(_) => {
                if let Some(peer) = self.peers.get_mut(&seat) {
                    peer.probe(frame.clone());
                }
            }
        }
        Ok(())
    }

    fn say(&self, seat: u64, frame: &Bytes) {
        if let Some(peer) = self.peers.get(&seat) {
            peer.send(frame);
        }
    }

    /// A change; `is_answer`: all that the client has and we did not know, so that nothing of theirs is missing afterwards.
    fn take_change(&mut self, seat: u64, bin: Bytes, is_answer: bool, held: Held) -> Result<(), Code> {
        let sketch: Sketch = Sketch::read(&bin).map_err(|_| Code::Malformed)?;
        let Some(peer) = self.peers.get_mut(&seat) else { return Ok(()) };
        let verdict: Verdict = sketch.verdict(&self.known);
        if !peer.may_write {
            // An answer is what every client sends who comes; to close for it would keep readers out. What is dropped is never said to be
            // saved, not even when they may write again.
            peer.has_gap |= verdict != Verdict::Nothing;
            return Ok(());
        }
        match verdict {
            Verdict::Nothing => self.wait_for_the_same(seat),
            Verdict::Gap => {
                peer.has_gap = true;
                if peer.may_ask(Instant::now().into_std()) {
                    peer.send(&frame::step_1(&self.paper.state_vector()));
                }
                return Ok(());
            }
            Verdict::News => self.take_news(seat, bin, &sketch, held)?,
        }
        if let Some(peer) = self.peers.get_mut(&seat).filter(|_| is_answer) {
            peer.fill_gap();
        }
        Ok(())
    }

    /// Whoever sends what is known may have sent it before, over a line that broke: it is saved when all that waits is.
    fn wait_for_the_same(&mut self, seat: u64) {
        let (Some(newest), Some(peer)) = (self.queue.back_mut(), self.peers.get_mut(&seat)) else { return };
        if newest.seat != Some(seat) && !newest.also.contains(&seat) {
            newest.also.push(seat);
            peer.n_taken += 1;
        }
    }

    fn take_news(&mut self, seat: u64, bin: Bytes, sketch: &Sketch, held: Held) -> Result<(), Code> {
        if self.would_be_too_large(sketch) {
            return Err(Code::TooLarge);
        }
        let Some(actor) = self.peers.get(&seat).map(|peer| peer.face.person) else { return Ok(()) };
        // What is in the log must be readable by the library for ever, not only by us.
        self.put(sketch, pending(bin, sketch, Some(seat), Some(actor), None), Some(held)).map_err(|_| Code::Malformed)?;
        if let Some(peer) = self.peers.get_mut(&seat) {
            peer.n_taken += 1;
        }
        Ok(())
    }

    /// Counted with care: only when the sum of all that came could be too much is the text itself looked at.
    fn would_be_too_large(&mut self, sketch: &Sketch) -> bool {
        if sketch.n_bytes == 0 || self.n_bytes.saturating_add(sketch.n_bytes) <= MOST_TEXT_BYTES {
            return false;
        }
        let n_waiting: usize = self.queue.iter().map(|pending| pending.n_bytes).sum();
        self.n_bytes = self.paper.text().len().saturating_add(n_waiting);
        self.n_bytes.saturating_add(sketch.n_bytes) > MOST_TEXT_BYTES
    }

    /// A change of our own: of a form without script, a restore, a template. It was made from the log, which this desk may not have read
    /// to its end yet.
    pub(crate) async fn write(&mut self, bin: Bytes, actor: Option<PersonId>, reply: Reply) -> ControlFlow<Refused> {
        let Ok(sketch) = Sketch::read(&bin) else {
            drop(reply.send(Err(Refused::Later(self.id))));
            return ControlFlow::Continue(());
        };
        if sketch.verdict(&self.known) == Verdict::Gap {
            self.catch_up_with_the_log().await?;
        }
        match sketch.verdict(&self.known) {
            Verdict::Nothing => drop(reply.send(Ok(self.body()))),
            Verdict::Gap => drop(reply.send(Err(Refused::Later(self.id)))),
            Verdict::News if self.would_be_too_large(&sketch) => {
                let n_bytes: usize = self.n_bytes.saturating_add(sketch.n_bytes);
                drop(reply.send(Err(Refused::TooLarge { id: self.id, n_bytes, max: MOST_TEXT_BYTES })));
            }
            Verdict::News => {
                // Whoever waits for it hears that nobody answers, and tries again.
                if let Err(error) = self.put(&sketch, pending(bin, &sketch, None, actor, Some(reply)), None) {
                    tracing::error!(document = %self.id, %error, "a change of our own was not taken");
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn take_carets(&mut self, seat: u64, message: Bytes) -> Result<(), Code> {
        let now: Instant = Instant::now();
        let Some(peer) = self.peers.get_mut(&seat) else { return Ok(()) };
        if !peer.may_move(now.into_std()) {
            peer.late = Some(message);
            return Ok(());
        }
        let face = peer.face.clone();
        let entries: Vec<Entry> = carets::read(&message).map_err(|_| Code::Malformed)?;
        self.carets.hear(seat, &face, entries, now.into_std());
        Ok(())
    }

    /// Tells everybody here of carets that changed, their own included, and puts them out for other processes.
    pub(crate) fn tell_carets(&mut self, now: Instant) {
        self.take_late_carets(now);
        if !self.carets.is_changed() {
            return;
        }
        self.times.carets = now + self.pace().carets;
        let (here, there) = self.carets.take_changed();
        let told: Bytes = frame::awareness(&carets::write(&here));
        self.peers.values().for_each(|peer| peer.send(&told));
        if !there.is_empty() {
            self.documents.collab.shared.put_carets(self.id, there);
        }
    }

    fn take_late_carets(&mut self, now: Instant) {
        for (seat, peer) in &mut self.peers {
            let Some(late) = peer.late.take() else { continue };
            match carets::read(&late) {
                Ok(entries) => self.carets.hear(*seat, &peer.face, entries, now.into_std()),
                Err(_) => peer.end(Code::Malformed),
            }
        }
    }
}

pub(crate) fn pending(bin: Bytes, sketch: &Sketch, seat: Option<u64>, actor: Option<PersonId>, reply: Option<Reply>) -> Pending {
    Pending {
        bin,
        seat,
        also: Vec::new(),
        actor,
        n_bytes: sketch.n_bytes,
        n_deleted: sketch.n_deleted(),
        has_foreign: sketch.has_foreign,
        reply,
    }
}
