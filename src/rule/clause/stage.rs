//! `stage`: which stage of an election the post speaks of.
//!
//! A stage is recognised by the rules that name it (`stage = "masa_tenang"` in
//! their head), which are asked first; outside all stages the clause does not hold.

use toml::Value;

use super::{Builder, Clause, Shape, Wrong, other, shape, strings};

/// The stages by the names that rules give them: those of the labelling guideline.
pub const STAGES: &[&str] = &[
    "pra",
    "pra2029",
    "pendaftaran",
    "penetapan",
    "kampanye",
    "masa_tenang",
    "pemungutan",
    "rekap",
    "pasca",
];

/// `stage = ["masa_tenang", "pemungutan"]`.
pub fn build(value: &Value, builder: &mut Builder<'_>) -> Result<Box<dyn Clause>, Wrong> {
    let wanted = strings(value)?;
    if let Some(wrong) = wanted.iter().find(|stage| !STAGES.contains(stage)) {
        return Err(unknown(wrong));
    }
    let of = |(stage, rule): &(String, usize)| wanted.contains(&stage.as_str()).then_some(*rule);
    Ok(other::one_of(builder.stages.iter().filter_map(of).collect()))
}

/// A stage that there is not.
pub fn unknown(stage: &str) -> Wrong {
    Wrong {
        code: "unknown-stage",
        message: format!("`{stage}` is no stage: {}", STAGES.join(", ")),
        word: Some(stage.to_owned()),
        help: crate::rule::problem::nearest(stage, STAGES.iter().copied())
            .map(|near| format!("did you mean `{near}`?")),
    }
}

/// Its shape.
pub const SHAPE: Shape = Shape::OneOf(STAGES);

/// The clause in words.
pub fn said(value: &Value) -> String {
    format!("the stage is one of {}", shape::words(value))
}
