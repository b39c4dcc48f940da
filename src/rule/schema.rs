//! JSON Schemas of the files under `rules/`, so that editors complete and
//! check them. Derived from the types that read the files and from the table
//! of clauses: a new kind of clause is in the schema by being in the table.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::calendar::{self, CalendarFile};
use super::clause::{KINDS, Shape, field, stage};
use super::contest::ContestFile;
use super::file::{LexiconFile, RuleFile};
use super::seen::SCOPES;
use super::unit::UnitFile;
use super::weights::{CategoryFile, WeightFile};

/// The schemas by the name of their file before `.schema.json`.
pub const SCHEMAS: &[&str] =
    &["rule", "lexicon", "contest", "weights", "categories", "units", "calendar"];

/// The schema of this name, as a file holds it.
pub fn text(name: &str) -> Option<String> {
    let schema = match name {
        "rule" => of::<RuleFile>(),
        "lexicon" => of::<LexiconFile>(),
        "contest" => of::<ContestFile>(),
        "weights" => of::<WeightFile>(),
        "categories" => of::<CategoryFile>(),
        "units" => of::<UnitFile>(),
        "calendar" => of::<CalendarFile>(),
        _ => return None,
    };
    serde_json::to_string_pretty(schema.as_value()).ok().map(|text| text + "\n")
}

fn of<T: JsonSchema>() -> Schema {
    // draft 7 is what the editors' TOML servers read
    SchemaSettings::draft07().into_generator().into_root_schema_for::<T>()
}

/// The fields in which a rule looks.
pub(super) fn fields(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "array", "minItems": 1, "items": { "enum": field::FIELDS } })
}

/// The scopes.
pub(super) fn scope(_: &mut SchemaGenerator) -> Schema {
    let names: Vec<&str> = SCOPES.iter().map(|(name, _)| *name).collect();
    json_schema!({ "enum": names })
}

/// The stages.
pub(super) fn stage(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "enum": stage::STAGES })
}

/// The stages of which an election's calendar tells the days.
pub(super) fn calendar_stage(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "enum": calendar::STAGES })
}

/// The conditions: one table of clauses, or alternatives.
pub(super) fn when(generator: &mut SchemaGenerator) -> Schema {
    let clauses = generator.subschema_for::<Clauses>();
    json_schema!({ "anyOf": [clauses, { "type": "array", "minItems": 1, "items": clauses }] })
}

struct Clauses;

impl JsonSchema for Clauses {
    fn schema_name() -> Cow<'static, str> {
        "clauses".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut properties = Map::new();
        for kind in KINDS {
            let mut value = shape(kind.shape);
            if let Some(value) = value.as_object_mut() {
                value.insert("description".into(), kind.caption.into());
            }
            properties.insert(kind.key.into(), value);
        }
        json_schema!({
            "type": "object",
            "description": "clauses that must all hold",
            "minProperties": 1,
            "additionalProperties": false,
            "properties": properties,
        })
    }
}

fn shape(shape: Shape) -> Value {
    let array = |items: Value| json!({ "type": "array", "minItems": 1, "items": items });
    match shape {
        Shape::Phrases => array(json!({ "type": "string" })),
        Shape::Bare => array(json!({ "type": "string", "pattern": "^[^@]" })),
        Shape::Rules => array(json!({ "type": "string", "pattern": "^[a-z0-9-]+$" })),
        Shape::OneOf(words) => array(json!({ "enum": words })),
        Shape::Steps => json!({
            "type": "array",
            "minItems": 2,
            "maxItems": 5,
            "items": self::shape(Shape::Phrases),
        }),
        Shape::Number(least, most) => {
            json!({ "type": "integer", "minimum": least, "maximum": most })
        }
        Shape::Regex => json!({ "type": "string", "format": "regex" }),
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::Table(keys) => {
            let properties: Map<String, Value> =
                keys.iter().map(|(key, of, _)| ((*key).to_owned(), self::shape(*of))).collect();
            let required: Vec<&str> =
                keys.iter().filter(|(_, _, must)| *must).map(|(key, _, _)| *key).collect();
            let table = json!({
                "type": "object",
                "additionalProperties": false,
                "required": required,
                "properties": properties,
            });
            json!({ "anyOf": [table, { "type": "array", "minItems": 1, "items": table }] })
        }
    }
}
