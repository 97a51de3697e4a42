//! Reading what a pinentry sends: nothing panics, data is never longer than its line, and every text that a command carries
//! is read back unless it was cut.

use playcookie::launch::prompt_program::assuan::{MAX_LINE, ReplyLine, command};

pub(crate) fn run(data: &[u8]) {
    for line in data.split(|byte| *byte == b'\n') {
        if let Some(ReplyLine::Data(decoded)) = ReplyLine::read(line) {
            assert!(decoded.len() <= line.len());
        }
    }
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let sent = command("D", text);
    assert!(sent.len() <= MAX_LINE, "{sent:?}");
    let line = sent.strip_suffix('\n').expect("one line end");
    assert!(!line.contains(['\r', '\n']), "{line:?}");
    let Some(ReplyLine::Data(decoded)) = ReplyLine::read(line.as_bytes()) else {
        panic!("{line:?} is not read");
    };
    let start = decoded.strip_suffix("…".as_bytes());
    let is_cut = start.is_some_and(|start| data.starts_with(start));
    assert!(is_cut || *decoded == *data, "{text:?}");
}
