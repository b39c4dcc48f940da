//! The folding of characters against `str::to_lowercase` and against NFKC with
//! lower case, over the same texts, a fifth of them beyond ASCII.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use netra::text::Text;
use unicode_normalization::UnicodeNormalization as _;

fn main() {
    divan::main();
}

fn texts() -> Vec<String> {
    (0..10_000)
        .map(|number| match number % 10 {
            0 => format!("Ayo 𝐜𝐨𝐛𝐥𝐨𝐬 nomor {number} ya dulur, jangan sampai lupa hari Rabu 😂"),
            5 => format!("“Kopi pagi” di warung Bu Sri, harga {number} rupiah saja… mantap 👍"),
            _ => format!(
                "Pagi ini hujan deras di kota, jalan {number} macet dan sekolah Libur lagi besok"
            ),
        })
        .collect()
}

fn run(bencher: Bencher<'_, '_>, fold: impl Fn(&str) -> usize + Sync) {
    let texts = texts();
    let bytes: usize = texts.iter().map(String::len).sum();
    bencher
        .counter(BytesCount::new(bytes))
        .bench_local(|| texts.iter().map(|text| fold(black_box(text))).sum::<usize>());
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn netra(bencher: Bencher<'_, '_>) {
    run(bencher, |text| Text::new(text).folded().len());
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn std_to_lowercase(bencher: Bencher<'_, '_>) {
    run(bencher, |text| text.to_lowercase().len());
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn nfkc_and_lowercase(bencher: Bencher<'_, '_>) {
    run(bencher, |text| text.nfkc().collect::<String>().to_lowercase().len());
}
