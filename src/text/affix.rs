//! What counts as the same word: the forms that Indonesian, and the speech of
//! Jakarta, Java and Sunda, make of one stem.

/// The forms of `stem`: *dukung* gives *mendukung, didukung, dukungan,
/// pendukung, ndukung, ngadukung, dukungkan, mendukungnya* and so on.
pub fn forms(stem: &str) -> Vec<String> {
    let mut bodies: Vec<String> = vec![stem.to_owned()];
    let mut nasal = Vec::new();
    for prefix in ["me", "pe", ""] {
        nasal.extend(with_nasal(prefix, stem));
    }
    bodies.extend(nasal);
    for prefix in [
        "di", "ber", "ter", "se", "ke", "ku", "kau", "dipe", "memper", "diper", "tak", "dak", "ka",
        "nga", "pang",
    ] {
        bodies.push(format!("{prefix}{stem}"));
    }
    for more in with_nasal("nge", stem).into_iter().chain(with_nasal("di", stem)) {
        bodies.push(more);
    }
    if let Some(rest) = stem.strip_prefix("ng") {
        bodies.push(format!("me{rest}"));
    }
    let mut forms = Vec::with_capacity(bodies.len() * SUFFIXES.len());
    for body in &bodies {
        for suffix in SUFFIXES {
            forms.push(format!("{body}{suffix}"));
        }
    }
    forms.sort_unstable();
    forms.dedup();
    forms
}

/// Endings, alone and together; `e`, `ne`, `ake`, `keun` are Javanese and Sundanese.
const SUFFIXES: &[&str] = &[
    "", "kan", "i", "an", "nya", "lah", "kah", "ku", "mu", "kanlah", "kannya", "annya", "inya",
    "ilah", "in", "ken", "keun", "ake", "e", "ne", "ane", "ana", "na", "ankan", "anku", "anmu",
    "kanmu", "pun",
];

/// The stem behind a nasal prefix: *dukung* gives *mendukung*, *pilih* gives *memilih*.
fn with_nasal(prefix: &str, stem: &str) -> Vec<String> {
    let Some(first) = stem.chars().next() else { return Vec::new() };
    let rest = stem.get(first.len_utf8()..).unwrap_or_default();
    let mut found = match first {
        'p' => vec![format!("{prefix}m{rest}")],
        'b' | 'f' | 'v' => vec![format!("{prefix}m{stem}")],
        't' => vec![format!("{prefix}n{rest}")],
        'd' | 'j' | 'c' | 'z' => vec![format!("{prefix}n{stem}"), format!("{prefix}ny{rest}")],
        's' => vec![format!("{prefix}ny{rest}")],
        'k' => vec![format!("{prefix}ng{rest}")],
        'g' | 'h' | 'a' | 'i' | 'u' | 'e' | 'o' => vec![format!("{prefix}ng{stem}")],
        'l' | 'm' | 'n' | 'r' | 'w' | 'y' => vec![format!("{prefix}{stem}")],
        _ => Vec::new(),
    };
    if prefix == "di" {
        found.clear();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_stem_has_many_forms() {
        for (stem, form) in [
            ("dukung", "mendukung"),
            ("dukung", "didukung"),
            ("dukung", "dukungan"),
            ("dukung", "pendukung"),
            ("dukung", "ndukung"),
            ("dukung", "ngadukung"),
            ("pilih", "memilih"),
            ("pilih", "milih"),
            ("pilih", "pilihlah"),
            ("coblos", "nyoblos"),
            ("coblos", "mencoblos"),
            ("coblos", "dicoblosnya"),
            ("menang", "memenangkan"),
            ("menang", "kemenangan"),
            ("menang", "dimenangkan"),
            ("menang", "pemenangan"),
            ("kampanye", "mengampanyekan"),
            ("kampanye", "berkampanye"),
            ("sebar", "menyebarkan"),
            ("tempel", "nempelin"),
            ("antar", "mengantar"),
            ("hadir", "menghadiri"),
            ("ikut", "ngikutin"),
        ] {
            assert!(forms(stem).iter().any(|f| f == form), "{stem} gives {form}");
        }
    }
}
