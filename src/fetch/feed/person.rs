//! Who published: what feeds write where a name belongs.

use crate::model::Author;

/// Reads `Name`, `mail@host (Name)`, `Name (@handle)` and, as bridges of
/// social media write it, `Name (@handle) · public profile text`.
pub(super) fn author(text: &str) -> Author {
    let text = text.trim();
    let (name, bio) = text.split_once(" · ").unwrap_or((text, ""));
    let mut author = Author { bio: bio.trim().to_owned(), ..named(name.trim()) };
    if author.name.is_empty() {
        author.name.clone_from(&author.handle);
    }
    author
}

fn named(name: &str) -> Author {
    let author = |name: &str, handle: &str| Author {
        name: name.trim().to_owned(),
        handle: handle.to_owned(),
        bio: String::new(),
    };
    if is_handle(name) {
        return author("", name);
    }
    let Some((before, within)) = name.strip_suffix(')').and_then(|name| name.rsplit_once('('))
    else {
        return author(name, "");
    };
    let (before, within) = (before.trim(), within.trim());
    if is_handle(within) {
        author(before, within)
    } else if before.contains('@') && !before.contains(' ') {
        author(within, "")
    } else {
        author(name, "")
    }
}

/// The account that an address of a profile names: `https://host/@name`.
pub(super) fn handle_of(address: &str) -> Option<String> {
    let path = address.split(['?', '#']).next()?.trim_end_matches('/');
    let last = path.rsplit_once('/')?.1;
    is_handle(last).then(|| last.to_owned())
}

/// The account named in a text such as a channel's title.
pub(super) fn handle_in(text: &str) -> Option<String> {
    let mut words = text.split(|letter: char| letter.is_whitespace() || "()[],".contains(letter));
    words.find(|word| is_handle(word)).map(str::to_owned)
}

fn is_handle(word: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || "_-.@".contains(letter);
    word.strip_prefix('@')
        .is_some_and(|name| (1..=80).contains(&name.len()) && name.chars().all(is_part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_as_feeds_write_it() {
        for (text, name, handle, bio) in [
            ("Sri Wahyuni", "Sri Wahyuni", "", ""),
            ("Sri Wahyuni (@sri.w)", "Sri Wahyuni", "@sri.w", ""),
            ("Sri (@sri) · ASN di Lapas Randukuning", "Sri", "@sri", "ASN di Lapas Randukuning"),
            ("@sri", "@sri", "@sri", ""),
            ("@sri@sosial.example", "@sri@sosial.example", "@sri@sosial.example", ""),
            ("redaksi@kabar.example (Redaksi)", "Redaksi", "", ""),
            ("Kabar (Biro Utara)", "Kabar (Biro Utara)", "", ""),
            ("", "", "", ""),
        ] {
            let author = author(text);
            assert_eq!(
                (&*author.name, &*author.handle, &*author.bio),
                (name, handle, bio),
                "{text}"
            );
        }
    }

    #[test]
    fn an_account_is_found_in_its_address_or_title() {
        assert_eq!(handle_of("https://sosial.example/@sri?x=1").as_deref(), Some("@sri"));
        assert_eq!(handle_of("https://kabar.example/berita"), None);
        assert_eq!(handle_in("Sri Wahyuni (@sri)").as_deref(), Some("@sri"));
        assert_eq!(handle_in("Kabar Utara"), None);
    }
}
