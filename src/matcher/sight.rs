//! A first look at a post: what stands in it at all, before it is asked where
//! and how. Most posts are done with then, for no rule can hold in them.

use crate::model::{Field, PostKind};
use crate::rule::lexicon::SetId;
use crate::text::{Flags, Text, Token};

/// Fields as bits, by their number.
pub(super) type Fields = u8;

/// What stands in a post. Kept from post to post: emptying it costs as much as was put in.
#[derive(Debug, Default)]
pub(super) struct Sight {
    /// By list, in which fields one of its phrases stands.
    lists: Vec<Fields>,
    seen: Vec<SetId>,
    /// Where a word that may be a name stands, and where two of them joined by a hyphen.
    names: Fields,
    pairs: Fields,
    /// What is true of any word.
    flags: Flags,
    kind: PostKind,
}

impl Sight {
    /// Empties it for a post of this kind and a rule set of so many lists.
    pub(super) fn clear(&mut self, kind: PostKind, lists: usize) {
        for set in self.seen.drain(..) {
            if let Some(fields) = self.lists.get_mut(usize::from(set)) {
                *fields = 0;
            }
        }
        if self.lists.len() < lists {
            self.lists.resize(lists, 0);
        }
        (self.names, self.pairs, self.flags, self.kind) = (0, 0, Flags::default(), kind);
    }

    /// Phrases of these lists stand in a field.
    #[inline]
    pub(super) fn add(&mut self, field: Field, sets: &[SetId]) {
        for set in sets {
            let Some(fields) = self.lists.get_mut(usize::from(*set)) else { continue };
            if *fields == 0 {
                self.seen.push(*set);
            }
            *fields |= bit(field);
        }
    }

    /// What is true of the words of a field.
    pub(super) fn words(&mut self, field: Field, text: &Text<'_>, tokens: &[Token]) {
        let flags = tokens.iter().fold(self.flags, |flags, token| flags.with(token.flags));
        self.flags = flags;
        if !flags.has(Flags::NAME) {
            return;
        }
        let is_name = |token: &Token| token.flags.has(Flags::NAME);
        if tokens.iter().any(is_name) {
            self.names |= bit(field);
        }
        let bytes = text.folded().as_bytes();
        let is_pair = |two: &[Token]| {
            matches!(two, [left, right] if is_name(left) && is_name(right)
                && left.end + 1 == right.start && bytes.get(left.end as usize) == Some(&b'-'))
        };
        if tokens.windows(2).any(is_pair) {
            self.pairs |= bit(field);
        }
    }

    /// Something besides is true of words.
    pub(super) fn mark(&mut self, flags: Flags) {
        self.flags = self.flags.with(flags);
    }

    /// The lists of which a phrase stands somewhere.
    pub(super) fn lists(&self) -> &[SetId] {
        &self.seen
    }

    /// Whether one of these lists stands in one of these fields.
    pub(super) fn has(&self, sets: &[SetId], fields: Fields) -> bool {
        let fields = self.meant(fields);
        sets.iter().any(|set| self.lists.get(usize::from(*set)).is_some_and(|of| of & fields != 0))
    }

    /// Whether a word that may be a name stands in one of these fields.
    pub(super) fn has_name(&self, fields: Fields) -> bool {
        self.names & self.meant(fields) != 0
    }

    /// Whether two of them do, joined by a hyphen.
    pub(super) fn has_pair(&self, fields: Fields) -> bool {
        self.pairs & self.meant(fields) != 0
    }

    /// Whether all of this is true of some word or other.
    pub(super) fn has_flags(&self, flags: Flags) -> bool {
        self.flags.has(flags)
    }

    /// The kind of the post.
    pub(super) fn kind(&self) -> PostKind {
        self.kind
    }

    /// The text of a profile is also its author's.
    fn meant(&self, fields: Fields) -> Fields {
        let is_profile = self.kind == PostKind::Bio && fields & bit(Field::AuthorBio) != 0;
        if is_profile { fields | bit(Field::Text) } else { fields }
    }
}

fn bit(field: Field) -> Fields {
    1 << (field as u8)
}

/// These fields as bits.
pub(super) fn bits(fields: [bool; 5]) -> Fields {
    (0..).zip(fields).fold(0, |bits, (place, counts)| bits | Fields::from(counts) << place)
}
