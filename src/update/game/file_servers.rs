//! The servers that publish the files of a game: requests for its manifest and for its list of mirrors.

use std::sync::Arc;

use futures_util::future::join_all;

use super::list_version::ListVersion;
use crate::auth::target::LoginTarget;
use crate::base::base_url::BaseUrl;
use crate::base::failure::Failure;
use crate::config::api::Api;
use crate::context::Context;
use crate::failures;
use crate::games::{Build, GameId, GameProtocol, System, with_protocol};
use crate::http::Client;
use crate::manifest::{Manifest, MirrorAddress, NameRules};
use crate::protocol::Reply;
use crate::update::Mirror;

/// The maximum size of a manifest, in bytes.
const MAX_MANIFEST_SIZE: usize = 32 << 20;
/// The maximum size of a list of mirrors, in bytes.
const MAX_MIRRORS_SIZE: usize = 1 << 20;

/// A manifest as the servers publish it.
pub(super) struct PublishedManifest {
    pub(super) manifest: Arc<Manifest>,
    pub(super) version: ListVersion,
}

/// The servers that publish the files of a game.
pub(super) struct FileServers<'a> {
    context: &'a Context,
    game_id: GameId,
    api: Api,
    /// The build whose files are needed.
    build: Build,
}

impl<'a> FileServers<'a> {
    /// Returns the servers of a target's game, for the files of a system.
    pub(super) fn new(context: &'a Context, target: &LoginTarget, system: System) -> Self {
        Self {
            context,
            game_id: target.game_id,
            api: target.api(),
            build: Build::of(system),
        }
    }

    /// Returns the path of the manifest that a login reply names, if it is not the default.
    ///
    /// # Errors
    /// When it is not a path of a manifest.
    pub(super) fn other_manifest(&self, path: &str) -> Result<Option<String>, Failure> {
        let paths = |named| self.manifest_paths(self.build, named);
        let is_other = paths(Some(path))? != paths(None)?;
        Ok(is_other.then(|| path.to_owned()))
    }

    /// Returns the manifest of the build with its version, or of the 32-bit build when the makers publish no other. `named`
    /// is the manifest that a login reply named.
    ///
    /// # Errors
    /// When it cannot be fetched or is invalid.
    pub(super) async fn manifest(&self, named: Option<&str>) -> Result<PublishedManifest, Failure> {
        let origin = with_protocol!(self.game_id, Protocol => Protocol::MANIFEST_ORIGIN);
        let client = self.client(origin.unwrap_or(self.login_origin()))?;
        let mut build = self.build;
        let mut paths = self.manifest_paths(build, named)?;
        let mut replies = self.request_all(&client, &paths).await?;
        if let Some(narrower) = build.narrower()
            && replies.iter().any(|reply| reply.status == 404)
        {
            let others = self.manifest_paths(narrower, named)?;
            if others != paths {
                replies = self.request_all(&client, &others).await?;
                (build, paths) = (narrower, others);
            }
        }
        let bodies = replies.iter().map(|reply| self.content(reply));
        let bodies: Vec<&[u8]> = bodies.collect::<Result<_, _>>()?;
        let manifest = with_protocol!(self.game_id, Protocol => {
            Protocol::read_manifests(&bodies, build, NameRules::HERE)
        });
        let manifest = manifest.map_err(|error| self.invalid(&error))?;
        Ok(PublishedManifest {
            version: ListVersion::new(client.base_url(), &paths, &bodies),
            manifest: Arc::new(manifest),
        })
    }

    /// Returns the mirrors of the files, those of a login reply first. Called only when a file is outdated.
    ///
    /// # Errors
    /// When there is no mirror.
    pub(super) async fn mirrors(
        &self,
        from_login: &[MirrorAddress],
    ) -> Result<Vec<Mirror>, Failure> {
        let mut mirrors = from_login.to_vec();
        // Without a list, the default mirror is used.
        mirrors.extend(self.listed_mirrors().await.into_iter().flatten());
        let default = with_protocol!(self.game_id, Protocol => Protocol::default_mirror());
        mirrors.extend(default.and_then(|(origin, folder)| self.default_mirror(origin, folder)));
        let mirrors = self.allowed(mirrors)?;
        if mirrors.is_empty() {
            return Err(failures::update::no_mirror(self.game_id.game().name));
        }
        Ok(mirrors)
    }
}

impl FileServers<'_> {
    fn manifest_paths(&self, build: Build, named: Option<&str>) -> Result<Vec<String>, Failure> {
        let paths =
            with_protocol!(self.game_id, Protocol => Protocol::manifest_paths(build, named));
        paths.map_err(|error| self.invalid(&error))
    }

    /// Returns the mirrors that the game lists; `None` when it has no list or the list cannot be fetched.
    async fn listed_mirrors(&self) -> Option<Vec<MirrorAddress>> {
        let path = with_protocol!(self.game_id, Protocol => Protocol::MIRRORS_PATH)?;
        let client = self.client(self.login_origin()).ok()?;
        let reply = self.request(&client, path, MAX_MIRRORS_SIZE);
        let reply = reply.await.ok()?;
        self.content(&reply).ok()?;
        with_protocol!(self.game_id, Protocol => Protocol::read_mirrors(&reply)).ok()
    }

    /// Returns the origin of the selected interface.
    fn login_origin(&self) -> &'static str {
        self.game_id.game().api(self.api.interface).origin
    }

    /// Returns a client for an origin, or for the base URL that replaces it.
    fn client(&self, origin: &str) -> Result<Client, Failure> {
        let base_url = self.context.base_url(origin, &self.api)?;
        self.context.client(&base_url)
    }

    /// Returns the address of the default mirror, or its folder below the base URL that replaces all servers.
    fn default_mirror(&self, origin: &str, folder: &str) -> Option<MirrorAddress> {
        let base_url = self.context.base_url(origin, &self.api).ok()?;
        MirrorAddress::parse(&format!("{base_url}/{}", folder.trim_matches('/')), false)
    }

    /// Returns the mirrors that may be used, each once. With a base URL of the player's, the public mirrors are not.
    fn allowed(&self, addresses: Vec<MirrorAddress>) -> Result<Vec<Mirror>, Failure> {
        let mut mirrors: Vec<Mirror> = Vec::new();
        for address in addresses {
            if !self.is_allowed(&address.base_url) {
                let terminal = &self.context.terminal;
                terminal.detail(1, || "a mirror on another server is ignored".to_owned());
                continue;
            }
            if mirrors.iter().any(|mirror| mirror.address == address) {
                continue;
            }
            let client = self.context.client(&address.base_url)?;
            mirrors.push(Mirror { client, address });
        }
        Ok(mirrors)
    }

    fn is_allowed(&self, mirror: &BaseUrl) -> bool {
        let Some(base_url) = self.context.base_url_override(&self.api) else {
            return mirror.loopback_address().is_none();
        };
        match base_url.loopback_address() {
            Some(_) => mirror.loopback_address().is_some(),
            None => mirror.origin() == base_url.origin(),
        }
    }

    /// Requests the manifests at these paths.
    async fn request_all(&self, client: &Client, paths: &[String]) -> Result<Vec<Reply>, Failure> {
        let replies = paths
            .iter()
            .map(|path| self.request(client, path, MAX_MANIFEST_SIZE));
        join_all(replies).await.into_iter().collect()
    }

    /// Requests a manifest or a list of mirrors, of at most `max` bytes.
    async fn request(&self, client: &Client, path: &str, max: usize) -> Result<Reply, Failure> {
        let terminal = &self.context.terminal;
        terminal.detail(2, || format!("> GET {path}"));
        let reply = client.fetch(path, max).await;
        terminal.detail(1, || match &reply {
            Ok(reply) => format!(
                "{path}: HTTP {}, {} bytes",
                reply.status,
                reply.bytes().len()
            ),
            Err(error) => format!("{path}: {error}"),
        });
        reply.map_err(|error| failures::update::no_answer(&self.subject(), &error))
    }

    /// Returns the content of a reply.
    fn content<'r>(&self, reply: &'r Reply) -> Result<&'r [u8], Failure> {
        match reply.status {
            200 => Ok(reply.bytes()),
            _ => Err(failures::update::no_list(&self.subject(), reply)),
        }
    }

    fn subject(&self) -> String {
        format!("the list of files of {}", self.game_id.game().name)
    }

    fn invalid(&self, error: &crate::manifest::Error) -> Failure {
        failures::update::manifest(self.game_id.game().name, error)
    }
}
