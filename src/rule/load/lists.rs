//! Filling the lists: entries, lists of lists, spellings of chat.

use toml::Spanned;

use super::Loader;
use super::read::Source;
use crate::rule::contest;
use crate::rule::file::{Entry, LexiconFile, Told};
use crate::rule::lexicon::{SetId, Terms};

/// What is said of an entry that names a contestant.
pub(super) fn named(entry: &str, form: &str) -> String {
    format!("`{entry}` holds `{form}`, a form of a contestant or party")
}

/// What to do about it.
pub(super) const WITHOUT_A_NAME: &str =
    "say what holds for every contestant: `@peserta.short`, `@partai.short` beside other words";

impl Loader {
    /// Fills the lists, then resolves lists of lists until nothing changes.
    pub(super) fn lists(&mut self, files: &[(Source, LexiconFile)]) {
        let mut includes = Vec::new();
        for (source, file) in files {
            let stem = source.stem();
            let all = self.lexicon.set(&format!("@{stem}"));
            for (name, entries) in &file.list {
                let set = self.lexicon.set(&format!("@{stem}.{name}"));
                includes.push((all, set));
                for entry in entries {
                    let text = entry.as_ref().text();
                    let region = match entry.as_ref() {
                        Entry::Told(told) => told.region.as_deref().unwrap_or_default(),
                        Entry::Plain(_) => "",
                    };
                    if let Entry::Told(told) = entry.as_ref() {
                        self.no_terms(source, entry, told);
                    }
                    let named = if region.starts_with('@') { region } else { text };
                    if named.starts_with('@') && !self.is_known(named, files) {
                        self.unknown_list(source, files, entry, named);
                    } else if !text.starts_with('@') {
                        self.entry(source, set, entry);
                    } else {
                        includes.push((set, self.lexicon.set(text)));
                    }
                }
            }
        }
        // lists nest a few levels deep at most
        for _ in 0..4 {
            for (to, from) in &includes {
                self.lexicon.include(*to, *from);
            }
        }
        for (_, file) in files {
            for (form, standard) in &file.slang {
                self.lexicon.vocabulary.word(standard);
                self.lexicon.vocabulary.also(form, standard);
            }
        }
    }

    /// One phrase of a list, with the terms on which it counts.
    fn entry(&mut self, source: &Source, set: SetId, entry: &Spanned<Entry>) {
        let text = entry.as_ref().text();
        let mut say = |code, message| {
            self.problems.push(source.problem(code, entry.span(), message));
        };
        let terms = match entry.as_ref() {
            Entry::Plain(_) => Terms::default(),
            Entry::Told(told) => {
                if let (Some(from), Some(until)) = (told.from, told.until)
                    && until < from
                {
                    say(
                        "bad-dates",
                        format!("`{text}` ends on {until}, before it begins on {from}"),
                    );
                }
                Terms {
                    valid: (told.from, told.until),
                    region: told.region.as_deref().map(|region| self.region(region)),
                    ambiguous: told.ambiguous,
                }
            }
        };
        if let Some(form) = self.lexicon.names_contestant(text) {
            let problem = source.problem("names-contestant", entry.span(), named(text, &form));
            self.problems.push(problem.help(WITHOUT_A_NAME));
        }
        if !self.lexicon.add_on(set, text, None, terms) {
            let message = format!("`{text}` holds no word, or more than twelve");
            self.problems.push(source.problem("empty-phrase", entry.span(), message));
        }
    }

    /// What is sought inside words, and a list of lists, takes no terms.
    fn no_terms(&mut self, source: &Source, entry: &Spanned<Entry>, told: &Told) {
        let has_terms =
            told.from.is_some() || told.until.is_some() || told.region.is_some() || told.ambiguous;
        let text = &told.text;
        if has_terms && (text.ends_with('*') || text.starts_with('@')) {
            let what = if text.starts_with('@') { "is a list" } else { "is sought inside words" };
            let message = format!("`{text}` {what}: it takes no dates, region or mark");
            self.problems.push(source.problem("no-terms-here", entry.span(), message));
        }
    }

    /// The list whose entries name a region: itself a list, or the name alone.
    fn region(&mut self, region: &str) -> SetId {
        if region.starts_with('@') {
            return self.lexicon.set(region);
        }
        let set = self.lexicon.set(&format!("region#{}", region.to_lowercase()));
        self.lexicon.add_on(set, region, None, Terms::default());
        set
    }

    fn unknown_list(
        &mut self,
        source: &Source,
        files: &[(Source, LexiconFile)],
        entry: &Spanned<Entry>,
        text: &str,
    ) {
        let mut known: Vec<String> = contest::LISTS.iter().map(|name| (*name).to_owned()).collect();
        for (source, file) in files {
            let stem = source.stem();
            known.extend(file.list.keys().map(|name| format!("@{stem}.{name}")));
            known.push(format!("@{stem}"));
        }
        let message = format!("there is no list `{text}`");
        let problem = source.problem("unknown-list", entry.span(), message);
        self.problems.push(problem.nearest(text, known.iter().map(String::as_str)));
    }

    /// Whether there is such a list, or a file that could not be read may have it.
    fn is_known(&self, name: &str, files: &[(Source, LexiconFile)]) -> bool {
        self.is_lost(name)
            || contest::LISTS.contains(&name)
            || files.iter().any(|(source, file)| {
                let stem = source.stem();
                name.strip_prefix('@').is_some_and(|n| {
                    n == stem
                        || n.strip_prefix(&*stem)
                            .and_then(|n| n.strip_prefix('.'))
                            .is_some_and(|n| file.list.contains_key(n))
                })
            })
    }
}
