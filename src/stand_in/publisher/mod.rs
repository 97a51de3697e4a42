//! Publishes a small game: the manifests, mirrors and files of one title, as a static server does, with a conscience.

use std::time::Duration;

use bytes::{Bytes, BytesMut};

use super::delivery::Fault;
use super::release::Release;
use super::shelf::{Shelf, decoded};
use super::{Answer, Received, StandIn, tlopo, ttcc, ttr};

/// What each title publishes.
pub(super) const CATALOGS: [Catalog; 3] = [
    ttr::files::CATALOG,
    ttcc::files::CATALOG,
    tlopo::files::CATALOG,
];

/// What a title publishes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Catalog {
    /// What the paths of it begin with.
    pub(super) places: &'static [&'static str],
    /// All of a release.
    pub(super) shelf: fn(&Release) -> Shelf,
}

/// A server that publishes one title.
#[derive(Debug)]
pub(super) struct Publisher {
    catalog: Catalog,
    release: Release,
    /// What is published; packed when somebody asks, since most rehearsals download nothing.
    shelf: Option<Shelf>,
    fault: Fault,
    complaints: Vec<String>,
}

impl Publisher {
    /// A server that publishes a release, and does wrong as it is told.
    pub(super) fn new(catalog: Catalog, release: Release, fault: Fault) -> Self {
        Self {
            catalog,
            release,
            shelf: None,
            fault,
            complaints: Vec::new(),
        }
    }

    fn complain(&mut self, status: u16, what: &str) -> Answer {
        self.complaints.push(what.to_owned());
        Answer::error(status, what)
    }

    /// An answer as it goes out.
    fn spoiled(&mut self, mut answer: Answer) -> Answer {
        let Some(parcel) = answer.parcel.as_mut().filter(|parcel| parcel.is_file) else {
            return answer;
        };
        if let Some(left) = self
            .fault
            .corrupt
            .checked_sub(1)
            .filter(|_| !parcel.bytes.is_empty())
        {
            self.fault.corrupt = left;
            parcel.bytes = corrupted(&parcel.bytes);
        }
        answer.fault = self.fault;
        answer
    }
}

/// The same bytes but for the one in the middle.
fn corrupted(bytes: &[u8]) -> Bytes {
    let mut bytes = BytesMut::from(bytes);
    let middle = bytes.len() / 2;
    if let Some(byte) = bytes.get_mut(middle) {
        *byte ^= 0xff;
    }
    bytes.freeze()
}

/// What is wrong with a request for something that everybody may have.
fn flaw(request: &Received) -> Option<&'static str> {
    let path = decoded(&request.path).unwrap_or_default();
    let leads_elsewhere = |part: &str| matches!(part, "" | "." | "..");
    if request.method != "GET" {
        Some("something published was not asked for with GET")
    } else if !request.query.is_empty() || !request.fields.is_empty() {
        Some("something published was asked for with a query or a body")
    } else if !request.authorization.is_empty() {
        Some("a token was sent to where files are")
    } else if !request.path.is_ascii() || path.split('/').skip(1).any(leads_elsewhere) {
        Some("a path was not encoded, or led elsewhere")
    } else {
        (request.range.is_empty() && !request.if_range.is_empty())
            .then_some("an If-Range came without a Range")
    }
}

impl StandIn for Publisher {
    fn serves(&self, path: &str) -> bool {
        let places = self.catalog.places.iter();
        places.copied().any(|place| path.starts_with(place))
    }

    fn answer(&mut self, request: &Received, _: Duration) -> Answer {
        if let Some(wrong) = request.is_anonymous().or_else(|| flaw(request)) {
            return self.complain(400, wrong);
        }
        let stock = self.catalog.shelf;
        let published = self.shelf.get_or_insert_with(|| stock(&self.release));
        match published.answer(request) {
            Some(answer) => self.spoiled(answer),
            None => self.complain(404, "nothing of that name is published"),
        }
    }

    fn complaints(&self) -> &[String] {
        &self.complaints
    }
}

#[cfg(test)]
pub(super) mod tests;
