//! What would call somebody while there is nobody to be told.
//!
//! It stays undecided, so that the first pass that finds somebody calls at once, however long ago it began. What is said of it meanwhile is
//! said once for each group.

use super::Notifier;
use super::written::{Draft, Written, filled_in};
use crate::error::Error;
use crate::grouping::{GroupId, PageKind};
use crate::needs::PageOrder;
use kernel::Tx;
use std::collections::BTreeSet;

impl Notifier {
    /// The groups that wait, while there is still nobody: only what happens to one of them is a reason to look at it.
    pub(super) async fn out_of_reach(&self) -> Result<BTreeSet<GroupId>, Error> {
        let waiting: BTreeSet<GroupId> = self.remember(|memory| memory.unheard.clone());
        if waiting.is_empty() || self.pager.reaches_somebody().await? {
            return Ok(BTreeSet::new());
        }
        Ok(waiting)
    }

    /// Takes out of a pass what would call somebody, where nobody can be told. Returns the groups that wait.
    pub(super) async fn hold_back(&self, tx: &mut Tx, written: &mut Written) -> Result<BTreeSet<GroupId>, Error> {
        if !written.orders.iter().any(calls) || self.pager.reaches_somebody().await? {
            return Ok(BTreeSet::new());
        }
        let (held, others): (Vec<Draft>, Vec<Draft>) = std::mem::take(&mut written.orders).into_iter().partition(calls);
        written.orders = others;
        let waiting: BTreeSet<GroupId> = held.iter().map(|draft| draft.group).collect();
        written.groups.retain(|group| !waiting.contains(&group.id));
        written.changed.retain(|(group, _)| !waiting.contains(group));
        let before: BTreeSet<GroupId> = self.remember(|memory| memory.unheard.clone());
        let new: Vec<Draft> = held.into_iter().filter(|draft| !before.contains(&draft.group)).collect();
        let orders: Vec<PageOrder> = filled_in(tx, new).await?;
        if !orders.is_empty() {
            // The pager says with each alert that nobody could be told.
            self.pager.page(tx, orders).await?;
        }
        Ok(waiting)
    }
}

fn calls(draft: &Draft) -> bool {
    matches!(draft.order.kind, PageKind::Fired | PageKind::Again)
}
