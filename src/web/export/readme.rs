//! `BACA-SAYA.txt`: how a stranger checks the evidence without Netra, and what the
//! proof does not show.

use super::Stamp;

/// What no digest, signature or proof can show.
pub(super) const NOT_SHOWN: [&str; 7] = [
    "Siapa yang menulis unggahan. Bukti hanya menunjukkan apa yang dijawab sumber kepada Netra.",
    "Bahwa akun itu asli, bukan akun tiruan, dan tidak diretas.",
    "Bahwa isi unggahan benar.",
    "Bahwa waktu terbit benar: waktu itu dinyatakan oleh sumber sendiri.",
    "Bahwa waktu pengambilan benar melebihi jam mesin Netra. Hanya cap waktu dari pihak luar, \
     bila disertakan, membuktikan bahwa buku bukti sudah ada pada waktu tertentu.",
    "Apa yang terlihat pada gambar atau video: Netra tidak memeriksanya.",
    "Bahwa semua unggahan sejenis ditemukan, atau bahwa unggahan ini merupakan pelanggaran. \
     Mesin menandai; orang yang menilai.",
];

/// What the file is told.
pub(super) struct About<'a> {
    /// The finding's number.
    pub(super) number: &'a str,
    /// The name of the ledger.
    pub(super) origin: &'a str,
    /// The entry that records this export.
    pub(super) entry: u64,
    /// Whether the finding still waits.
    pub(super) is_open: bool,
    /// What became of the timestamp.
    pub(super) stamp: &'a Stamp,
}

/// The file.
pub(super) fn write(about: &About<'_>) -> String {
    let About { number, origin, entry, .. } = about;
    let mut text = format!(
        "BUKTI TEMUAN {number}\n\n{CONTENT}\n{FILES}\n{SIGNATURE}\n{PROOF}\nNama buku bukti: {origin}\n\n{}\n",
        export(*entry)
    );
    text.push_str(&timestamp(about.stamp));
    text.push_str("\nYANG TIDAK DIBUKTIKAN\n\n");
    for line in NOT_SHOWN.into_iter().chain(about.is_open.then_some(INCOMPLETE)) {
        text.push_str(&item(line));
    }
    text
}

/// Said of every finding that still waits, whether or not something is left out.
const INCOMPLETE: &str = "Bahwa penilaiannya lengkap: temuan ini belum selesai ditinjau. Selama itu, \
    penilaian yang belum boleh diketahui oleh pengekspor, bila ada, tidak disertakan.";

/// One line of a list, broken where it is longer than a terminal is wide.
fn item(text: &str) -> String {
    let mut item = String::from("-");
    let mut width = 1;
    for word in text.split(' ') {
        let chars = word.chars().count() + 1;
        if width + chars > 88 {
            item.push_str("\n ");
            width = 1;
        }
        item.push(' ');
        item.push_str(word);
        width += chars;
    }
    item + "\n"
}

const CONTENT: &str = "\
Berkas ini dapat diperiksa tanpa Netra. Jalankan perintah di bawah dalam folder ini
(Linux, macOS, atau WSL pada Windows).

ISI

  data/temuan.html        halaman yang mudah dibaca (salinan kerja)
  data/custody.json       catatan penguasaan bukti untuk program (salinan kerja)
  data/captures/          jawaban sumber sebagaimana diterima, format WARC 1.1
  data/payload/           isi dan alasan yang dirujuk entri: garam acak, lalu JSON
  data/ledger/entry/      entri buku bukti tentang temuan ini, bita demi bita
  data/ledger/proof/      bukti bahwa tiap entri ada dalam buku bukti
  data/ledger/checkpoint  titik periksa buku bukti yang ditandatangani
  data/ledger/key.pem     kunci publik (untuk openssl); key.pub: kunci yang sama
                          dalam bentuk signed-note
  export/                 entri yang mencatat ekspor ini, dengan bukti dan isinya
  manifest-sha256.txt     sidik digital setiap berkas dalam data/ (BagIt, RFC 8493)

NIP dan NIK ditutup dengan tanda • pada kedua salinan kerja. Rekaman, payload, dan entri
tetap sebagaimana aslinya: perlakukan sebagai data pribadi.

Bandingkan kunci publik dengan yang diumumkan atau dicetak kantor pemilik Netra:
kunci yang hanya berasal dari berkas ini tidak membuktikan siapa yang menandatangani.
";

const FILES: &str = "\
1. KEUTUHAN BERKAS

  sha256sum --check --strict manifest-sha256.txt
  sha256sum --check --strict tagmanifest-sha256.txt

Semua baris harus berbunyi OK. Alat BagIt apa pun memeriksa hal yang sama.
Nama berkas dalam data/captures dan data/payload adalah sidik digitalnya sendiri,
dan entri menyebut nama itu (\"capture\" dan \"payload\"):

  sha256sum data/captures/* data/payload/*
  cat data/ledger/entry/*

Isi satu berkas payload (32 bita pertama adalah garam acak):

  tail -c +33 data/payload/NAMA

Rekaman dibuka dengan alat WARC apa pun; warcio check memeriksanya.
";

const SIGNATURE: &str = "\
2. TANDA TANGAN TITIK PERIKSA

Titik periksa adalah teks (nama buku, jumlah entri, akar pohon), satu baris kosong,
lalu baris tanda tangan Ed25519. Pisahkan, lalu periksa (openssl 3.0 atau lebih baru):

  sed '/^$/,$d' data/ledger/checkpoint > teks
  tail -n 1 data/ledger/checkpoint | cut -d ' ' -f 3 | base64 -d | tail -c 64 > tanda-tangan
  openssl pkeyutl -verify -pubin -inkey data/ledger/key.pem -rawin -in teks -sigfile tanda-tangan

Jawaban harus: Signature Verified Successfully
";

const PROOF: &str = "\
3. ENTRI ADA DALAM BUKU BUKTI

Sidik daun sebuah entri (RFC 6962 dan RFC 9162, bagian 2.1) adalah SHA-256 atas satu
bita nol diikuti bita entri:

  (printf '\\000'; cat data/ledger/entry/NOMOR.json) | sha256sum

Berkas data/ledger/proof/NOMOR.tlog-proof membawa sidik-sidik dari daun itu sampai akar
pohon, dan titik periksanya. Pemeriksa transparency log apa pun dapat memeriksanya;
format yang dipakai: C2SP tlog-proof, tlog-checkpoint, signed-note, dan tlog-tiles
(https://c2sp.org), bukti inklusi menurut RFC 9162.
Siapa pun yang menyimpan titik periksa (misalnya dari laporan semester) dapat menuntut
bukti bahwa buku bukti hari ini masih melanjutkannya.
";

fn export(entry: u64) -> String {
    format!(
        "\
4. EKSPOR INI TERCATAT

Entri nomor {entry} (export/entry.json) mencatat siapa yang mengekspor, kapan, dan sidik
digital manifest-sha256.txt; alasannya dalam export/payload. Bandingkan:

  sha256sum manifest-sha256.txt
  cat export/entry.json

export/entry.tlog-proof membuktikan bahwa entri itu ada dalam buku bukti.
"
    )
}

fn timestamp(stamp: &Stamp) -> String {
    match stamp {
        Stamp::NotSet => "\
5. CAP WAKTU

Tidak ada: tidak ada otoritas cap waktu yang diatur.
"
        .into(),
        Stamp::Failed(_) => "\
5. CAP WAKTU

Tidak ada: otoritas cap waktu tidak memberikannya pada saat ekspor.
"
        .into(),
        Stamp::Granted { token, authority } => format!(
            "\
5. CAP WAKTU (RFC 3161)

Otoritas {authority} menyatakan bahwa titik periksa sudah ada pada {}.
Ambil sertifikat otoritas dari pihak yang Anda percayai, lalu:

  openssl ts -verify -data data/ledger/checkpoint -in timestamp/checkpoint.tsr -CAfile SERTIFIKAT.pem

Jawaban harus: Verification: OK
Yang dicap adalah titik periksa, sehingga cap itu berlaku bagi semua entri di bawahnya.
",
            token.at
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_says_what_is_not_shown_and_never_speaks_of_culprits() {
        let about = About {
            number: "T-2026-00001",
            origin: "netra.invalid/ledger",
            entry: 7,
            is_open: true,
            stamp: &Stamp::NotSet,
        };
        let text = write(&about);
        for words in
            ["sha256sum", "openssl pkeyutl", "tlog-proof", "YANG TIDAK DIBUKTIKAN", "belum selesai"]
        {
            assert!(text.contains(words), "{words}");
        }
        assert!(!text.to_lowercase().contains("pelanggar "), "{text}");
        assert!(text.lines().all(|line| line.len() < 100));
        assert!(!text.contains('\r') && text.ends_with('\n'));
    }
}
