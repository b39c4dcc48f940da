//! How far a negation, a prohibition or a warning reaches, what would only be
//! if, and what somebody else is said to have said.
//!
//! The words come from the lists `@bahasa.ingkar` (negations),
//! `@bahasa.larang` (prohibitions), `@bahasa.ajak` (*jangan lupa*, *ojo lali*:
//! an appeal, no negation), `@bahasa.andai` (*kalau*, *seandainya*),
//! `@bahasa.lapor` (*ujar*, *menegaskan*) and `@bahasa.lepas` (*tapi*, *cuma*:
//! ends a reach). Where a rule set lacks a list, nothing is opened by it.

use crate::rule::Lexicon;
use crate::rule::lexicon::SetId;
use crate::rule::work;
use crate::text::{Flags, Token};

use super::literal::Span;

/// How many words a negation reaches. Five covers *saya tidak akan pernah ikut mendukung*.
const NEGATION_WORDS: usize = 5;

/// How many words a prohibition reaches: rule lists are long.
const PROHIBITION_WORDS: usize = 24;

/// What a phrase does to scopes, as bits: most phrases do nothing, and every one is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Role(u8);

impl Role {
    const NEGATES: Self = Self(1);
    const FORBIDS: Self = Self(1 << 1);
    const SUPPOSES: Self = Self(1 << 2);
    const REPORTS: Self = Self(1 << 3);
    const APPEALS: Self = Self(1 << 4);
    const RELEASES: Self = Self(1 << 5);

    /// What the phrases of a list do.
    const LISTS: [(&str, Self); 6] = [
        ("@bahasa.ingkar", Self::NEGATES),
        ("@bahasa.larang", Self::FORBIDS),
        ("@bahasa.andai", Self::SUPPOSES),
        ("@bahasa.lapor", Self::REPORTS),
        ("@bahasa.ajak", Self::APPEALS),
        ("@bahasa.lepas", Self::RELEASES),
    ];

    /// What opens a scope, and the scope it opens.
    const OPENERS: [(Self, Flags); 4] = [
        (Self::NEGATES, Flags::NEGATED),
        (Self::FORBIDS, Flags::FORBIDDEN),
        (Self::SUPPOSES, Flags::CONDITIONAL),
        (Self::REPORTS, Flags::REPORTED),
    ];

    fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// The phrases that open and close scopes.
#[derive(Debug)]
pub struct Scopes {
    /// By phrase, what it does.
    roles: Vec<Role>,
}

/// A phrase that opens a scope: its first token, one past its last, and what it opens.
type Opener = (usize, usize, Flags);

impl Scopes {
    /// The phrases of the lists for it, where a lexicon has them.
    pub fn new(lexicon: &Lexicon) -> Self {
        let lists = Role::LISTS.map(|(name, role)| (lexicon.find(name), role));
        let role = |sets: &[SetId]| {
            let stands_in = |list: Option<SetId>| list.is_some_and(|list| sets.contains(&list));
            let does = lists.iter().filter(|(list, _)| stands_in(*list));
            Role(does.fold(0, |bits, (_, role)| bits | role.0))
        };
        Self { roles: lexicon.phrases.iter().map(|phrase| role(&phrase.sets)).collect() }
    }

    /// The names of the lists whose phrases do anything.
    pub(super) fn lists() -> impl Iterator<Item = &'static str> {
        Role::LISTS.into_iter().map(|(name, _)| name)
    }

    /// What these phrases can make true of words around them.
    pub(super) fn opened(&self, spans: &[Span]) -> Flags {
        let role = |span: &Span| self.roles.get(span.phrase as usize).map_or(0, |role| role.0);
        let roles = Role(spans.iter().fold(0, |roles, span| roles | role(span)));
        let opened = Role::OPENERS.into_iter().filter(|(opener, _)| roles.has(*opener));
        opened.fold(Flags::default(), |flags, (_, flag)| flags.with(flag))
    }

    /// Marks the tokens within reach; `spans` are the phrases that stand among them.
    pub fn mark(&self, spans: &[Span], tokens: &mut [Token]) {
        let mut openers: Vec<Opener> = Vec::new();
        let mut appeals: Vec<usize> = Vec::new();
        let mut releases: Vec<usize> = Vec::new();
        for span in spans {
            let role = self.roles.get(span.phrase as usize).copied().unwrap_or_default();
            if role == Role::default() {
                continue;
            }
            let (first, after) = (span.first as usize, span.after as usize);
            let opened = Role::OPENERS.into_iter().filter(|(opener, _)| role.has(*opener));
            openers.extend(opened.map(|(_, flag)| (first, after, flag)));
            if role.has(Role::APPEALS) {
                appeals.push(first);
            }
            if role.has(Role::RELEASES) {
                releases.push(first);
            }
        }
        let (mut conditional, mut reported) = (Reached::default(), Reached::default());
        for opener in openers {
            let (first, after, flag) = opener;
            if appeals.binary_search(&first).is_ok() {
                continue;
            }
            match flag {
                Flags::NEGATED => ahead(opener, NEGATION_WORDS, &releases, tokens),
                Flags::FORBIDDEN => ahead(opener, PROHIBITION_WORDS, &releases, tokens),
                Flags::CONDITIONAL => {
                    conditional.ahead(after, flag, &releases, tokens, |token, opener| {
                        token.clause == opener.clause && token.sentence == opener.sentence
                    });
                }
                _ => {
                    reported.back(first, flag, &releases, tokens);
                    reported.ahead(after, flag, &releases, tokens, |token, opener| {
                        token.sentence == opener.sentence
                    });
                }
            }
        }
    }
}

/// Where the first release from this place on stands. Releases come in order.
fn release(releases: &[usize], from: usize) -> usize {
    let next = releases.get(releases.partition_point(|at| *at < from));
    next.copied().unwrap_or(usize::MAX)
}

/// Marks so many words behind an opener: of its clause if it negates, else of its sentence.
fn ahead((first, after, flag): Opener, reach: usize, releases: &[usize], tokens: &mut [Token]) {
    let Some(opener) = tokens.get(first).copied() else { return };
    let end = release(releases, after);
    for (at, token) in tokens.iter_mut().enumerate().skip(after).take(reach) {
        work::done(1);
        let apart = flag == Flags::NEGATED && token.clause != opener.clause;
        if token.sentence != opener.sentence || apart || at >= end {
            break;
        }
        token.flags = token.flags.with(flag);
    }
}

/// How far a scope without a bound of words has been marked, so that no word
/// is walked over twice however many openers stand in one sentence.
#[derive(Default)]
struct Reached {
    /// One past the last token marked behind an opener.
    ahead: usize,
    /// The last opener before which words were marked.
    back: usize,
}

impl Reached {
    /// Marks what stands behind an opener, as long as `goes_on` says so of a word and the opener.
    fn ahead(
        &mut self,
        after: usize,
        flag: Flags,
        releases: &[usize],
        tokens: &mut [Token],
        goes_on: impl Fn(&Token, &Token) -> bool,
    ) {
        let Some(opener) = after.checked_sub(1).and_then(|at| tokens.get(at)).copied() else {
            return;
        };
        let end = release(releases, after);
        for (at, token) in tokens.iter_mut().enumerate().skip(after.max(self.ahead)) {
            work::done(1);
            if at >= end || !goes_on(token, &opener) {
                break;
            }
            token.flags = token.flags.with(flag);
            self.ahead = at + 1;
        }
    }

    /// Marks what stands before an opener in its sentence, if the opener
    /// begins its clause: *ASN harus netral, ujar camat*.
    fn back(&mut self, first: usize, flag: Flags, releases: &[usize], tokens: &mut [Token]) {
        let Some(opener) = tokens.get(first).copied() else { return };
        let begins = |last: &Token| last.clause != opener.clause;
        if !first.checked_sub(1).and_then(|at| tokens.get(at)).is_some_and(begins) {
            return;
        }
        let last = releases.partition_point(|at| *at < first);
        let from = last.checked_sub(1).and_then(|at| releases.get(at)).map_or(0, |at| at + 1);
        let from = from.max(self.back);
        self.back = first;
        for token in tokens.get_mut(from..first).unwrap_or_default().iter_mut().rev() {
            work::done(1);
            if token.sentence != opener.sentence {
                break;
            }
            token.flags = token.flags.with(flag);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::matcher::literal::Literals;
    use crate::rule::RuleSet;
    use crate::text::{Text, word};

    const LISTS: &str = "[list]\ningkar = [\"tidak\"]\nandai = [\"kalau\", \"seandainya\"]\n\
        lapor = [\"ujar\", \"menegaskan\"]\nlepas = [\"tapi\"]\najak = [\"kalau bukan\"]\n";

    /// The words of a text that have this flag.
    fn flagged(lists: &str, text: &str, flag: Flags) -> String {
        let files = vec![(PathBuf::from("bahasa.toml"), lists.to_owned())];
        let ruleset = RuleSet::of_texts(files).ruleset.unwrap();
        let (lexicon, text) = (ruleset.lexicon(), Text::new(text));
        let literals = Literals::new(lexicon);
        let (mut tokens, mut spans) = (Vec::new(), Vec::new());
        word::tokens(&text, &lexicon.vocabulary, &mut tokens);
        literals.spans(&tokens, &mut spans);
        Scopes::new(lexicon).mark(&spans, &mut tokens);
        let words = tokens.iter().filter(|token| token.flags.has(flag));
        let words: Vec<&str> = words.filter_map(|t| text.folded().get(t.range())).collect();
        words.join(" ").to_lowercase()
    }

    #[test]
    fn a_condition_reaches_to_the_end_of_its_clause() {
        let conditional = |text| flagged(LISTS, text, Flags::CONDITIONAL);
        assert_eq!(conditional("Kalau saya kades, saya dukung dia"), "saya kades");
        assert_eq!(conditional("saya dukung dia kalau dia maju. Dia maju"), "dia maju");
        assert_eq!(
            conditional("seandainya dia kalau maju pun menang"),
            "dia kalau maju pun menang"
        );
        assert_eq!(conditional("kalau hujan tapi saya datang"), "hujan");
        assert_eq!(conditional("siapa lagi kalau bukan dia"), "", "an appeal is no condition");
    }

    #[test]
    fn a_report_reaches_through_its_sentence() {
        let reported = |text| flagged(LISTS, text, Flags::REPORTED);
        assert_eq!(reported("Camat menegaskan ASN netral, semua. Saya tahu"), "asn netral semua");
        assert_eq!(reported("Pagi. ASN harus netral, ujar Camat"), "asn harus netral camat");
        assert_eq!(
            reported("\"Netral\", ujar camat, tapi saya dukung dia, ujar adik"),
            "netral camat saya dukung dia adik"
        );
        assert_eq!(reported("a, ujar b, ujar c"), "a ujar b ujar c");
    }

    #[test]
    fn without_the_lists_nothing_is_opened() {
        let lists = "[list]\nlain = [\"kalau\", \"ujar\"]\n";
        for flag in [Flags::CONDITIONAL, Flags::REPORTED, Flags::NEGATED] {
            assert_eq!(flagged(lists, "kalau dia maju, ujar camat tidak", flag), "");
        }
    }
}
