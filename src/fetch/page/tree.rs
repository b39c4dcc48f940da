//! From HTML to a tree, within bounds.
//!
//! The HTML parser takes time that grows with the square of the nesting depth,
//! and with the square of the attributes of one tag. It has no bounds of its
//! own, and what it will make of a text is known to nobody else; so it is fed
//! piece by piece, and stopped when what it has built is no page any more.

use std::cell::Cell;

use html5ever::TokenizerResult;
use html5ever::tokenizer::{
    BufferQueue, ParseError, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink};
use scraper::{Html, HtmlTreeSink};

/// Deeper nesting is no article; real pages stay below 100.
const MAX_DEPTH: usize = 512;
/// A tag or comment with more blanks, `/` and `=` than this is no article's.
const MAX_MARKS: usize = 20_000;
/// More HTML than this is no article.
const MAX_HTML_BYTES: usize = 4 * 1024 * 1024;
/// How much is parsed between two looks at the tree.
const PIECE_BYTES: usize = 2_048;

type Handle = <HtmlTreeSink as TreeSink>::Handle;
type Builder = TreeBuilder<Handle, HtmlTreeSink>;

/// The tree of this HTML; none if it is no page that anybody could read.
pub(super) fn tree(html: &str) -> Option<Html> {
    if html.len() > MAX_HTML_BYTES {
        return None;
    }
    let sink = HtmlTreeSink::new(Html::new_document());
    let builder = TreeBuilder::new(sink, TreeBuilderOpts::default());
    let counted = Counted { builder, tokens: Cell::new(0) };
    let tokenizer = Tokenizer::new(counted, TokenizerOpts::default());
    let input = BufferQueue::default();
    let (mut seen, mut tokens, mut marks) = (0, 0, 0);
    for piece in pieces(html) {
        input.push_back(piece.into());
        while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
        marks = if tokenizer.sink.tokens.get() == tokens { marks + marks_in(piece) } else { 0 };
        tokens = tokenizer.sink.tokens.get();
        let html = tokenizer.sink.builder.sink.0.borrow();
        let nodes = html.tree.nodes();
        let new = nodes.len() - seen;
        seen = nodes.len();
        let is_deep = nodes.rev().take(new).any(|node| node.ancestors().nth(MAX_DEPTH).is_some());
        if is_deep || marks > MAX_MARKS {
            return None;
        }
    }
    tokenizer.end();
    Some(tokenizer.sink.builder.sink.finish())
}

/// The builder, and how many tokens it was given: while a tag or comment goes
/// on, none is.
struct Counted {
    builder: Builder,
    tokens: Cell<usize>,
}

impl TokenSink for Counted {
    type Handle = Handle;

    fn process_token(&self, token: Token, line_number: u64) -> TokenSinkResult<Handle> {
        if !matches!(token, ParseError(_)) {
            self.tokens.set(self.tokens.get() + 1);
        }
        self.builder.process_token(token, line_number)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// The text in pieces of about [`PIECE_BYTES`], cut between characters.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = rest.ceil_char_boundary(PIECE_BYTES);
        let (piece, after) = rest.split_at(end);
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}

/// At least as many as attributes begin in this piece of a tag.
fn marks_in(piece: &str) -> usize {
    let is_mark = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'=');
    piece.bytes().filter(is_mark).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_becomes_a_tree_whatever_its_length() {
        let html = "<!doctype html><title>é</title><p>satu <b>dua</b></p>".repeat(500);
        let tree = tree(&html).unwrap();
        assert_eq!(tree.tree, Html::parse_document(&html).tree);
    }

    #[test]
    fn what_would_take_forever_is_given_up() {
        for html in [
            "<div>",
            "<ul><li>",
            "<b id=1>",
            "<table><tr><td>",
            "<div a='</div>'>",
            "<div><!-- > </div>-->",
            "<div><script><!--<script></script></div></script>",
            "<svg><desc><path/>",
            "<optgroup>",
            "<div></body><!--x-->",
        ] {
            assert!(tree(&html.repeat(20_000)).is_none(), "{html}");
        }
    }

    #[test]
    fn a_tag_of_countless_attributes_is_given_up() {
        let attributes = |join: &str| {
            let names: Vec<String> = (0..30_000).map(|number| format!("a{number}")).collect();
            format!("<p {}>x", names.join(join))
        };
        for join in [" ", "/", "=\"\"", "=1\n"] {
            assert!(tree(&attributes(join)).is_none(), "{join:?}");
        }
    }

    #[test]
    fn a_long_picture_within_an_attribute_is_not() {
        let html = format!("<p>satu<img src='data:image/png;base64,{}'>", "QUJD".repeat(200_000));
        assert!(tree(&html).is_some());
    }
}
