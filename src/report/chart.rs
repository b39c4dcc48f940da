//! Charts that survive a photocopier: hatching instead of colour, the figure on every bar.

use maud::{Markup, html};

use super::indonesian;

/// How a bar is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fill {
    /// Black.
    Solid,
    /// Slanted lines.
    Hatched,
    /// White with an outline.
    Empty,
}

/// A bar.
#[derive(Clone, Debug)]
pub(super) struct Bar {
    pub(super) label: String,
    pub(super) value: u64,
    pub(super) fill: Fill,
}

const WIDTH: u64 = 640;
const LABELS: u64 = 230;
const ROW: u64 = 26;

/// Horizontal bars. `id` is unique in the document; `told` says in words what is drawn.
pub(super) fn bars(id: &str, told: &str, bars: &[Bar]) -> Markup {
    let most = bars.iter().map(|bar| bar.value).max().unwrap_or_default().max(1);
    let room = WIDTH - LABELS - 70;
    let height = ROW * bars.len() as u64 + 8;
    html! {
        svg role="img" aria-labelledby=(format!("{id}-t")) viewBox=(format!("0 0 {WIDTH} {height}"))
            width=(WIDTH) height=(height) font-size="13" font-family="Arial, sans-serif" {
            title id=(format!("{id}-t")) { (told) }
            defs {
                pattern id=(format!("{id}-h")) width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                    rect width="6" height="6" fill="white" {}
                    line x1="0" y1="0" x2="0" y2="6" stroke="black" stroke-width="3" {}
                }
            }
            @for (bar, place) in bars.iter().zip(0..) {
                @let y = 4 + ROW * place;
                // a bar that counts something is never too short to see
                @let length = (bar.value * room / most).max(u64::from(bar.value > 0) * 2);
                text x=(LABELS - 8) y=(y + 16) text-anchor="end" { (shorten(&bar.label)) }
                rect x=(LABELS) y=(y + 2) width=(length) height=(ROW - 8) stroke="black" fill=(fill(id, bar.fill)) {}
                text x=(LABELS + length + 6) y=(y + 16) font-weight="bold" { (indonesian::count(bar.value)) }
            }
        }
    }
}

fn fill(id: &str, fill: Fill) -> String {
    match fill {
        Fill::Solid => "#333".into(),
        Fill::Hatched => format!("url(#{id}-h)"),
        Fill::Empty => "white".into(),
    }
}

/// A label that fits beside its bar; the table has it whole.
fn shorten(label: &str) -> String {
    if label.chars().count() <= 32 {
        return label.to_owned();
    }
    let start: String = label.chars().take(31).collect();
    format!("{start}…")
}
