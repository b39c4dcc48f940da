use super::*;
use jiff::civil::Date;
use proptest::prelude::*;
use regex::Regex;

fn bullets(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_digit() { HIDDEN } else { c }).collect()
}

#[test]
fn a_nip_is_hidden_however_it_is_written() {
    for written in [
        "198609262015051001",
        "19860926 201505 1 001",
        "19860926.201505.1.001",
        "19860926-201505-1-001",
        "19860926 - 201505 - 1 - 001",
        "1986 09 26 2015 05 1 001",
        "1986 0926 2015 0510 01",
        "19860926201505 1 001",
        "1 9 8 6 0 9 2 6 2 0 1 5 0 5 1 0 0 1",
        "19860926\n201505 1 001",
        "19860926/201505/1/001",
        "199012012021211002",
    ] {
        let text = format!("NIP. {written}, penata");
        assert_eq!(mask(&text), format!("NIP. {}, penata", bullets(written)));
    }
}

#[test]
fn a_nik_is_hidden_however_it_is_written() {
    for written in [
        "3201014507900001",
        "320101 450790 0001",
        "32.01.01.450790.0001",
        "32.01.01.45.07.90.0001",
        "3201 0145 0790 0001",
        "3201-0145-0790-0001",
        "9471011202850002",
    ] {
        let text = format!("nik:{written}.");
        assert_eq!(mask(&text), format!("nik:{}.", bullets(written)));
    }
}

#[test]
fn digits_of_other_scripts_and_what_nobody_sees_hide_no_number() {
    for written in [
        "１９８６０９２６２０１５０５１００１",
        "𝟏𝟗𝟖𝟔𝟎𝟗𝟐𝟔𝟐𝟎𝟏𝟓𝟎𝟓𝟏𝟎𝟎𝟏",
        "١٩٨٦٠٩٢٦٢٠١٥٠٥١٠٠١",
        "꧑꧙꧘꧖꧐꧙꧒꧖꧒꧐꧑꧕꧐꧕꧑꧐꧐꧑",
        "①⑨⑧⑥⓪⑨②⑥②⓪①⑤⓪⑤①⓪⓪①",
        "1986\u{200b}0926\u{2060}201505\u{ad}1001",
        "1\u{fe0f}\u{20e3}9\u{fe0f}\u{20e3}860926201505100\u{301}1",
        "19860926\u{2013}201505\u{a0}1\u{2009}001",
        "1986\u{0}0926201505\u{7}1001",
    ] {
        let masked = mask(written);
        assert_eq!(masked.chars().count(), written.chars().count(), "{written}");
        assert_eq!(masked.chars().filter(|c| *c == HIDDEN).count(), 18, "{written}: {masked}");
    }
}

#[test]
fn a_number_beside_words_and_other_numbers_is_found() {
    for (text, masked) in [
        ("NIP198609262015051001a", "NIP••••••••••••••••••a"),
        ("0812 198609262015051001 3201014507900001", "0812 •••••••••••••••••• ••••••••••••••••"),
        ("https://x.example/p/3201014507900001?a=1", "https://x.example/p/••••••••••••••••?a=1"),
        ("1. 3201014507900001", "1. ••••••••••••••••"),
    ] {
        assert_eq!(mask(text), masked);
    }
}

#[test]
fn other_long_numbers_stay() {
    for text in [
        "0812-3456-7890, 62 812 3456 7890 123",
        "1234-01-000123-50-9",
        "4111 1111 1111 1111",
        "pesanan 198613262015051001",
        "198609262015051001234",
        "198609262000051001",
        "198609262015131001",
        "198609262015053001",
        "193909261965051001",
        "2001014507900001",
        "3201014513900001",
        "3201017207900001",
        "3200014507900001",
        "3201014507900000",
        "31-12-2024 08.30 1234",
        "2026-11-28T10:13:53.123456Z",
        "",
    ] {
        assert!(matches!(mask(text), Cow::Borrowed(_)), "{text}: {}", mask(text));
    }
}

#[test]
fn a_digest_stays_whole() {
    let digest = format!("a{}b{}", "198609262015051001", "f".repeat(44));
    assert_eq!(mask(&digest), digest);
}

#[test]
fn the_texts_of_json_are_hidden_and_its_numbers_stay() {
    let mut value = serde_json::json!({
        "3201014507900001": [{"teks": "nik 3201014507900001"}], "skor": 0.320_101_450_790_000_1,
    });
    assert!(mask_json(&mut value));
    assert!(!mask_json(&mut value));
    let text = value.to_string();
    assert!(!text.contains("\"3201") && !text.contains("nik 3"), "{text}");
    assert!(text.contains("0.3201014507900001"), "{text}");
}

/// A slow reader of its own: ASCII only, by patterns and a calendar.
fn has_number(text: &str) -> bool {
    let between = r"[\s._/+-]{0,3}";
    let joined = |parts: &[&str]| parts.join(between);
    let every = |digits: usize| vec![r"(\d)"; digits].join(r"[\s._/+-]{1,3}");
    let nip = [
        joined(&[r"(\d{4})", r"(\d\d)", r"(\d\d)", r"(\d{4})", r"(\d\d)", r"(\d)", r"(\d{3})"]),
        [r"(\d{4})"; 4].join(r"[\s._/+-]{1,3}") + r"[\s._/+-]{1,3}(\d\d)",
        every(18),
    ];
    let nik = [
        r"(\d{16})".to_owned(),
        [r"(\d{6})", r"(\d{6})", r"(\d{4})"].join(between),
        [r"(\d\d)", r"(\d\d)", r"(\d\d)", r"(\d{6})", r"(\d{4})"].join(r"[\s._/+-]{1,3}"),
        [r"(\d\d)", r"(\d\d)", r"(\d\d)", r"(\d{10})"].join(r"[\s._/+-]{1,3}"),
        [r"(\d{6})", r"(\d\d)", r"(\d\d)", r"(\d\d)", r"(\d{4})"].join(r"[\s._/+-]{1,3}"),
        [r"(\d\d)", r"(\d\d)", r"(\d\d)", r"(\d\d)", r"(\d\d)", r"(\d\d)", r"(\d{4})"]
            .join(r"[\s._/+-]{1,3}"),
        [r"(\d{4})"; 4].join(r"[\s._/+-]{1,3}"),
        every(16),
    ];
    let holds = |pattern: &String, is: fn(&str) -> bool| {
        let pattern = Regex::new(&format!("^{pattern}")).unwrap();
        let starts = text.char_indices().map(|(at, _)| at);
        let starts = starts.filter(|at| !text[..*at].ends_with(|c: char| c.is_ascii_digit()));
        starts.filter_map(|at| pattern.find(&text[at..])).any(|found| {
            let digits: String = found.as_str().chars().filter(char::is_ascii_digit).collect();
            is(&digits)
        })
    };
    nip.iter().any(|it| holds(it, slow_nip)) || nik.iter().any(|it| holds(it, slow_nik))
}

fn slow_nip(digits: &str) -> bool {
    let date = |text: &str| Date::strptime("%Y%m%d", text).ok();
    let number = |text: &str| text.parse::<i16>().unwrap();
    let Some(born) = date(&digits[..8]) else { return false };
    let age = number(&digits[8..12]) - born.year();
    let month = number(&digits[12..14]);
    born.year() >= 1940
        && (15..=70).contains(&age)
        && ((1..=12).contains(&month) || (21..=29).contains(&month))
        && ["1", "2"].contains(&&digits[14..15])
}

fn slow_nik(digits: &str) -> bool {
    let number = |text: &str| text.parse::<i16>().unwrap();
    let day = number(&digits[6..8]);
    let day = if day > 40 { day - 40 } else { day };
    let date = format!("20{}-{}-{day:02}", &digits[10..12], &digits[8..10]);
    is_province(u32::try_from(number(&digits[..2])).unwrap())
        && (1..80).contains(&number(&digits[2..4]))
        && number(&digits[4..6]) > 0
        && number(&digits[12..]) > 0
        && date.parse::<Date>().is_ok()
}

/// A valid NIP or NIK, in its parts.
fn number() -> impl Strategy<Value = Vec<String>> {
    let nip =
        (1940..2005_u32, 1..=12_u32, 1..=28_u32, 15..=45_u32, 1..=12_u32, 1..=2_u32, 0..=999_u32)
            .prop_map(|(year, month, day, age, appointed, sex, serial)| {
                vec![
                    format!("{year}{month:02}{day:02}"),
                    format!("{}{appointed:02}", year + age),
                    sex.to_string(),
                    format!("{serial:03}"),
                ]
            });
    let place = prop::sample::select(vec![11, 19, 21, 31, 36, 51, 53, 61, 65, 71, 76, 81, 91, 94]);
    let nik = (
        place,
        1..=79_u32,
        1..=60_u32,
        1..=28_u32,
        1..=12_u32,
        0..=99_u32,
        any::<bool>(),
        1..=9999_u32,
    )
        .prop_map(|(province, regency, district, day, month, year, woman, serial)| {
            let day = if woman { day + 40 } else { day };
            vec![
                format!("{province}{regency:02}{district:02}"),
                format!("{day:02}{month:02}{year:02}"),
                format!("{serial:04}"),
            ]
        });
    prop_oneof![nip, nik]
}

fn written() -> impl Strategy<Value = String> {
    let between =
        prop::sample::select(vec!["", " ", ".", "-", " - ", "\u{a0}", "\u{2013}", "\u{200b}"]);
    let zero = prop::sample::select(vec!['0', '\u{660}', '\u{ff10}', '\u{1d7ce}', '\u{a9d0}']);
    (number(), between, zero).prop_map(|(parts, between, zero)| {
        let digit = |c: char| match c.to_digit(10) {
            Some(value) => char::from_u32(u32::from(zero) + value).unwrap(),
            None => c,
        };
        parts.join(between).chars().map(digit).collect()
    })
}

proptest! {
    #[test]
    fn no_number_is_left_standing(before in "[a-zé :,]{0,8}", number in written(), after in "([a-z,:é][0-9a-z .]{0,12})?") {
        let text = format!("{before}{number}{after}");
        let masked = mask(&text);
        let start = before.chars().count();
        let shown: String = masked.chars().skip(start).take(number.chars().count()).collect();
        prop_assert!(!shown.chars().any(|c| matches!(read(c), Read::Digit(_))), "{masked}");
        prop_assert_eq!(masked.chars().count(), text.chars().count());
    }

    #[test]
    fn masking_twice_is_masking_once(text in "([0-9]{1,18}|[ .a-]|19860926|201505|320101|450790|é){0,14}") {
        let once = mask(&text).into_owned();
        prop_assert_eq!(mask(&once), once.as_str());
    }

    #[test]
    fn what_holds_no_number_is_left_alone(text in "([0-9]{1,8}|[0-9]{16}|[0-9]{18}|[ .a-]|19[6-9]0|0[1-9]|20[01][0-9]|1 |32|71){0,14}") {
        if let Cow::Owned(masked) = mask(&text) {
            prop_assert!(has_number(&text), "{text} -> {masked}");
        }
    }

    #[test]
    fn any_text_keeps_its_length_and_all_but_digits(text in "\\PC{0,60}") {
        let masked = mask(&text);
        let same = text.chars().zip(masked.chars()).all(|(one, two)| one == two || two == HIDDEN);
        prop_assert!(same && masked.chars().count() == text.chars().count());
    }
}
