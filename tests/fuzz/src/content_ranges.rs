//! Parsing any `Content-Range`: nothing panics, and a well-formed one is read as it was written.
//!
//! The input is the value of the header.

use playcookie::http::{range_length, range_offset};

pub(crate) fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let (offset, length) = (range_offset(text), range_length(text));
    assert!(
        text.trim().starts_with("bytes") || (offset, length) == (None, None),
        "{text:?}"
    );
    if let (Some(offset), Some(length)) = (offset, length) {
        let written = format!("bytes {offset}-{}/{length}", offset.saturating_add(1));
        assert_eq!(range_offset(&written), Some(offset), "{text:?}");
        assert_eq!(range_length(&written), Some(length), "{text:?}");
    }
}
