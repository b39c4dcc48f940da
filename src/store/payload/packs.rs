//! The writing end of the packs.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::pack::{self, ROOM, RUN};
use super::{name, salted};
use crate::model::PayloadId;
use crate::store::MAX_BATCH;
use crate::store::error::StoreError;
use crate::store::ledger::Log;

/// Adds payloads; there is one.
#[derive(Debug)]
pub(in crate::store) struct Packs {
    data: PathBuf,
    /// The pack that takes the next payload, as it lies there.
    last: Option<Open>,
    /// The same after the batch that is being written.
    next: Option<Open>,
    /// Whether what lies there is what the ledger names.
    is_settled: bool,
}

/// A pack that may take more.
#[derive(Clone, Debug, Default)]
struct Open {
    first: u64,
    payloads: Vec<Vec<u8>>,
    bytes: usize,
    /// Whether it has more than what lies there.
    is_ahead: bool,
}

impl Open {
    fn takes(&self, entry: u64, bytes: usize) -> bool {
        entry / RUN == self.first / RUN && (self.bytes == 0 || self.bytes + bytes <= ROOM)
    }

    fn push(&mut self, payload: Vec<u8>) {
        self.bytes += payload.len() + 4;
        self.payloads.push(payload);
        self.is_ahead = true;
    }
}

impl Packs {
    pub(in crate::store) fn new(data: &Path) -> Self {
        Self { data: data.to_owned(), last: None, next: None, is_settled: false }
    }

    /// Takes away what a step that was not acknowledged left, and makes ready
    /// for the next: nothing to do if the last step was.
    pub(in crate::store) fn settle(&mut self, log: &Log) -> Result<(), StoreError> {
        if self.is_settled {
            return Ok(());
        }
        let size = log.size();
        for thousand in (size / RUN)..=(size + MAX_BATCH as u64) / RUN {
            let left = pack::beside(&self.data, thousand * RUN);
            for first in left.into_iter().filter(|first| *first >= size) {
                // one that stays is written over, or named by a verification
                drop(fs::remove_file(self.data.join(pack::path(first))));
            }
        }
        self.last = None;
        if let Some(first) = pack::find(&self.data, size) {
            let mut named = Vec::new();
            for entry in log.clone().entries(first) {
                named.extend(entry?.payload);
            }
            // a damaged one is left as it is, for a verification to name
            if let Ok(mut payloads) = pack::read(&self.data, first) {
                let present = payloads.len();
                payloads.retain(|payload| named.contains(&name(payload)));
                if payloads.len() < present {
                    pack::write(&self.data, first, &payloads)?;
                }
                let bytes = payloads.iter().map(|payload| payload.len() + 4).sum();
                self.last = Some(Open { first, payloads, bytes, is_ahead: false });
            }
        }
        self.is_settled = true;
        Ok(())
    }

    /// Writes and syncs the payloads of entries, each with the entry's number;
    /// gives their names. [`accept`](Self::accept) says that the entries are in
    /// the ledger; until then they are not there.
    pub(in crate::store) fn write(
        &mut self,
        values: &[(u64, Value)],
    ) -> Result<Vec<PayloadId>, StoreError> {
        let mut names = Vec::with_capacity(values.len());
        if values.is_empty() {
            return Ok(names);
        }
        self.is_settled = false;
        let mut open = self.last.clone();
        for (entry, value) in values {
            let payload = salted(value)?;
            names.push(name(&payload));
            match &mut open {
                Some(open) if open.takes(*entry, payload.len() + 4) => open.push(payload),
                full => {
                    if let Some(full) = full.as_ref().filter(|full| full.is_ahead) {
                        pack::write(&self.data, full.first, &full.payloads)?;
                    }
                    let mut new = Open { first: *entry, ..Open::default() };
                    new.push(payload);
                    open = Some(new);
                }
            }
        }
        if let Some(open) = &mut open {
            pack::write(&self.data, open.first, &open.payloads)?;
            open.is_ahead = false;
        }
        self.next = open;
        Ok(names)
    }

    /// Says that the entries of the last step are in the ledger.
    pub(in crate::store) fn accept(&mut self) {
        if let Some(next) = self.next.take() {
            self.last = Some(next);
        }
        self.is_settled = true;
    }
}
