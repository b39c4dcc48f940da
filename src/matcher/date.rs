//! The date that a text tells: `Senin (29/1/2024)`, `29 Januari 2024`.

use jiff::civil::Date;

const MONTHS: [&str; 12] = [
    "januari",
    "februari",
    "maret",
    "april",
    "mei",
    "juni",
    "juli",
    "agustus",
    "september",
    "oktober",
    "november",
    "desember",
];

/// The first whole date in a text; a day without a year is none.
pub fn find(text: &str) -> Option<Date> {
    let mut words = Vec::with_capacity(64);
    for word in
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(4_000)
    {
        words.push(word);
    }
    words.windows(3).find_map(|three| {
        let [day, month, year] = three else { return None };
        let day: i8 = day.parse().ok()?;
        let year: i16 = year.parse().ok().filter(|year| (2000..2100).contains(year))?;
        let lower = month.to_lowercase();
        let month = MONTHS
            .iter()
            .position(|name| *name == lower || (lower.len() >= 3 && name.starts_with(&lower)))
            .and_then(|at| i8::try_from(at + 1).ok())
            .or_else(|| month.parse().ok())?;
        Date::new(year, month, day).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn dates_are_read_as_newspapers_write_them() {
        assert_eq!(find("Kudus, Senin (29/1/2024) pagi"), Some(date(2024, 1, 29)));
        assert_eq!(find("pada 19 Desember 2023 di aula"), Some(date(2023, 12, 19)));
        assert_eq!(find("tanggal 31 Februari 2024"), None);
        assert_eq!(find("tgl 14 nanti"), None);
    }
}
