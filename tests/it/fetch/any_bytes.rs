//! Any bytes …

use proptest::prelude::*;

use super::*;

/// Pieces that feeds and pages are made of, in any order.
const PIECES: &str = "</?(rss|channel|item|title|link|description|author|dc:creator|feed|entry|content|name|p|b|a|div)( version='2.0'| href='/x')?/?>|<!\\[CDATA\\[|\\]\\]>|<!--|-->|&(amp|nbsp|#64|#0|#xD800|x)?;?|a@b\\.co|“|é|\u{0}|\u{E000}|\\{|\"|http://a\\.b/";

fn reads_without_panic(body: &[u8]) {
    let page = source(
        "[[page]]\nname = 'uji'\nurl = 'http://sumber.example/feed'\nitems = 'a'\ntext = 'p'",
    );
    for source in [feed(""), feed("article = 'p'\naccount = true"), page] {
        for asked in ["http://sumber.example/feed", "http://sumber.example/a"] {
            for content_type in ["text/xml", "text/html; charset=windows-1252"] {
                let _page = source.read(&answer(asked, content_type, body));
            }
        }
    }
}

proptest! {
    #[test]
    fn can_be_read_by_every_source(body in prop::collection::vec(any::<u8>(), 0..300)) {
        reads_without_panic(&body);
    }

    #[test]
    fn of_mark_up_can_be_read_by_every_source(pieces in prop::collection::vec(PIECES, 0..60)) {
        let body = pieces.concat();
        reads_without_panic(body.as_bytes());
        reads_without_panic(format!("<rss version='2.0'><channel><item>{body}</item></channel></rss>").as_bytes());
    }
}
