//! How many took part in a compliance event: `diikuti 87 pegawai`, `120 ASN menandatangani`.

/// Words for those who sign.
const PEOPLE: &[&str] = &[
    "pegawai", "asn", "pns", "pppk", "ppnpn", "cpns", "petugas", "orang", "peserta", "staf",
    "guru", "anggota", "penyuluh", "nakes", "tenaga", "karyawan", "personel", "aparatur", "sipir",
    "pejabat", "honorer", "pk", "bidan", "perawat", "dokter", "hakim", "jaksa", "kepala", "lurah",
    "camat", "pendidik", "operator", "pengawas", "srikandi", "abdi", "aparat", "insan", "awak",
];

/// Words that tell of taking part, in the same sentence.
const TAKES_PART: &[&str] = &[
    "tanda",
    "menandatangani",
    "ditandatangani",
    "penandatanganan",
    "tandatangani",
    "meneken",
    "diteken",
    "teken",
    "neken",
    "ttd",
    "diikuti",
    "mengikuti",
    "ikut",
    "ikrar",
    "berikrar",
    "mengucapkan",
    "diucapkan",
    "membacakan",
    "dibacakan",
    "dihadiri",
    "hadir",
    "pakta",
    "fakta",
    "sebanyak",
    "seluruh",
    "semua",
    "peserta",
    "sosialisasi",
    "berjanji",
    "deklarasi",
    "sumpah",
    "mengumpulkan",
    "dikukuhkan",
    "dilantik",
    "nyerat",
    "jangji",
];

/// The most that can take part; a larger number is something else.
const MOST: u32 = 100_000;

/// The first number of people that a sentence of the text says took part.
pub fn find(text: &str) -> Option<u32> {
    text.split(['\n', '!', '?', ';']).flat_map(sentences).find_map(of_sentence)
}

/// Sentences, where `1.234` does not end one.
fn sentences(line: &str) -> impl Iterator<Item = &str> {
    line.split(". ")
}

fn of_sentence(sentence: &str) -> Option<u32> {
    let lower = sentence.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !(c.is_alphanumeric() || c == '.'))
        .map(|word| word.trim_matches('.'))
        .filter(|word| !word.is_empty())
        .take(200)
        .collect();
    if !words.iter().any(|word| TAKES_PART.contains(word)) {
        return None;
    }
    words.iter().enumerate().find_map(|(at, word)| {
        let count = number(word)?;
        // `87 pegawai`, `54 orang`, `112 orang pegawai`, but not `52 akun pegawai` or `24 jam`
        let next = words.get(at + 1)?;
        PEOPLE.contains(next).then_some(count)
    })
}

/// `87`, `1.234`.
fn number(word: &str) -> Option<u32> {
    if !word.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return None;
    }
    let is_grouped = word.split('.').skip(1).all(|group| group.len() == 3);
    let digits: String = word.chars().filter(char::is_ascii_digit).collect();
    digits.parse().ok().filter(|count| is_grouped && (1..=MOST).contains(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_who_took_part_are_counted_where_told() {
        assert_eq!(find("Apel diikuti 87 pegawai di lapangan."), Some(87));
        assert_eq!(find("Sebanyak 1.204 ASN menandatangani pakta. Ada 3 orang cuti."), Some(1204));
        assert_eq!(find("Pakta diteken. Seluruh 45 petugas hadir."), Some(45));
    }

    #[test]
    fn other_numbers_are_not_taken_for_people() {
        assert_eq!(find("Ikrar dibacakan pukul 08.30 oleh pegawai."), None);
        assert_eq!(find("Sosialisasi memantau 52 akun pegawai."), None);
        assert_eq!(find("Ada 12 pegawai cuti."), None);
    }
}
