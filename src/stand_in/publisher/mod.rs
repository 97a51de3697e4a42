//! Publishes a small game: the manifests, mirrors and files of one game.

use std::time::Duration;

use bytes::{Bytes, BytesMut};

use super::release::Release;
use super::response_body::Fault;
use super::static_site::{StaticSite, decoded};
use super::{ServerRequest, ServerResponse, StandIn, tlopo, ttcc, ttr};

/// What each game publishes.
pub(super) const CATALOGS: [Catalog; 3] = [
    ttr::files::CATALOG,
    ttcc::files::CATALOG,
    tlopo::files::CATALOG,
];

/// What a game publishes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Catalog {
    /// The prefixes of its paths.
    pub(super) prefixes: &'static [&'static str],
    /// Returns the files of a release.
    pub(super) site: fn(&Release) -> StaticSite,
}

/// A server that publishes one game.
#[derive(Debug)]
pub(super) struct Publisher {
    catalog: Catalog,
    release: Release,
    /// The published files; created for the first request, since most rehearsals download nothing.
    site: Option<StaticSite>,
    fault: Fault,
    violations: Vec<String>,
}

impl Publisher {
    /// Creates a server that publishes a release with the given faults.
    pub(super) fn new(catalog: Catalog, release: Release, fault: Fault) -> Self {
        Self {
            catalog,
            release,
            site: None,
            fault,
            violations: Vec::new(),
        }
    }

    fn reject(&mut self, status: u16, what: &str) -> ServerResponse {
        self.violations.push(what.to_owned());
        ServerResponse::error(status, what)
    }

    /// Adds the faults to a response.
    fn with_faults(&mut self, mut answer: ServerResponse) -> ServerResponse {
        let Some(content) = answer.content.as_mut().filter(|content| content.is_file) else {
            return answer;
        };
        if let Some(left) = self
            .fault
            .corrupt
            .checked_sub(1)
            .filter(|_| !content.bytes.is_empty())
        {
            self.fault.corrupt = left;
            content.bytes = corrupted(&content.bytes);
        }
        answer.fault = self.fault;
        answer
    }
}

/// Changes the byte in the middle.
fn corrupted(bytes: &[u8]) -> Bytes {
    let mut bytes = BytesMut::from(bytes);
    let middle = bytes.len() / 2;
    if let Some(byte) = bytes.get_mut(middle) {
        *byte ^= 0xff;
    }
    bytes.freeze()
}

/// Returns what is wrong with a request for a published file.
fn violation(request: &ServerRequest) -> Option<&'static str> {
    let path = decoded(&request.path).unwrap_or_default();
    let is_special = |part: &str| matches!(part, "" | "." | "..");
    if request.method != "GET" {
        Some("a published file was not requested with GET")
    } else if !request.query.is_empty() || !request.fields.is_empty() {
        Some("a published file was requested with a query or a body")
    } else if !request.authorization.is_empty() {
        Some("a token was sent to a download server")
    } else if !request.path.is_ascii() || path.split('/').skip(1).any(is_special) {
        Some("a path was not encoded, or had empty or dot segments")
    } else {
        (request.range.is_empty() && !request.if_range.is_empty())
            .then_some("If-Range was sent without Range")
    }
}

impl StandIn for Publisher {
    fn serves(&self, path: &str) -> bool {
        let prefixes = self.catalog.prefixes.iter();
        prefixes.copied().any(|prefix| path.starts_with(prefix))
    }

    fn answer(&mut self, request: &ServerRequest, _: Duration) -> ServerResponse {
        if let Some(wrong) = request
            .user_agent_violation()
            .or_else(|| violation(request))
        {
            return self.reject(400, wrong);
        }
        let create = self.catalog.site;
        let site = self.site.get_or_insert_with(|| create(&self.release));
        match site.answer(request) {
            Some(answer) => self.with_faults(answer),
            None => self.reject(404, "nothing is published at that path"),
        }
    }

    fn violations(&self) -> &[String] {
        &self.violations
    }
}

#[cfg(test)]
pub(super) mod tests;
