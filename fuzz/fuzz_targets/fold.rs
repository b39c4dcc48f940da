//! Any text is folded and cut into words without a panic, and every word leads
//! back to a place inside the original.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use netra::rule::RuleSet;
use netra::text::Text;

static RULES: LazyLock<RuleSet> = LazyLock::new(|| {
    let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/../rules");
    RuleSet::load(&[rules.into()]).ruleset.expect("the shipped rules load")
});

fuzz_target!(|original: &str| {
    let text = Text::new(original);
    let (original, folded) = (text.original(), text.folded());
    let letters = u32::try_from(original.chars().count()).expect("a field is bounded");
    let mut last = 0;
    for token in text.tokens(&RULES.lexicon().vocabulary) {
        let range = token.range();
        assert!(range.start < range.end && last <= range.start, "{range:?} after {last}");
        last = range.start;
        assert!(folded.get(range.clone()).is_some(), "{range:?} cuts a character");
        let bytes = text.original_bytes(range.clone());
        assert!(bytes.start < bytes.end, "{bytes:?} is empty");
        assert!(original.get(bytes.clone()).is_some(), "{bytes:?} is not in the original");
        let chars = text.original_chars(range);
        assert!(chars.start < chars.end && chars.end <= letters, "{chars:?} of {letters}");
    }
});
