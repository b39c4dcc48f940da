//! `netra rules new ID`: begins a rule.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Code, Failure, Outcome, Result, next, say};
use crate::cli::init::cannot_create;
use crate::rule::format;

/// Arguments of `netra rules new`.
#[derive(Debug, Args)]
pub(in crate::cli) struct New {
    /// The rule's id, which is also the name of its file: lower-case letters, digits and hyphens
    id: String,
    /// What kind of sign it finds
    #[arg(long, value_enum, default_value_t = Kind::Aksi)]
    sign: Kind,
    /// The folder it is laid in
    #[arg(long, default_value = "rules", value_name = "DIR")]
    dir: PathBuf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kind {
    Asn,
    Peserta,
    Aksi,
    Konteks,
    Penjaga,
    Kepatuhan,
}

impl New {
    pub(super) fn run(&self) -> Result {
        let is_id = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if self.id.is_empty() || !self.id.bytes().all(is_id) {
            return Err(Failure::new(Code::Usage, format!("`{}` is no id", self.id))
                .help("write lower-case letters, digits and hyphens: aksi-dukung"));
        }
        let path = self.dir.join(format!("{}.toml", self.id));
        if path.exists() {
            let what = format!("`{}` is there already", path.display());
            return Err(Failure::new(Code::CannotCreate, what).help("choose another id"));
        }
        let text = format::format(&self.text())
            .map_err(|error| Failure::new(Code::Internal, "the draft is no rule").because(error))?;
        std::fs::create_dir_all(&self.dir).map_err(|error| cannot_create(&self.dir, error))?;
        std::fs::write(&path, text).map_err(|error| cannot_create(&path, error))?;
        say(format_args!("created {}", path.display()));
        next(&format!(
            "write the rule in an editor, then: netra rules check {}",
            self.dir.display()
        ));
        Ok(Outcome::Fine)
    }

    /// A draft that loads: what is to be written stands in it as text.
    fn text(&self) -> String {
        let (sign, weight, event) = match self.sign {
            Kind::Asn => ("asn", "2.0", ""),
            Kind::Peserta => ("peserta", "2.0", ""),
            Kind::Aksi => ("aksi", "2.0", ""),
            Kind::Konteks => ("konteks", "0.5", ""),
            Kind::Penjaga => ("penjaga", "-3.0", ""),
            Kind::Kepatuhan => ("kepatuhan", "1.0", "event = \"ikrar\"\n"),
        };
        let schema = ["schema", "../schema"]
            .into_iter()
            .find(|folder| self.dir.join(folder).join("rule.schema.json").exists())
            .map(|folder| format!("#:schema {folder}/rule.schema.json\n"))
            .unwrap_or_default();
        let example = |hit: bool, which: &str| {
            format!("\n[[test]]\ntext = \"tulis {which} di sini\"\nhit = {hit}\n")
        };
        format!(
            "{schema}id = \"{}\"\ntitle = \"Tulis apa yang ditemukan aturan ini\"\n\
             dasar = \"Tulis pasal, keputusan, atau butir pedoman\"\nsign = \"{sign}\"\n\
             weight = {weight}\nstate = \"draft\"\n{event}\n\
             # kinds of clauses: netra rules schema\n[when]\nany = [\"contoh\"]\n{}{}{}{}",
            self.id,
            example(true, "contoh yang kena"),
            example(true, "contoh lain yang kena"),
            example(false, "kalimat yang tidak kena"),
            example(false, "kalimat lain yang tidak kena"),
        )
    }
}
