//! What `netra scan` answers: it matches once and writes nothing else.
//!
//! One line per post, in order. The shape of a line (`netra.scan/1`) is a
//! contract: its keys, their order and their meaning stay.

use std::fmt::Write as _;
use std::io::{self, BufRead, Read as _, Write};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::matcher::{Matcher, Why};
use crate::model::{
    AsnEvidence, Author, Category, Field, Post, PostId, PostKind, Priority, SkbRow, StageAt,
    Verdict,
};
use crate::text::identity::{mask, masked_post, masked_verdict};

/// The longest line of NDJSON that is read, in bytes; a longer one is an error of that line alone.
pub const MAX_LINE_BYTES: usize = 1024 * 1024;

/// The most that is read of a text or an HTML page, in bytes.
pub const MAX_PAGE_BYTES: u64 = 8 * 1024 * 1024;

/// How the input is to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Input {
    /// By its first character: `{` NDJSON, `<` HTML, else text.
    #[default]
    Auto,
    /// One post.
    Text,
    /// One page.
    Html,
    /// One post per line.
    Ndjson,
}

/// How the answer is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs: `netra.scan/1`.
    Ndjson,
}

/// What was asked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// How the input is to be read.
    pub input: Input,
    /// How the answer is written.
    pub format: Format,
    /// Whether to say what nearly matched.
    pub why: bool,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Posts scanned.
    pub posts: usize,
    /// Posts flagged.
    pub flagged: usize,
    /// Lines that could not be read; each was named on the error stream.
    pub bad: usize,
}

/// A line of NDJSON input; all but the text is optional, unknown keys are passed over.
#[derive(Debug, Deserialize)]
struct Line {
    id: Option<serde_json::Value>,
    kind: Option<PostKind>,
    platform: Option<String>,
    author: Option<LineAuthor>,
    title: Option<String>,
    text: String,
    url: Option<String>,
    published: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct LineAuthor {
    name: Option<String>,
    handle: Option<String>,
    bio: Option<String>,
}

#[derive(Serialize)]
struct Answer<'v> {
    schema: &'static str,
    id: &'v str,
    flagged: bool,
    score: f64,
    priority: Priority,
    categories: &'v [Category],
    stage: &'v str,
    compliance: &'v [crate::model::Compliance],
    hits: Vec<AnswerHit<'v>>,
    spared_by: &'v [String],
    reason: &'v str,
    ruleset: &'v str,
    stages: &'v [StageAt],
    asn_evidence: AsnEvidence,
    skb: &'v [SkbRow],
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<AnswerWhy<'v>>,
}

#[derive(Serialize)]
struct AnswerHit<'v> {
    rule: &'v str,
    field: Field,
    start: u32,
    end: u32,
    text: &'v str,
}

#[derive(Serialize)]
struct AnswerWhy<'v> {
    folded: &'v str,
    parts: &'v [crate::model::Part],
    nearly: Vec<AnswerNearly<'v>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    words: Vec<AnswerWord<'v>>,
}

#[derive(Serialize)]
struct AnswerWord<'v> {
    word: &'v str,
    weight: f64,
}

#[derive(Serialize)]
struct AnswerNearly<'v> {
    rule: &'v str,
    missing: &'v str,
}

/// Scans one input called `name` and writes the answers to `out`, what could
/// not be read to `errors`. Fails only if reading or writing fails.
pub fn scan(
    matcher: &Matcher,
    name: &str,
    input: &mut dyn BufRead,
    options: Options,
    out: &mut dyn Write,
    errors: &mut dyn Write,
) -> io::Result<Outcome> {
    let mut scan = Scan { matcher, name, options, out, errors, outcome: Outcome::default() };
    let kind = match options.input {
        Input::Auto => guess(input)?,
        kind => kind,
    };
    match kind {
        Input::Ndjson => scan.ndjson(input)?,
        Input::Html => scan.page(input, true)?,
        Input::Text | Input::Auto => scan.page(input, false)?,
    }
    Ok(scan.outcome)
}

fn guess(input: &mut dyn BufRead) -> io::Result<Input> {
    let start = input.fill_buf()?;
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    Ok(match start.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => Input::Ndjson,
        Some(b'<') => Input::Html,
        _ => Input::Text,
    })
}

struct Scan<'s> {
    matcher: &'s Matcher,
    name: &'s str,
    options: Options,
    out: &'s mut dyn Write,
    errors: &'s mut dyn Write,
    outcome: Outcome,
}

impl Scan<'_> {
    fn ndjson(&mut self, input: &mut dyn BufRead) -> io::Result<()> {
        let mut line = Vec::new();
        let mut number = 0;
        loop {
            line.clear();
            let read = input.take(MAX_LINE_BYTES as u64 + 1).read_until(b'\n', &mut line)?;
            if read == 0 {
                return Ok(());
            }
            number += 1;
            if line.len() > MAX_LINE_BYTES && line.last() != Some(&b'\n') {
                skip_line(input)?;
                self.bad(
                    number,
                    &format!("longer than {MAX_LINE_BYTES} bytes; split it or shorten the text"),
                )?;
                continue;
            }
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            match self.post(&line, number) {
                Ok(post) => self.answer(&post)?,
                Err(message) => self.bad(number, &message)?,
            }
        }
    }

    /// What the person should know, though the answer is given all the same.
    fn warn(&mut self, message: &str) -> io::Result<()> {
        writeln!(self.errors, "{}: warning: {}", self.name, mask(message))
    }

    fn bad(&mut self, line: usize, message: &str) -> io::Result<()> {
        self.outcome.bad += 1;
        writeln!(self.errors, "{}:{line}: not a post: {}", self.name, mask(message))
    }

    fn post(&self, line: &[u8], number: usize) -> Result<Post, String> {
        let line = std::str::from_utf8(line)
            .map_err(|e| format!("invalid UTF-8 at byte {}", e.valid_up_to()))?;
        let line = line.trim_start_matches('\u{feff}');
        let line: Line = serde_json::from_str(line).map_err(|error| error.to_string())?;
        let id = match line.id {
            Some(serde_json::Value::String(id)) => id,
            Some(serde_json::Value::Number(id)) => id.to_string(),
            None | Some(serde_json::Value::Null) => format!("{}:{number}", self.name),
            Some(_) => return Err("`id` is neither a string nor a number".to_owned()),
        };
        let published =
            line.published.as_deref().filter(|p| !p.is_empty()).map(instant).transpose()?;
        let author = line.author.unwrap_or_default();
        Ok(Post {
            id: PostId(id),
            source: self.name.to_owned(),
            kind: line.kind.unwrap_or_default(),
            platform: line.platform.unwrap_or_default(),
            address: line.url,
            author: Author {
                name: author.name.unwrap_or_default(),
                handle: author.handle.unwrap_or_default(),
                bio: author.bio.unwrap_or_default(),
            },
            title: line.title.unwrap_or_default(),
            text: line.text,
            published,
        })
    }

    fn page(&mut self, input: &mut dyn BufRead, html: bool) -> io::Result<()> {
        let mut bytes = Vec::new();
        input.take(MAX_PAGE_BYTES + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MAX_PAGE_BYTES {
            self.outcome.bad += 1;
            return writeln!(
                self.errors,
                "{}: longer than {MAX_PAGE_BYTES} bytes; split it",
                self.name
            );
        }
        if let Err(error) = std::str::from_utf8(&bytes) {
            let at = error.valid_up_to();
            let what =
                format!("invalid UTF-8 at byte {at}; what is no character is read as one unknown");
            self.warn(&what)?;
        }
        let text = String::from_utf8_lossy(&bytes);
        let text = text.trim_start_matches('\u{feff}');
        let text = if html { plain(text) } else { text.to_owned() };
        let text = text.trim_end().to_owned();
        if text.is_empty() {
            self.warn("there is no text in it")?;
        }
        self.answer(&Post {
            id: PostId(self.name.to_owned()),
            source: self.name.to_owned(),
            kind: if html { PostKind::News } else { PostKind::Post },
            platform: String::new(),
            address: None,
            author: Author::default(),
            title: String::new(),
            text,
            published: None,
        })
    }

    fn answer(&mut self, post: &Post) -> io::Result<()> {
        let verdict = self.matcher.scan(post);
        let mut why = self.options.why.then(|| self.matcher.why(post));
        if let Some(why) = &mut why {
            why.folded = mask(&why.folded).into_owned();
        }
        // the line's own id is the caller's word and stays
        let (id, post) = (&post.id, masked_post(post));
        let verdict = masked_verdict(&post, &verdict);
        let post = &Post { id: id.clone(), ..post };
        self.outcome.posts += 1;
        self.outcome.flagged += usize::from(verdict.flagged);
        match self.options.format {
            Format::Ndjson => {
                serde_json::to_writer(&mut self.out, &answer(post, &verdict, why.as_ref()))?;
                writeln!(self.out)
            }
            Format::Text => {
                let told = told(post, &verdict, why.as_ref());
                self.out.write_all(mask(&told).as_bytes())?;
                self.unit(post, &verdict)
            }
        }
    }
}

impl Scan<'_> {
    /// The unit and what it stood below on the day of the post, where that was asked for.
    fn unit(&mut self, post: &Post, verdict: &Verdict) -> io::Result<()> {
        let Some(unit) = verdict.unit.as_deref().filter(|_| self.options.why) else {
            return Ok(());
        };
        let day = post.published.map(|at| at.to_zoned(TimeZone::UTC).date());
        match self.matcher.ruleset().units().above(unit, day) {
            Some(above) => writeln!(self.out, "unit: {unit}, below {above}"),
            None => writeln!(self.out, "unit: {unit}"),
        }
    }
}

fn skip_line(input: &mut dyn BufRead) -> io::Result<()> {
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            return Ok(());
        }
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let used = end.map_or(buffer.len(), |at| at + 1);
        input.consume(used);
        if end.is_some() {
            return Ok(());
        }
    }
}

/// An RFC 3339 instant, or a day, which begins in Jakarta.
fn instant(text: &str) -> Result<Timestamp, String> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    let day: Option<Date> = text.parse().ok();
    let jakarta = TimeZone::get("Asia/Jakarta").unwrap_or(TimeZone::UTC);
    day.and_then(|day| day.to_zoned(jakarta).ok()).map(|zoned| zoned.timestamp()).ok_or_else(|| {
        format!(
            "`published` is no time: `{text}`; write it as 2024-01-29T08:00:00+07:00 or 2024-01-29"
        )
    })
}

/// The text of a page without its mark-up.
fn plain(html: &str) -> String {
    crate::fetch::page::plain_text(html)
}

fn answer<'v>(post: &'v Post, verdict: &'v Verdict, why: Option<&'v Why>) -> Answer<'v> {
    let hit = |hit: &'v crate::model::Hit| AnswerHit {
        rule: &hit.rule,
        field: hit.field,
        start: hit.start,
        end: hit.end,
        text: &hit.text,
    };
    Answer {
        schema: "netra.scan/1",
        id: &post.id.0,
        flagged: verdict.flagged,
        score: verdict.score,
        priority: verdict.priority,
        categories: &verdict.categories,
        stage: &verdict.stage,
        compliance: &verdict.compliance,
        hits: verdict.hits.iter().map(hit).collect(),
        spared_by: &verdict.spared_by,
        reason: &verdict.reason,
        ruleset: &verdict.ruleset,
        stages: &verdict.stages,
        asn_evidence: verdict.asn_evidence,
        skb: &verdict.skb,
        why: why.map(|why| AnswerWhy {
            folded: &why.folded,
            parts: &verdict.parts,
            nearly: why
                .nearly
                .iter()
                .map(|(rule, missing)| AnswerNearly { rule, missing })
                .collect(),
            words: why
                .words
                .iter()
                .map(|(word, weight)| AnswerWord { word, weight: *weight })
                .collect(),
        }),
    }
}

/// The answer for people: the hits with line and column, then the verdict.
fn told(post: &Post, verdict: &Verdict, why: Option<&Why>) -> String {
    let mut told = String::new();
    let mut line = |text: std::fmt::Arguments<'_>| {
        // writing to a String cannot fail
        told.write_fmt(text).and_then(|()| told.write_char('\n')).unwrap_or_default();
    };
    for hit in &verdict.hits {
        let place = match hit.field {
            Field::Text => place(&post.text, hit.start),
            Field::Title => format!("title:{}", hit.start + 1),
            Field::AuthorName => format!("name:{}", hit.start + 1),
            Field::AuthorHandle => format!("handle:{}", hit.start + 1),
            Field::AuthorBio => format!("bio:{}", hit.start + 1),
        };
        line(format_args!(
            "{}:{place}  {:<8} {}  {}",
            post.id.0,
            hit.sign,
            quoted(&hit.text),
            hit.rule
        ));
    }
    for part in &verdict.parts {
        line(format_args!("{:+6.2}  {}  ({})", part.weight, part.title, part.rule));
    }
    for event in &verdict.compliance {
        let unit = event.unit.as_deref().unwrap_or("?");
        let date = event.date.map_or_else(String::new, |date| format!(", {date}"));
        let signers = event.signers.map_or_else(String::new, |count| format!(", {count} peserta"));
        line(format_args!("kepatuhan: {} {unit}{date}{signers}", event.event.as_str()));
    }
    if verdict.hits.is_empty() {
        line(format_args!("{}: no sign", post.id.0));
    }
    let compared = if verdict.flagged { ">=" } else { "<" };
    let flag = if verdict.flagged { "FLAG" } else { "clean" };
    let (score, threshold, priority) =
        (verdict.score, verdict.threshold, verdict.priority.as_str());
    line(format_args!("score {score} {compared} {threshold}  {flag}  priority {priority}"));
    line(format_args!("{}", verdict.reason));
    if let Some(why) = why {
        line(format_args!("asn: {}", verdict.asn_evidence.as_str()));
        for at in &verdict.stages {
            line(format_args!("stage: {} {}, {}", at.election, at.stage, at.status.as_str()));
        }
        for row in &verdict.skb {
            let unchecked =
                if row.verified { "" } else { " (belum diperiksa terhadap naskah resmi)" };
            line(format_args!("skb {}: {}{unchecked}", row.row, row.text));
        }
        line(format_args!("folded: {}", why.folded.replace('\n', " / ")));
        for guard in &verdict.spared_by {
            let words = verdict.hits.iter().filter(|hit| hit.rule == *guard);
            let words: Vec<String> = words.map(|hit| quoted(&hit.text)).collect();
            let at = if words.is_empty() { "the post as a whole".into() } else { words.join(", ") };
            line(format_args!("spared by: {guard} at {at}"));
        }
        if !why.words.is_empty() {
            let word = |(word, weight): &(String, f64)| format!("{word} {weight:+.2}");
            let words: Vec<String> = why.words.iter().map(word).collect();
            line(format_args!("words: {}", words.join(", ")));
        }
        for (rule, missing) in &why.nearly {
            line(format_args!("nearly: {rule}, missing: {missing}"));
        }
    }
    told
}

/// Line and column of a character, both from 1.
fn place(text: &str, at: u32) -> String {
    let before: String = text.chars().take(at as usize).collect();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!("{line}:{column}")
}
/// Words between quotation marks as they were written, but nothing that could
/// steer a terminal: control characters are escaped.
fn quoted(words: &str) -> String {
    let mut quoted = String::with_capacity(words.len() + 2);
    quoted.push('"');
    for c in words.chars() {
        if c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        {
            quoted.extend(c.escape_unicode());
        } else {
            quoted.push(c);
        }
    }
    quoted.push('"');
    quoted
}
