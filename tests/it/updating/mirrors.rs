//! Several mirrors: one is used when another fails, and some are never used.

use serde_json::json;

use super::game;
use crate::harness::installation::Installation;
use crate::harness::mirror::Mirror;
use crate::harness::publisher::{MIRRORS, packed};
use crate::harness::serving::Serving;

#[test]
fn the_second_mirror_is_used_when_the_first_fails() {
    for serving in [
        Serving::status(404),
        Serving::status(403),
        Serving::status(500),
        Serving::later(429, 3600),
        Serving::Flipped(9),
        Serving::html(),
        Serving::Cut(0),
    ] {
        let (publisher, installation) = (game(), Installation::new());
        let second = Mirror::new();
        for name in publisher.contents().keys() {
            let path = publisher.path(name);
            publisher.mirror.always(&path, serving.clone());
            let content = packed(&publisher.contents()[name]);
            second.put(&path.replace("/patches/", "/other/"), content);
        }
        let mirrors = [&publisher.mirror, &second].map(Mirror::root);
        let list = format!(r#"["{}/patches/","{}/other"]"#, mirrors[0], mirrors[1]);
        publisher.mirror.put(MIRRORS, list);
        installation.update(&publisher, &[]).run().exits(0);
        installation.is_whole(&publisher);
        assert_eq!(second.take().len(), 4, "{serving:?}");
    }
}

/// When the base URL is on this machine, only mirrors on this machine are used.
#[test]
fn untrusted_mirrors_are_not_used() {
    let (publisher, installation) = (game(), Installation::new());
    let secret = Mirror::new();
    let mut mirrors = vec![
        "file:///etc/".to_owned(),
        "ftp://127.0.0.1/".to_owned(),
        "http://192.0.2.1:9/patches/".to_owned(),
        "https://192.0.2.1:9/patches/".to_owned(),
        format!("{}/?x", secret.root()),
        format!("{}/#x", secret.root()),
        secret.root().replace("http://", "http://me:pw@"),
        secret.root().replace("http://", "http://me@"),
    ];
    let outside = outer_address().map(Mirror::on);
    if let Some(outside) = &outside {
        mirrors.push(format!("{}/patches/", outside.root()));
        mirrors.push(outside.root().replace("http:", "https:"));
    }
    publisher.mirror.put(MIRRORS, json!(mirrors).to_string());
    installation.update(&publisher, &["-vv"]).run().exits(0);
    installation.is_whole(&publisher);
    for mirror in outside.iter().chain([&secret]) {
        assert_eq!(mirror.connections(), 0);
    }
}

/// Returns an address of this machine other than loopback, if it has one. Sends nothing.
fn outer_address() -> Option<std::net::IpAddr> {
    let socket = std::net::UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback() && !address.is_unspecified()).then_some(address)
}
