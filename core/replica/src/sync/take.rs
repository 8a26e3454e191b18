use saddlebag_protocol::{KeyList, Page, ServerKeys, SignedServerKeys, SyncAnswer};
use saddlebag_records::fact::{Batch, unpack};
use saddlebag_records::id::{DeviceNumber, PersonId};
use saddlebag_records::plan::wire::{self, Unpacked, WireLimits};

use super::request::Outgoing;
use crate::error::{Error, Result};
use crate::exchange::{Answer, AuthorOf, Name, PageContent, Pending, Told};
use crate::replica::Replica;
use crate::signed::{is_key_list_signed_by, is_signed_by};

/// What taking an answer in came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    /// Whether there is still something to send.
    pub(super) more_here: bool,
    /// Whether the answer confirmed or brought anything.
    pub(super) was_fruitful: bool,
}

impl Replica {
    /// Everything that the next request could hold.
    pub(super) fn outgoing(
        &self,
        app: &str,
        raw_bytes: usize,
        with_checkpoints: bool,
        asked_again: &[Name],
    ) -> Result<Outgoing> {
        Ok(Outgoing {
            asking: self.asking(app, None, &[])?,
            pending: self.pending(raw_bytes)?,
            checkpoints: if with_checkpoints {
                Some(self.checkpoints()?)
            } else {
                None
            },
            given_again: self.give_again(asked_again, raw_bytes)?,
        })
    }

    /// Takes the word that this device goes on under another number.
    pub(super) fn take_fork_in(&self, answer: &SyncAnswer) -> Result<()> {
        let fork = answer
            .fork
            .as_ref()
            .ok_or(Error::Damaged("a fork of the county"))?;
        let said = Answer {
            county_time_ms: answer.county_time,
            cursor: answer.cursor,
            position: answer.position,
            watermark: answer.watermark,
            backup_ms: answer.backup_time,
            ..Answer::default()
        };
        self.take_fork(&said, fork).map(drop)
    }

    /// Applies an answer to what was asked and pushed. `went_back`: checkpoints were offered.
    pub(super) fn take_in(
        &self,
        outgoing: &Outgoing,
        pushed: &Pending,
        answer: &SyncAnswer,
        went_back: bool,
    ) -> Result<Taken> {
        if went_back {
            self.go_back_to(answer.went_back.as_ref())?;
        }
        let page = answer
            .page
            .as_ref()
            .map_or(Ok(PageContent::default()), unpacked)?;
        let identity = self.identity()?;
        let trusted: Option<(KeyList, [u8; 16])> =
            identity.and_then(|identity| Some((identity.keys()?, identity.county.0)));
        let trusted = trusted.as_ref();
        if let Some(keys) = answer.server_keys.as_ref().and_then(|keys| opened(keys, trusted)) {
            self.keep_server_keys(&keys)?;
        }
        let keys = answer.keys.clone().filter(|keys| {
            trusted.is_some_and(|(trusted, county)| is_key_list_signed_by(keys, trusted, county))
        });
        let receipts = answer.receipts.as_ref().filter(|_| !pushed.is_empty());
        let applied = self.apply(&Answer {
            county_time_ms: answer.county_time,
            receipts: receipts.map(|receipts| (pushed, receipts)),
            page,
            cursor: answer.cursor,
            went_back_to: went_back.then(|| answer.went_back.map_or(0, |cursor| cursor.seq)),
            position: answer.position,
            watermark: answer.watermark,
            backup_ms: answer.backup_time,
            one_time: answer.one_time.clone().unwrap_or_default(),
            keys,
            leaving: answer.leaving.map(Into::into),
            told: Told::from(&outgoing.asking),
        })?;
        let mut more_here = !self.pending(1)?.is_empty();
        if !answer.more && !more_here {
            more_here = self.let_go_of_what_did_not_come_again()?;
        }
        Ok(Taken {
            more_here,
            was_fruitful: !applied.changed.is_empty(),
        })
    }
}

/// What the county says of its server's keys, if it was the county.
fn opened(signed: &SignedServerKeys, trusted: Option<&(KeyList, [u8; 16])>) -> Option<ServerKeys> {
    let (trusted, county) = trusted?;
    let bytes = SignedServerKeys::to_sign(county, &signed.keys);
    is_signed_by(trusted, signed.signed_by, &bytes, &signed.signature)
        .then(|| minicbor::decode(&signed.keys).ok())
        .flatten()
}

/// Bytes of a county are as hostile as any: what cannot be unpacked is refused whole, and nothing is applied.
fn unpacked(page: &Page) -> Result<PageContent> {
    let facts = page.facts.as_ref().map(|facts| unpack(facts).ok());
    let changes = page
        .changes
        .as_ref()
        .map(|changes| wire::unpack(changes, WireLimits::default()).ok());
    let (Some(facts), Some(changes)) = (
        facts.unwrap_or_else(|| Some(Batch::default())),
        changes.unwrap_or_else(|| Some(Unpacked::default())),
    ) else {
        return Err(Error::ForeignAnswer);
    };
    let authors = page.authors.iter().flatten();
    Ok(PageContent {
        authors: authors
            .map(|author| AuthorOf {
                device: DeviceNumber(author.device),
                person: PersonId(author.person),
            })
            .collect(),
        facts,
        changes: changes.changes,
        newer_changes: changes.newer,
        removed_side: page.removed_side.clone().unwrap_or_default(),
        forget: page.forget.clone().unwrap_or_default(),
    })
}
