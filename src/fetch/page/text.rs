//! From HTML to the text a reader sees.

use scraper::{ElementRef, Node};

use super::tree::tree;

/// Elements whose content no reader sees, or is no part of the text.
const UNSEEN: &[&str] = &[
    "script", "style", "noscript", "template", "head", "iframe", "object", "svg", "math", "canvas",
    "audio", "video", "select", "textarea", "button",
];

/// Elements that are a paragraph of their own.
const BLOCK: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "html",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tr",
    "ul",
];

/// The text of a piece of HTML: what a reader sees, entities resolved,
/// paragraphs separated by blank lines. Text without mark-up keeps its lines.
/// Never fails; HTML that is nested beyond reason loses its tags only.
pub fn plain_text(html: &str) -> String {
    if !has_tag(html) && !html.contains('&') {
        return tidy_lines(html);
    }
    // Within `textarea` only entities mean something, and lines are kept.
    let lines = (!has_tag(html)).then(|| format!("<textarea>\n{html}</textarea>"));
    let Some(tree) = tree(lines.as_deref().unwrap_or(html)) else {
        return tidy_lines(&without_tags(html));
    };
    match lines {
        Some(_) => tidy_lines(&tree.root_element().text().collect::<String>()),
        None => element_text(tree.root_element()),
    }
}

/// The text of one element, as [`plain_text`] gives it.
pub fn element_text(element: ElementRef<'_>) -> String {
    let mut text = Writer::default();
    let end = element.id();
    let mut node = *element;
    loop {
        let unseen = text.enter(node.value());
        if let Some(child) = node.first_child().filter(|_| !unseen) {
            node = child;
            continue;
        }
        // Upwards without recursion: depth is the sender's choice.
        loop {
            text.leave(node.value());
            if node.id() == end {
                return text.finish();
            }
            if let Some(sibling) = node.next_sibling() {
                node = sibling;
                break;
            }
            let Some(parent) = node.parent() else { return text.finish() };
            node = parent;
        }
    }
}

#[derive(Default)]
struct Writer {
    text: String,
    /// What stands between the text so far and the next word.
    gap: Gap,
    preformatted: usize,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    Space,
    Line,
    Paragraph,
}

impl Writer {
    /// Writes the beginning of a node; gives whether its content is not seen.
    fn enter(&mut self, node: &Node) -> bool {
        match node {
            Node::Text(text) if self.preformatted > 0 => self.lines(text),
            Node::Text(text) => self.words(text),
            Node::Element(element) => {
                let name = element.name();
                match name {
                    "br" => self.widen(Gap::Line),
                    "td" | "th" => self.widen(Gap::Space),
                    "pre" => self.preformatted += 1,
                    "img" => self.emoji(element.attr("alt")),
                    _ => {}
                }
                if BLOCK.contains(&name) {
                    self.widen(Gap::Paragraph);
                }
                return UNSEEN.contains(&name);
            }
            _ => {}
        }
        false
    }

    fn leave(&mut self, node: &Node) {
        let Node::Element(element) = node else { return };
        if element.name() == "pre" {
            self.preformatted -= 1;
        }
        if BLOCK.contains(&element.name()) {
            self.widen(Gap::Paragraph);
        }
    }

    fn widen(&mut self, gap: Gap) {
        self.gap = self.gap.max(gap);
    }

    fn words(&mut self, text: &str) {
        if text.starts_with(is_blank) {
            self.widen(Gap::Space);
        }
        for word in text.split(is_blank).filter(|word| !word.is_empty()) {
            self.write(word);
            self.widen(Gap::Space);
        }
        if !text.ends_with(is_blank) && self.gap == Gap::Space && !text.is_empty() {
            self.gap = Gap::None;
        }
    }

    fn lines(&mut self, text: &str) {
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                self.widen(Gap::Line);
            }
            if !line.trim().is_empty() {
                self.write(line.trim_end());
            }
        }
    }

    /// A picture that stands for a character is that character: signs of the
    /// hand are words here.
    fn emoji(&mut self, alt: Option<&str>) {
        let Some(alt) = alt.map(str::trim).filter(|alt| !alt.is_empty()) else { return };
        if alt.chars().count() <= 8 && !alt.chars().any(char::is_alphabetic) {
            self.write(alt);
        }
    }

    fn write(&mut self, words: &str) {
        if !self.text.is_empty() {
            self.text.push_str(match self.gap {
                Gap::None => "",
                Gap::Space => " ",
                Gap::Line => "\n",
                Gap::Paragraph => "\n\n",
            });
        }
        self.gap = Gap::None;
        self.text.push_str(words);
    }

    fn finish(self) -> String {
        self.text
    }
}

/// HTML's white space, and the space that does not break.
fn is_blank(letter: char) -> bool {
    matches!(letter, ' ' | '\t' | '\n' | '\r' | '\u{c}' | '\u{a0}')
}

/// Whether there is something that a parser would take for a tag.
fn has_tag(html: &str) -> bool {
    html.as_bytes()
        .windows(2)
        .any(|pair| pair[0] == b'<' && (pair[1].is_ascii_alphabetic() || b"/!?".contains(&pair[1])))
}

/// Lines without blanks at their ends, and no more than one blank line between two.
fn tidy_lines(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut blank = false;
    for line in text.lines().map(|line| line.trim_matches(is_blank)) {
        if line.is_empty() {
            blank = true;
            continue;
        }
        if !tidy.is_empty() {
            tidy.push_str(if blank { "\n\n" } else { "\n" });
        }
        blank = false;
        tidy.extend(line.chars().map(|letter| if letter == '\u{a0}' { ' ' } else { letter }));
    }
    tidy
}

fn without_tags(html: &str) -> String {
    let mut text = String::new();
    for (index, piece) in html.split('<').enumerate() {
        let rest = piece.split_once('>').map_or("", |(_, rest)| rest);
        text.push_str(if index == 0 { piece } else { rest });
        text.push(' ');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_sees_paragraphs_lines_and_words() {
        for (html, expected) in [
            ("<p>Satu  dua\n tiga</p><p>empat</p>", "Satu dua tiga\n\nempat"),
            ("satu<br>dua<br/>tiga", "satu\ndua\ntiga"),
            ("<div><div>a</div></div><div>b</div>", "a\n\nb"),
            ("<b>net</b>ral <i>itu</i>, ya", "netral itu, ya"),
            ("ASN &amp; PPNPN &ldquo;netral&rdquo;", "ASN & PPNPN “netral”"),
            ("<ul><li>a<li>b</ul>", "a\n\nb"),
            ("<script>x()</script>a<style>p{}</style>", "a"),
            ("a&nbsp;b", "a b"),
            ("<p>a&nbsp;b</p>", "a b"),
            ("baris satu\nbaris dua\n\n\n\nbaris tiga ", "baris satu\nbaris dua\n\nbaris tiga"),
            ("1 < 2 dan 3 > 2", "1 < 2 dan 3 > 2"),
            (
                "<p>dukung <img class=emoji alt=\"☝️\"> ya<img alt=\"Foto kegiatan\"></p>",
                "dukung ☝️ ya",
            ),
            ("<pre>a\n  b</pre>", "a\n  b"),
            ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
            ("", ""),
        ] {
            assert_eq!(plain_text(html), expected, "{html}");
        }
    }

    #[test]
    fn deep_html_keeps_its_words() {
        let html = format!("{}netral{}", "<div>".repeat(50_000), "</div>".repeat(50_000));
        assert_eq!(plain_text(&html).trim(), "netral");
    }

    proptest::proptest! {
        #[test]
        fn any_text_can_be_read(html in "\\PC{0,200}") {
            let _text = plain_text(&html);
        }

        #[test]
        fn any_heap_of_tags_can_be_read(
            tags in proptest::collection::vec("</?(p|div|table|td|b|a|svg|select|pre|template)( x=1)?>|a&|<!--|-->", 0..80)
        ) {
            let _text = plain_text(&tags.concat());
        }
    }
}
