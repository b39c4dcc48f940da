//! Dates as feeds and Indonesian sites write them: RFC 3339, RFC 822, and
//! `Minggu, 22 November 2026 | 14.05 WIB` with all that lies between.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::tz::Offset;

/// Longer texts are no dates.
const MAX_DATE: usize = 160;
/// Where no zone is written, the site's clock hangs in western Indonesia.
const WIB: i32 = 7 * 3600;

/// A weekday that does not fit the date is a template's fault, not the date's.
static RFC_2822: DateTimeParser = DateTimeParser::new().relaxed_weekday(true);

/// Reads a date. Without a time it is the day's beginning; without a zone it
/// is WIB (UTC+7). None if there is no date in the text.
pub fn read(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.is_empty() || text.len() > MAX_DATE {
        return None;
    }
    text.parse().ok().or_else(|| RFC_2822.parse_timestamp(text).ok()).or_else(|| loose(text))
}

/// A run of digits, with what stands before and after it.
#[derive(Clone, Copy)]
struct Number {
    value: i32,
    digits: usize,
    before: char,
    after: char,
}

/// What was gathered of a date so far.
#[derive(Default)]
struct Parts {
    year: Option<i32>,
    month: Option<i32>,
    day: Option<i32>,
    time: Option<(i32, i32, i32)>,
    offset: Option<i32>,
}

fn loose(text: &str) -> Option<Timestamp> {
    let mut parts = Parts::default();
    for word in text.split(|letter: char| !letter.is_alphabetic()) {
        parts.take_word(&word.to_lowercase());
    }
    let numbers = numbers(text);
    let mut rest = numbers.as_slice();
    while !rest.is_empty() {
        let taken = parts.take_numbers(rest);
        rest = rest.get(taken.max(1)..).unwrap_or_default();
    }
    parts.timestamp()
}

fn numbers(text: &str) -> Vec<Number> {
    let mut numbers: Vec<Number> = Vec::new();
    let mut before = ' ';
    let mut open = false;
    for letter in text.chars() {
        match letter.to_digit(10) {
            Some(digit) if open => {
                if let Some(number) = numbers.last_mut() {
                    number.value = number.value.saturating_mul(10).saturating_add_unsigned(digit);
                    number.digits += 1;
                }
            }
            Some(digit) => {
                let value = digit.cast_signed();
                numbers.push(Number { value, digits: 1, before, after: ' ' });
                open = true;
            }
            None => {
                if let Some(number) = numbers.last_mut().filter(|_| open) {
                    number.after = letter;
                }
                open = false;
            }
        }
        before = letter;
    }
    numbers
}

impl Parts {
    fn take_word(&mut self, word: &str) {
        match word {
            "wib" => self.offset = Some(WIB),
            "wita" => self.offset = Some(WIB + 3600),
            "wit" => self.offset = Some(WIB + 7200),
            "z" | "utc" | "gmt" => self.offset = Some(0),
            _ if self.month.is_none() => self.month = month(word),
            _ => {}
        }
    }

    /// Takes what the first numbers mean; gives how many were used.
    fn take_numbers(&mut self, numbers: &[Number]) -> usize {
        match *numbers {
            [hour, ..] if self.time.is_some() && matches!(hour.before, '+' | '-') => {
                self.take_offset(numbers)
            }
            [hour, minute, second, ..] if hour.after == ':' && minute.after == ':' => {
                self.time = Some((hour.value, minute.value, second.value));
                3
            }
            [hour, minute, ..] if hour.after == ':' => {
                self.time = Some((hour.value, minute.value, 0));
                2
            }
            [year, month, day, ..] if year.digits == 4 && is_joined(year, month) => {
                self.date(year.value, month.value, day.value);
                3
            }
            [day, month, year, ..] if is_joined(day, month) && year.digits == 4 => {
                self.date(year.value, month.value, day.value);
                3
            }
            [hour, minute, ..] if hour.after == '.' && minute.digits == 2 && self.has_date() => {
                self.time = Some((hour.value, minute.value, 0));
                2
            }
            [year, ..] if year.digits == 4 => {
                self.year = self.year.or(Some(year.value));
                1
            }
            [day, ..] if self.day.is_none() => {
                self.day = Some(day.value);
                1
            }
            [year, ..] if year.digits == 2 && self.year.is_none() => {
                self.year = Some(if year.value < 70 { 2000 } else { 1900 } + year.value);
                1
            }
            _ => 1,
        }
    }

    fn take_offset(&mut self, numbers: &[Number]) -> usize {
        let Some(&hour) = numbers.first() else { return 1 };
        let sign = if hour.before == '-' { -1 } else { 1 };
        let (seconds, taken) = match *numbers {
            [hour, minute, ..] if hour.after == ':' && hour.digits <= 2 => {
                (hour.value * 3600 + minute.value.min(59) * 60, 2)
            }
            _ if hour.digits == 4 => (hour.value / 100 * 3600 + hour.value % 100 * 60, 1),
            _ if hour.digits <= 2 => (hour.value * 3600, 1),
            _ => return 1,
        };
        self.offset = Some(sign * seconds);
        taken
    }

    fn date(&mut self, year: i32, month: i32, day: i32) {
        (self.year, self.month, self.day) = (Some(year), Some(month), Some(day));
    }

    fn has_date(&self) -> bool {
        self.year.is_some() && self.month.is_some() && self.day.is_some()
    }

    fn timestamp(&self) -> Option<Timestamp> {
        let year = self.year.filter(|year| (1990..=2100).contains(year))?;
        let date = Date::new(year.try_into().ok()?, small(self.month?)?, small(self.day?)?).ok()?;
        let (hour, minute, second) = self.time.unwrap_or_default();
        let time = Time::new(small(hour)?, small(minute)?, small(second)?, 0).ok()?;
        let offset = Offset::from_seconds(self.offset.unwrap_or(WIB)).ok()?;
        offset.to_timestamp(DateTime::from_parts(date, time)).ok()
    }
}

/// Whether two numbers belong to one date: `22/11/`, `2026-11-`, `22.11.`.
fn is_joined(first: Number, second: Number) -> bool {
    matches!(first.after, '/' | '-' | '.')
        && second.before == first.after
        && second.after == first.after
        && second.digits <= 2
}

fn small(value: i32) -> Option<i8> {
    value.try_into().ok()
}

/// The month of an Indonesian or English name, whole or short.
fn month(word: &str) -> Option<i32> {
    const MONTHS: [&[&str]; 12] = [
        &["januari", "january", "jan"],
        &["februari", "february", "pebruari", "feb", "peb"],
        &["maret", "march", "mar", "mrt"],
        &["april", "apr"],
        &["mei", "may"],
        &["juni", "june", "jun"],
        &["juli", "july", "jul"],
        &["agustus", "august", "agu", "agt", "ags", "agust", "aug"],
        &["september", "sept", "sep"],
        &["oktober", "october", "okt", "oct"],
        &["november", "nopember", "nov", "nop"],
        &["desember", "december", "des", "dec"],
    ];
    let index = MONTHS.iter().position(|names| names.contains(&word))?;
    i32::try_from(index + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_sites_write_them() {
        for (text, expected) in [
            ("2026-11-22T14:05:00+07:00", "2026-11-22T07:05:00Z"),
            ("2026-11-22T07:05:00Z", "2026-11-22T07:05:00Z"),
            ("2026-11-22T14:05", "2026-11-22T07:05:00Z"),
            ("2026-11-22 14:05:09", "2026-11-22T07:05:09Z"),
            ("Sun, 22 Nov 2026 14:05:00 +0700", "2026-11-22T07:05:00Z"),
            ("Sun, 22 Nov 2026 07:05:00 GMT", "2026-11-22T07:05:00Z"),
            ("Mon, 22 Nov 2026 07:05:00 GMT", "2026-11-22T07:05:00Z"),
            ("Minggu, 22 Nov 2026 14:05:00 WIB", "2026-11-22T07:05:00Z"),
            ("Min, 22 Nop 2026 15:05 WITA", "2026-11-22T07:05:00Z"),
            ("Sabtu, 22 Agustus 2026 | 16.05 WIT", "2026-08-22T07:05:00Z"),
            ("Rabu (18/11/2026) pukul 10.30 WIB", "2026-11-18T03:30:00Z"),
            ("22-11-2026, 14:05 WIB", "2026-11-22T07:05:00Z"),
            ("22 Desember 2026", "2026-12-21T17:00:00Z"),
            ("Mei 5, 2026 08:00 +08:00", "2026-05-05T00:00:00Z"),
            ("22 Nov 26 14:05 +0700", "2026-11-22T07:05:00Z"),
        ] {
            assert_eq!(read(text), Some(expected.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_gives_none() {
        for text in ["", "kemarin", "2 jam lalu", "32 Mei 2026", "14:05 WIB", "2026", "99/99/2026"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_date_or_none(text in "\\PC{0,80}") {
            let _date = read(&text);
        }

        #[test]
        fn digits_and_marks_in_any_order_do_no_harm(text in "[0-9:/.+\\- ]{0,60}(WIB|Z| Nov )?") {
            let _date = read(&text);
        }
    }
}
