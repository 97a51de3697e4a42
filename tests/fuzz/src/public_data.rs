//! Reading arbitrary public data: nothing panics, and what is shown has no control characters.
//!
//! The first byte of an input selects the reader.

use playcookie::games::ttr::public::{doodles, field_offices, silly_meter};
use playcookie::games::{GameProtocol, tlopo, ttcc, ttr};
use playcookie::protocol::{Error, Login, Reply};
use serde::Serialize;

pub(crate) fn run(data: &[u8]) {
    let Some((kind, body)) = data.split_first() else {
        return;
    };
    let reply = Reply::new(200, body);
    match kind {
        b'0' => assert_plain(ttr::public::read_population(&reply)),
        b'1' => assert_plain(ttr::public::read_invasions(&reply)),
        b'2' => assert_plain(doodles::read(&reply)),
        b'3' => assert_plain(field_offices::read(&reply)),
        b'4' => assert_plain(silly_meter::read(&reply)),
        b'5' => assert_plain(ttcc::public::read_districts(&reply)),
        b'6' => assert_plain(tlopo::public::read_shards(&reply)),
        b'7' => status::<ttr::Ttr>(&reply),
        b'8' => status::<ttcc::Ttcc>(&reply),
        b'9' => status::<tlopo::Tlopo>(&reply),
        _ => {}
    }
}

fn status<P: GameProtocol>(reply: &Reply) {
    let status = <P as Login>::read_status(reply);
    assert_plain(status.map(|status| status.details));
}

fn assert_plain(data: Result<impl Serialize, Error>) {
    let Ok(data) = data else { return };
    let json = serde_json::to_value(data).expect("JSON");
    assert_texts(&json);
}

fn assert_texts(json: &serde_json::Value) {
    match json {
        serde_json::Value::String(text) => assert!(!text.contains(char::is_control), "{text:?}"),
        serde_json::Value::Array(items) => items.iter().for_each(assert_texts),
        serde_json::Value::Object(fields) => {
            for (name, value) in fields {
                assert!(!name.contains(char::is_control), "{name:?}");
                assert_texts(value);
            }
        }
        _ => {}
    }
}
