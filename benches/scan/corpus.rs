//! Invented posts: daily life, a little politics, a little disguise.

use netra::model::{Author, Post, PostId, PostKind};

/// How many posts.
const POSTS: usize = 10_000;

/// A linear congruential generator with a fixed seed (Knuth's constants).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }

    fn percent(&mut self, share: usize) -> bool {
        self.below(1_000) < share * 10
    }

    fn pick<'w>(&mut self, words: &[&'w str]) -> &'w str {
        words[self.below(words.len())]
    }
}

const SMALL: &str = "yang dan di ke dari ini itu untuk dengan tidak pada juga akan sudah saya kita \
    bisa masih lagi lebih kalau tapi seperti saja baru belum oleh dalam ya nih banget gak udah aja \
    lah semua hari";
const DAILY: [&str; 6] = [
    "dapur resep bumbu sayur tumis kuah pedas gurih santan tempe tahu ikan bakar nasi goreng sarapan \
     warung kopi teh manis gorengan pisang kelapa bawang cabai garam lezat kenyang piring sendok",
    "latihan pemain pelatih stadion lapangan gawang menang kalah seri babak final suporter tiket \
     sepatu kaus lari renang sepeda medali wasit jadwal musim cedera pemanasan skor tandang kandang",
    "hujan deras banjir angin panas mendung petir gempa dingin pagi sore malam jalan macet genangan \
     sungai jembatan warga lampu padam pohon tumbang perbaikan aspal trotoar angkot bensin",
    "kantor rapat lembur gaji cuti laporan tugas berkas antrean loket pelayanan apel upacara seragam \
     pelatihan kegiatan masyarakat jadwal absen komputer cetak stempel surat meja kursi ruangan",
    "ibu bapak kakak adik anak sekolah guru belajar ujian rumah halaman kucing kebun ulang tahun \
     selamat sehat sakit obat dokter liburan pantai gunung foto teman sahabat cerita tertawa rindu",
    "jual beli harga murah diskon ongkir pesan stok baju sepatu tas kerudung warna ukuran bahan katun \
     kirim paket kurir bayar transfer toko pelanggan katalog promo gratis kemasan",
];
const POLITICAL: &[&str] = &[
    "coblos nomor 2",
    "dukung paslon 01",
    "debat capres semalam",
    "kampanye akbar di alun-alun",
    "satu putaran saja",
    "tim sukses keliling kampung",
    "pilih nomor 1",
    "baliho caleg di pertigaan",
    "relawan siap bergerak",
    "partai mengusung calon bupati",
    "siap menang bersama",
    "netralitas ASN jelang pilkada",
    "Bawaslu periksa camat",
    "jangan golput ya",
    "surat suara sudah datang",
    "deklarasi dukungan untuk calon gubernur",
    "kepala dinas ikut kampanye",
    "bagi sembako dari timses",
];
const DISGUISED: &[&str] = &[
    "c0bl0s nomor 2",
    "duk*ng paslon",
    "k.a.m.p.a.n.y.e akbar",
    "siap menaaang",
    "p@slon satu",
    "ｃｏｂｌｏｓ nomor 1",
    "c\u{43e}bl\u{43e}s calon",
    "n0m0r 2️⃣",
    "kam\u{200b}panye terus",
];
const EMOJI: &[&str] = &["😂", "🙏", "❤️", "👍", "✌️", "🔥", "🎉", "😭"];
const NAMES: &[&str] = &[
    "Darto Wirya",
    "Marni Lasmi",
    "Ujang Karsa",
    "Tini Sulastri",
    "Wawan Jatmika",
    "Rukmini Asih",
];
const BIOS: &[&str] = &[
    "",
    "",
    "",
    "ibu rumah tangga",
    "pedagang",
    "mahasiswa",
    "PNS Dinas Sosial",
    "guru",
    "petani, hobi mancing",
];

/// The posts, as text alone or with their authors.
pub(crate) fn posts(authors: bool) -> Vec<Post> {
    let small: Vec<&str> = SMALL.split_whitespace().collect();
    let daily = DAILY.map(|topic| topic.split_whitespace().collect::<Vec<_>>());
    let mut dice = Dice(7);
    (0..POSTS)
        .map(|number| {
            let text = text(&mut dice, &small, &daily);
            let name = dice.pick(NAMES).to_owned();
            let handle = format!("@{}{number}", dice.pick(&small));
            let author = Author { name, handle, bio: dice.pick(BIOS).to_owned() };
            Post {
                id: PostId(number.to_string()),
                source: "bench".to_owned(),
                kind: PostKind::Post,
                platform: String::new(),
                address: None,
                author: if authors { author } else { Author::default() },
                title: String::new(),
                text,
                published: None,
            }
        })
        .collect()
}

fn text(dice: &mut Dice, small: &[&str], daily: &[Vec<&str>]) -> String {
    let topic = &daily[dice.below(daily.len())];
    // three dice are more often near their middle than one
    let length = 9 + dice.below(11) + dice.below(11) + dice.below(11);
    let mut words: Vec<String> = (0..length)
        .map(|_| if dice.percent(42) { dice.pick(small) } else { dice.pick(topic) }.to_owned())
        .collect();
    if dice.percent(8) {
        // one political post in eight is disguised: one of a hundred
        let phrases = if dice.below(8) == 0 { DISGUISED } else { POLITICAL };
        let phrase = dice.pick(phrases);
        words.insert(1 + dice.below(length - 1), phrase.to_owned());
    }
    if dice.percent(6) {
        words.insert(1 + dice.below(length - 1), dice.pick(NAMES).to_owned());
    }
    if dice.percent(10) {
        words.push(format!("#{}{}", dice.pick(topic), dice.pick(&["", "2024", "Jateng"])));
    }
    if dice.percent(8) {
        words.push(format!("https://contoh.id/{:x}", dice.below(1 << 30)));
    }
    if dice.percent(6) {
        words.insert(0, format!("@{}{}", dice.pick(topic), dice.below(999)));
    }
    let whole = words.join(" ");
    let mut letters = whole.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    let whole = format!("{first}{}", letters.as_str());
    match dice.below(100) {
        0..30 => format!("{}.", whole.replacen(" yang ", ", yang ", 1)),
        30..45 => format!("{whole} {}", dice.pick(EMOJI).repeat(1 + dice.below(3))),
        45..48 => format!("“{whole}”"),
        _ => whole,
    }
}

/// The shares of the corpus that the posts are made after, and how far they may be off.
pub(crate) fn check(posts: &[Post]) {
    let of = |is: fn(&str) -> bool| {
        posts.iter().filter(|post| is(&post.text)).count() as f64 / posts.len() as f64 * 100.0
    };
    let mean = |count: fn(&str) -> usize| {
        posts.iter().map(|post| count(&post.text)).sum::<usize>() as f64 / posts.len() as f64
    };
    let words = |text: &str| {
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).count()
    };
    let political =
        |text: &str| POLITICAL.iter().chain(DISGUISED).any(|phrase| text.contains(phrase));
    let disguised = |text: &str| DISGUISED.iter().any(|phrase| text.contains(phrase));
    for (name, is, wanted, off) in [
        ("bytes in a post", mean(str::len), 145.4, 8.0),
        ("words in a post", mean(words), 24.7, 1.5),
        ("in 100 posts: ASCII alone", of(str::is_ascii), 81.3, 2.0),
        ("in 100 posts: political", of(political), 8.0, 1.0),
        ("in 100 posts: disguised", of(disguised), 1.0, 0.3),
    ] {
        println!("  {name}: {is:.1} (wanted {wanted})");
        assert!((is - wanted).abs() <= off, "{name}: {is:.1} is too far from {wanted}");
    }
}
