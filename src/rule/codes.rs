//! What every problem's code means, and what to do: `netra rules explain CODE`.

/// A kind of problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// Its name, as [`Problem`](super::Problem) gives it.
    pub code: &'static str,
    /// What is wrong.
    pub meaning: &'static str,
    /// A line that has it.
    pub example: &'static str,
    /// What to do.
    pub remedy: &'static str,
}

/// The code of this name.
pub fn find(code: &str) -> Option<&'static Code> {
    CODES.iter().find(|known| known.code == code)
}

/// All codes, by name.
#[rustfmt::skip]
pub const CODES: &[Code] = &[
    Code { code: "bad-dates", meaning: "An entry ends before it begins: it could never count.", example: r#"{ text = "…", from = "2024-11-27", until = "2024-09-25" }"#, remedy: "Exchange the days, or leave one away: an entry without `until` counts on." },
    Code { code: "bad-id", meaning: "An id is written with lower-case letters, digits and hyphens only: it is a file name, and stands in reports.", example: r#"id = "Aksi Dukung""#, remedy: "Write `aksi-dukung`, and call the file `aksi-dukung.toml`." },
    Code { code: "bad-pattern", meaning: "A regular expression does not compile, or becomes larger than 256 KiB.", example: "pattern = { regex = 'nomor (', start = [\"nomor\"] }", remedy: "Close what is open, and say fewer repetitions; most patterns are `near` or `ordered` clauses in disguise." },
    Code { code: "bad-toml", meaning: "The file is no TOML, or a value is of another type than its key wants.", example: r#"id = "aksi-dukung"#, remedy: "Look at the place: a quotation mark, a comma or a bracket is missing, or a text stands where a number belongs. An editor with `#:schema schema/rule.schema.json` shows it while you write." },
    Code { code: "bad-weight", meaning: "A weight does not fit its sign: `asn`, `peserta` and `aksi` give (more than 0), `penjaga` takes (0 or less), none by more than 10.", example: "sign = \"penjaga\"\nweight = 2.0", remedy: "Change the weight, or the sign." },
    Code { code: "circle", meaning: "A rule asks, by itself or over others, for a rule that asks for it: neither could be asked first.", example: "a: rule = [\"b\"]    b: no_rule = [\"a\"]", remedy: "Take one of the two references away; often the shared part is better a rule of its own." },
    Code { code: "double-id", meaning: "Two rules have one id: only one of them could be meant in a report.", example: r#"id = "aksi-dukung" in two files"#, remedy: "Rename one, or set the older one's `state` to `retired` under another id." },
    Code { code: "empty-list", meaning: "A clause has an empty array: it could never hold, or always.", example: "any = []", remedy: "Name a phrase or a list, or take the clause away." },
    Code { code: "empty-metadata", meaning: "A title or a legal ground says nothing. Both are shown to the person who decides.", example: r#"dasar = """#, remedy: "Write what the rule finds, and the article, decree or line of the guideline that makes it worth finding." },
    Code { code: "empty-phrase", meaning: "An entry holds no word, or more than twelve.", example: r#"any = ["..."]"#, remedy: "Write words; a longer passage is an `ordered` clause." },
    Code { code: "example-fails", meaning: "An example does not do what its rule says: `hit` is whether the rule holds, `flag` whether the post is flagged.", example: "[[test]]\ntext = \"saya dukung timnas\"\nhit = true", remedy: "`netra scan --why` on the text shows what was missing and which guard spoke; then change the rule, or the example if it is wrong." },
    Code { code: "missing-event", meaning: "A rule of the sign `kepatuhan` names the compliance `event` it recognises; a rule of another sign names none.", example: r#"sign = "kepatuhan" without event"#, remedy: "Add `event = \"ikrar\"` (or sosialisasi, pakta_integritas, pengukuhan, rakor, monev), or take it away." },
    Code { code: "missing-key", meaning: "A key that must be there is not: a rule has id, title, dasar, sign, state and when; a clause has its own.", example: "near = { a = [\"@aksi.dukung\"] }", remedy: "Add the key that the message names; `netra rules new ID` begins a rule with all of them." },
    Code { code: "names-contestant", meaning: "An entry of a list or a rule holds a form of a contestant or party. A rule that speaks of one by name cannot treat its rivals alike.", example: r#"any = ["anak abah"]"#, remedy: "Take the entry out; if it is a form of a contestant, it belongs in `lexicon/contest/`, with the same kind of form for every rival." },
    Code { code: "no-condition", meaning: "A rule without a condition would hold for every post.", example: "[when]", remedy: "Add a clause; `netra rules schema` has all kinds." },
    Code { code: "no-list-here", meaning: "The clause takes phrases word for word, so that they can be read in the rule.", example: r#"phrase = ["@aksi.dukung"]"#, remedy: "Use `any` for lists." },
    Code { code: "no-terms-here", meaning: "An entry that ends in `*` is sought inside account names and tags, and one that begins with `@` is a whole list; neither takes dates, a region or a mark.", example: r#"{ text = "lapas*", from = "2024-01-01" }"#, remedy: "Write whole words, or leave the terms away." },
    Code { code: "out-of-range", meaning: "A number is too small or too large: a clause is about one passage, and must not make the scan slow.", example: "near = { a = […], b = […], words = 400 }", remedy: "Stay within the bounds that the message names." },
    Code { code: "stage-overlap", meaning: "A stage of an election begins before the one before it has ended: a day would belong to two.", example: "[[stage]]\nname = \"masa_tenang\"\nfrom = \"2024-11-20\"    # kampanye ends on 2024-11-23", remedy: "Let each stage begin on the day after the one before it." },
    Code { code: "too-few-examples", meaning: "A rule has at least two examples that hit and two that do not: only so can somebody else change it without fear.", example: "[[test]]\ntext = \"saya dukung\"\nhit = true", remedy: "Add examples; the best ones that must not hit are those a keyword would flag in vain." },
    Code { code: "too-large", meaning: "A file is larger than 1 MiB: it is hardly a rule.", example: "rules/arsip.toml of 40 MB", remedy: "Name the right folder, or split the list." },
    Code { code: "too-many-files", meaning: "A folder holds more than 5,000 files: it is hardly a folder of rules.", example: "netra rules check /", remedy: "Name the folder that holds the rules." },
    Code { code: "uneven-contest", meaning: "A contestant or party lacks a kind of form that a rival has, so posts about the one would be found by a form by which posts about the other are not.", example: "hashtags = []    # its rival has two", remedy: "Give every contestant of a contest the same kinds of forms. There is no opt-out." },
    Code { code: "uneven-verdict", meaning: "A post is judged otherwise when one contestant's form is exchanged for the same kind of form of a rival.", example: "“dukung nomor 1” scores 7.2, “dukung nomor 2” 6.9", remedy: "`netra rules parity` names the rules whose parts differ: one of their lists holds a word that is a contestant's form too, or a spelling that only some forms have." },
    Code { code: "unknown-clause", meaning: "There is no kind of clause of this name.", example: "aney = [\"dukung~\"]", remedy: "Take the nearest name; `netra rules schema` has all." },
    Code { code: "unknown-field", meaning: "There is no field of this name; a post has title, text, author_name, author_handle, author_bio.", example: r#"field = ["body"]"#, remedy: "Take one of the five." },
    Code { code: "unknown-key", meaning: "There is no key of this name here.", example: "weigth = 2.0", remedy: "Take the nearest name, or take the key away: nothing is passed over in silence." },
    Code { code: "unknown-kind", meaning: "There is no kind of post of this name; a post is a post, comment, news or bio.", example: r#"kind = ["article"]"#, remedy: "Take one of the four." },
    Code { code: "unknown-list", meaning: "There is no list of this name. `@aksi.dukung` is the list `dukung` of `lexicon/aksi.toml`, `@aksi` all lists of that file.", example: r#"any = ["@aksi.dukng"]"#, remedy: "Take the nearest name; `netra rules list` has all." },
    Code { code: "unknown-office", meaning: "An office is of a kind, or stands under one, that no file of units tells.", example: r#"kind = "Lapass""#, remedy: "Take the nearest name, or add the kind to `units/`." },
    Code { code: "unknown-rule", meaning: "There is no rule of this id that can be asked before this one.", example: r#"no_rule = ["jaga-tuga"]"#, remedy: "Take the nearest id; `netra rules list` has all." },
    Code { code: "unknown-scope", meaning: "There is no scope of this name; a phrase is looked for in any, asserted, negated, forbidden, quoted, asked, conditional or reported speech.", example: r#"scope = "assertd""#, remedy: "Take one of the eight." },
    Code { code: "unknown-stage", meaning: "There is no stage of this name.", example: r#"stage = ["masa-tenang"]"#, remedy: "Take the nearest name: pra, pra2029, pendaftaran, penetapan, kampanye, masa_tenang, pemungutan, rekap, pasca." },
    Code { code: "unknown-value", meaning: "A key takes one of a few words, and this is none of them.", example: r#"state = "alive""#, remedy: "Take one of those that the message names." },
    Code { code: "unreadable", meaning: "A file or folder is not there, may not be read, or is no UTF-8.", example: "netra rules check ruels", remedy: "Name another path, give the right to read, or save the file as UTF-8." },
    Code { code: "until-before-from", meaning: "An office or a stage ends before it begins.", example: "from = \"2024-11-05\"\nuntil = \"2024-01-01\"", remedy: "Exchange the days, or leave one away." },
    Code { code: "wrong-shape", meaning: "A clause's value is of another shape than the clause wants: a text where an array belongs, an array where a table belongs.", example: r#"any = "dukung~""#, remedy: "Write what the message asks for: `any = [\"dukung~\"]`." },
];
