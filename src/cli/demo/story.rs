//! The people of the demo, and the story that its check plays with them:
//! two people agree on a dugaan, one takes a decision back, a report is built.

use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::cli::door::{Door, current_unix_name};
use crate::cli::failure::{Code, Failure};
use crate::cli::{Result, house};
use crate::config::Config;
use crate::model::{Clock, Digest, Period};
use crate::store::evidence;
use crate::web;

/// Makes the demo's people, where they are not there yet.
pub(super) fn people(config: &Config, clock: &Clock) -> Result<web::Demo> {
    crate::cli::init::make_store(&config.data, clock)?;
    let users = house::users(config)?;
    for user in web::demo_users(Some(&current_unix_name())) {
        if users.get(&user.name).is_none() {
            // Nobody knows this token: in the demo one signs in by link.
            let token = Digest::of(user.name.as_bytes()).to_string();
            users.add(user, &token, clock.now()).map_err(|error| {
                Failure::new(Code::Io, "cannot make the demo's people").because(error)
            })?;
        }
    }
    web::Demo::of(&users.list()).map_err(|error| {
        Failure::new(Code::Internal, "the system gives no random bytes").because(error)
    })
}

/// Somebody who acts in the story, by the way of the command line.
async fn person(config: &Config, clock: &Clock, name: &str) -> Result<Door> {
    let users = house::users(config)?;
    let unix = users.get(name).and_then(|user| user.unix);
    let unix =
        unix.ok_or_else(|| Failure::new(Code::Internal, format!("`{name}` is nobody here")))?;
    Door::open(config, clock, &unix).await
}

async fn findings(door: &Door) -> Result<Vec<Value>> {
    let answer = door.call(Method::GET, "/api/temuan?status=semua&limit=1000", None).await?;
    Ok(answer.get("findings").and_then(Value::as_array).cloned().unwrap_or_default())
}

fn number(finding: &Value) -> &str {
    finding.get("number").and_then(Value::as_str).unwrap_or_default()
}

fn status(finding: &Value) -> &str {
    finding.get("status").and_then(Value::as_str).unwrap_or_default()
}

async fn decide(door: &Door, number: &str, decision: Value) -> Result<String> {
    let path = format!("/api/temuan/{number}/keputusan");
    let answer = door.call(Method::POST, &path, Some(&decision)).await?;
    Ok(status(&answer).to_owned())
}

fn expect(what: &str, is: &str, should: &str, differences: &mut Vec<String>) {
    if is != should {
        differences.push(format!("{what}: `{is}`, expected `{should}`"));
    }
}

/// Plays the story over what was flagged; gives what came out otherwise than it should.
pub(super) async fn play(
    config: &Config,
    clock: &Clock,
    settled: usize,
    flagged: usize,
) -> Result<Vec<String>> {
    let mut differences = Vec::new();
    let open = {
        let dewi = person(config, clock, "dewi").await?;
        let all = findings(&dewi).await?;
        expect(
            "findings in the queue",
            &all.len().to_string(),
            &flagged.to_string(),
            &mut differences,
        );
        all.iter()
            .filter(|it| status(it) == "baru")
            .map(|it| number(it).to_owned())
            .collect::<Vec<_>>()
    };
    let [first, second, ..] = open.as_slice() else {
        differences.push("fewer than two findings wait for a decision".into());
        return Ok(differences);
    };
    decide_and_take_back(config, clock, first, second, &mut differences).await?;
    build_report(config, clock, settled, flagged, &mut differences).await?;
    let report = evidence::verify(&config.data.folder);
    differences.extend(report.problems.iter().map(|problem| format!("evidence: {problem}")));
    Ok(differences)
}

async fn decide_and_take_back(
    config: &Config,
    clock: &Clock,
    first: &str,
    second: &str,
    differences: &mut Vec<String>,
) -> Result<()> {
    let dugaan = json!({
        "choice": "dugaan", "category": "medsos_support",
        "reason": "Akun memuat nama unit dan mengajak memilih peserta.",
    });
    let bukan = json!({
        "choice": "bukan", "code": "berita",
        "reason": "Berita media tentang pihak lain, bukan akun pegawai.",
    });
    {
        let dewi = person(config, clock, "dewi").await?;
        decide(&dewi, first, dugaan.clone()).await?;
        expect("bukan", &decide(&dewi, second, bukan).await?, "bukan", differences);
        let path = format!("/api/temuan/{second}/batalkan");
        let undone = dewi.call(Method::POST, &path, Some(&json!({}))).await?;
        expect("taken back", status(&undone), "baru", differences);
    }
    let bayu = person(config, clock, "bayu").await?;
    let seen = bayu.call(Method::GET, &format!("/api/temuan/{first}"), None).await?;
    expect("what the second person sees", status(&seen), "baru", differences);
    expect("agreed", &decide(&bayu, first, dugaan).await?, "dugaan", differences);
    Ok(())
}

async fn build_report(
    config: &Config,
    clock: &Clock,
    settled: usize,
    flagged: usize,
    differences: &mut Vec<String>,
) -> Result<()> {
    let zone: TimeZone = house::zone(config)?;
    let period = Period::of(clock.now(), &zone);
    let seno = person(config, clock, "seno").await?;
    let path = format!("/api/laporan?period={period}");
    let answer = seno.call(Method::POST, &path, Some(&json!({}))).await?;
    let files = answer.get("files").and_then(Value::as_array).cloned().unwrap_or_default();
    let content = |ending: &str| {
        let is_it = |file: &&Value| {
            file.get("name").and_then(Value::as_str).is_some_and(|name| name.ends_with(ending))
        };
        let file = files.iter().find(is_it)?;
        let bytes = STANDARD.decode(file.get("content_base64")?.as_str()?).ok()?;
        String::from_utf8(bytes).ok()
    };
    let rows = content(".csv").map_or(0, |csv| csv.lines().count().saturating_sub(1));
    expect("findings in the report's table", &rows.to_string(), &flagged.to_string(), differences);
    let html = content(".html").unwrap_or_default();
    for (what, count) in [("posts examined", settled), ("findings", flagged)] {
        if !html.contains(&format!(">{count}<")) {
            differences.push(format!("the report does not say {count} {what}"));
        }
    }
    Ok(())
}
