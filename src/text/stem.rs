//! The stem behind an affixed Indonesian word, given the roots that count:
//! the way back from what [`super::affix`] makes.
//!
//! After what Nazief and Adriani, and Asian and Arifin after them (confix
//! stripping), published: endings go off in the order particle, possessive,
//! derivational; then up to four prefixes, each with the letter that a nasal
//! prefix swallowed put back (*memilih*: *pilih*); pairs that no word has
//! (`be-…-i`, `di-…-an`) are not tried; and a root counts only if the list
//! has it. Where several roots fit, the one with the fewest affixes is taken,
//! of two the longer one: so no order of rules decides.

/// The most prefixes of one word: *ke-se-per-sepuluh-nya* has three.
const MAX_PREFIXES: u8 = 4;

/// The longest word that is stemmed, in bytes.
pub const MAX_BYTES: usize = 40;

/// The shortest root that is looked up, in bytes.
const MIN_ROOT_BYTES: usize = 2;

/// Prefixes that change nothing in the word behind them.
const PLAIN: &[&str] = &["di", "ke", "se", "ku", "kau", "tidak"];

/// Prefixes before which the word may lose its first letter, and that letter.
const NASAL: &[(&str, &[&str])] = &[
    ("meng", &["", "k"]),
    ("menge", &[""]),
    ("meny", &["s", "ny"]),
    ("men", &["", "t"]),
    ("mem", &["", "p"]),
    ("me", &[""]),
    ("peng", &["", "k"]),
    ("penge", &[""]),
    ("peny", &["s", "ny"]),
    ("pen", &["", "t"]),
    ("pem", &["", "p"]),
    ("pe", &[""]),
    ("ber", &["", "r"]),
    ("bel", &[""]),
    ("be", &[""]),
    ("per", &["", "r"]),
    ("pel", &["", "l"]),
    ("ter", &["", "r"]),
    ("tel", &[""]),
    ("te", &[""]),
];

/// First and last affix that no word has together.
const IMPOSSIBLE: &[(&str, &[&str])] = &[
    ("be", &["i"]),
    ("di", &["an"]),
    ("ke", &["i", "kan"]),
    ("me", &["an"]),
    ("se", &["i", "kan"]),
    ("te", &["an"]),
];

const PARTICLES: &[&str] = &["lah", "kah", "tah", "pun"];
const POSSESSIVES: &[&str] = &["ku", "mu", "nya"];
const DERIVATIONS: &[&str] = &["kan", "an", "i", "isme", "isasi", "is"];
const INFIXES: &[&str] = &["em", "el", "er", "in"];

/// The root of `word`, if `is_root` knows one; the word itself if it is a root.
pub fn root(word: &str, is_root: &dyn Fn(&str) -> bool) -> Option<String> {
    if word.len() > MAX_BYTES || !word.is_ascii() {
        return None;
    }
    let word = word.to_ascii_lowercase();
    if is_root(&word) {
        return Some(word);
    }
    if let Some((left, right)) = word.split_once('-') {
        return doubled(left, right, is_root);
    }
    let mut search = Search { is_root, best: None };
    search.word(&word);
    search.best.map(|(_, root)| root)
}

/// A doubled word has the root of both halves: *berbalas-balasan*, *meniru-nirukan*.
/// What is no word after the hyphen is an ending: *kuasa-Mu*.
fn doubled(left: &str, right: &str, is_root: &dyn Fn(&str) -> bool) -> Option<String> {
    if let Some((second, ending)) = right.split_once('-') {
        return is_ending(ending).then(|| doubled(left, second, is_root)).flatten();
    }
    let first = root(left, is_root)?;
    if is_ending(right) {
        return Some(first);
    }
    // the nasal stays in the second half: *menyepak-nyepak*
    let second = root(right, is_root).or_else(|| root(&["me", right].concat(), is_root))?;
    (first == second).then_some(first)
}

fn is_ending(word: &str) -> bool {
    PARTICLES.contains(&word) || POSSESSIVES.contains(&word)
}

struct Search<'r> {
    is_root: &'r dyn Fn(&str) -> bool,
    /// How many affixes the best root lacks, and the root.
    best: Option<(u8, String)>,
}

impl Search<'_> {
    /// Tries all endings, and under each all prefixes.
    fn word(&mut self, word: &str) {
        let mut bodies: Vec<(&str, u8)> = vec![(word, 0)];
        for endings in [PARTICLES, POSSESSIVES] {
            for at in 0..bodies.len() {
                let Some((body, cost)) = bodies.get(at).copied() else { continue };
                bodies
                    .extend(endings.iter().filter_map(|e| Some((body.strip_suffix(e)?, cost + 1))));
            }
        }
        for (body, cost) in bodies {
            self.prefixed(body, cost, MAX_PREFIXES);
            for ending in DERIVATIONS {
                if let Some(stem) = body.strip_suffix(ending)
                    && !is_impossible(body, ending)
                {
                    self.prefixed(stem, cost + 1, MAX_PREFIXES);
                }
            }
        }
    }

    fn prefixed(&mut self, word: &str, cost: u8, left: u8) {
        self.take(word, cost);
        if left == 0 || word.len() <= MIN_ROOT_BYTES {
            return;
        }
        for prefix in PLAIN {
            if let Some(rest) = word.strip_prefix(prefix) {
                self.prefixed(rest, cost + 1, left - 1);
            }
        }
        for (prefix, swallowed) in NASAL {
            let Some(rest) = word.strip_prefix(prefix) else { continue };
            for letter in *swallowed {
                self.prefixed(&[letter, rest].concat(), cost + 1, left - 1);
            }
        }
        // *rerata*, *lelembut*: the first letter doubled with an e
        if let (Some([first, b'e', again, ..]), Some(rest)) =
            (word.as_bytes().get(..3), word.get(2..))
            && first == again
        {
            self.prefixed(rest, cost + 2, 0);
        }
        for infix in INFIXES {
            if let (Some(first), Some(rest)) =
                (word.get(..1), word.get(1..).and_then(|w| w.strip_prefix(infix)))
            {
                self.take(&[first, rest].concat(), cost + 2);
            }
        }
    }

    fn take(&mut self, word: &str, cost: u8) {
        let better = self.best.as_ref().is_none_or(|(least, root)| {
            cost < *least || (cost == *least && word.len() > root.len())
        });
        if word.len() >= MIN_ROOT_BYTES && better && (self.is_root)(word) {
            self.best = Some((cost, word.to_owned()));
        }
    }
}

fn is_impossible(word: &str, ending: &str) -> bool {
    IMPOSSIBLE.iter().any(|(prefix, endings)| word.starts_with(prefix) && endings.contains(&ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_stem_stands_behind_many_forms() {
        let roots = ["dukung", "kampanye", "pihak", "juang", "netral", "pilih", "coblos", "tim"];
        for (word, stem) in [
            ("mendukung", "dukung"),
            ("didukung", "dukung"),
            ("dukungan", "dukung"),
            ("pendukung", "dukung"),
            ("dukung-mendukung", "dukung"),
            ("mengampanyekan", "kampanye"),
            ("keberpihakan", "pihak"),
            ("memperjuangkan", "juang"),
            ("ketidaknetralan", "netral"),
            ("pemilihannya", "pilih"),
            ("pencoblosan", "coblos"),
        ] {
            assert_eq!(root(word, &|w| roots.contains(&w)).as_deref(), Some(stem), "{word}");
        }
        for word in ["pendidikan", "perumahan", "kesehatan", "maritim", "di", ""] {
            assert_eq!(root(word, &|w| roots.contains(&w)), None, "{word}");
        }
    }
}
