//! `netra rules schema`: what editors complete and check rule files by.

use std::path::Path;

use clap::Args;

use super::{Code, Failure, Outcome, Result, say};
use crate::cli::init::cannot_create;
use crate::rule::schema;

/// Arguments of `netra rules schema`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Command {
    /// Which kind of file: rule, lexicon, contest, weights, categories, units or calendar
    #[arg(default_value = "rule", value_parser = clap::builder::PossibleValuesParser::new(schema::SCHEMAS))]
    kind: String,
}

impl Command {
    pub(super) fn run(&self) -> Result {
        let text = schema::text(&self.kind)
            .ok_or_else(|| Failure::new(Code::Internal, "the schema cannot be written"))?;
        say(text.trim_end());
        Ok(Outcome::Fine)
    }
}

/// Writes the schemas into `schema/` of a folder of rules, where rule files
/// name them: `#:schema ../schema/rule.schema.json`.
pub(in crate::cli) fn lay(rules: &Path) -> Result<()> {
    let folder = rules.join("schema");
    std::fs::create_dir_all(&folder).map_err(|error| cannot_create(&folder, error))?;
    for name in schema::SCHEMAS {
        let path = folder.join(format!("{name}.schema.json"));
        let text = schema::text(name).unwrap_or_default();
        std::fs::write(&path, text).map_err(|error| cannot_create(&path, error))?;
    }
    Ok(())
}
