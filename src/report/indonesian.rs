//! Dates and numbers as formal Indonesian writes them.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The months, January first.
pub const MONTHS: [&str; 12] = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
];

/// The name of a month, 1 to 12.
pub fn month(number: i8) -> &'static str {
    let place = usize::try_from(number).unwrap_or_default().saturating_sub(1);
    MONTHS.get(place).copied().unwrap_or_default()
}

/// `21 November 2026`.
pub fn date(day: Date) -> String {
    format!("{} {} {}", day.day(), month(day.month()), day.year())
}

/// `21 November 2026 pukul 08.21 WIB`.
pub fn instant(at: Timestamp, zone: &TimeZone) -> String {
    let local = at.to_zoned(zone.clone());
    format!("{} pukul {}", date(local.date()), clock_time(at, zone))
}

/// `08.21 WIB`.
pub fn clock_time(at: Timestamp, zone: &TimeZone) -> String {
    let local = at.to_zoned(zone.clone());
    format!("{:02}.{:02} {}", local.hour(), local.minute(), zone_name(at, zone))
}

/// `WIB`, `WITA` or `WIT`; elsewhere the offset, as in `UTC+01`.
pub fn zone_name(at: Timestamp, zone: &TimeZone) -> String {
    match zone.to_offset(at).seconds() {
        25_200 => "WIB".into(),
        28_800 => "WITA".into(),
        32_400 => "WIT".into(),
        0 => "UTC".into(),
        _ => format!("UTC{}", zone.to_offset(at)),
    }
}

/// How long ago, as an addition to a time: `2 hari`, `3 jam`, `5 menit`.
pub fn age(from: Timestamp, to: Timestamp) -> String {
    span(to.duration_since(from).as_mins().max(0).unsigned_abs())
}

/// A length of time by its largest unit: `2 hari`, `3 jam`, `5 menit`.
pub fn span(minutes: u64) -> String {
    match minutes {
        0..60 => format!("{minutes} menit"),
        60..1_440 => format!("{} jam", minutes / 60),
        _ => format!("{} hari", count(minutes / 1_440)),
    }
}

/// `1.234.567`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    grouped
}

/// A number with one decimal where it has one: `6`, `6,5`, `-1,2`.
pub fn decimal(number: f64) -> String {
    let text = format!("{number:.1}");
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, tenth) = digits.split_once('.').unwrap_or((digits, "0"));
    let sign = if whole == "0" && tenth == "0" { "" } else { sign };
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), count);
    if tenth == "0" { format!("{sign}{whole}") } else { format!("{sign}{whole},{tenth}") }
}

/// A share in percent with one decimal, counted in integers: `87,3%`; `-` of nothing.
pub fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "-".into();
    }
    let tenths = (part * 1_000 + whole / 2) / whole;
    format!("{},{}%", count(tenths / 10), tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_with_date_time_and_zone() {
        let at = "2026-11-21T01:21:59Z".parse().unwrap();
        for (zone, text) in [
            ("Asia/Jakarta", "21 November 2026 pukul 08.21 WIB"),
            ("Asia/Makassar", "21 November 2026 pukul 09.21 WITA"),
            ("Asia/Jayapura", "21 November 2026 pukul 10.21 WIT"),
            ("UTC", "21 November 2026 pukul 01.21 UTC"),
        ] {
            assert_eq!(instant(at, &TimeZone::get(zone).unwrap()), text);
        }
    }

    #[test]
    fn numbers_have_points_between_thousands_and_a_comma_before_tenths() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1.000"), (1_234_567, "1.234.567")] {
            assert_eq!(count(number), text);
        }
        for (number, text) in
            [(6.0, "6"), (6.46, "6,5"), (-1.2, "-1,2"), (-0.04, "0"), (1234.5, "1.234,5")]
        {
            assert_eq!(decimal(number), text);
        }
        assert_eq!(percent(873, 1_000), "87,3%");
        assert_eq!(percent(2, 3), "66,7%");
        assert_eq!(percent(0, 0), "-");
    }

    #[test]
    fn an_age_is_told_by_its_largest_unit() {
        for (minutes, text) in [(0, "0 menit"), (59, "59 menit"), (60, "1 jam"), (2_880, "2 hari")]
        {
            assert_eq!(span(minutes), text);
        }
    }
}
