//! The requests for a game's manifest and for its list of mirrors.

use std::cell::RefCell;

use super::failures;
use crate::auth::failures::{bad_host, no_roots};
use crate::auth::target::LoginTarget;
use crate::base::failure::Failure;
use crate::context::Context;
use crate::games::{GameId, Interface, System, tlopo, ttcc, ttr};
use crate::http::{BaseUrl, Client};
use crate::manifest::{Manifest, MirrorAddress, NameRules};
use crate::protocol::Reply;
use crate::update::Mirror;

/// The maximum size of a manifest, in bytes.
const MAX_MANIFEST_SIZE: usize = 32 << 20;

/// The servers that publish the files of a game.
pub(super) struct Hosts<'a> {
    context: &'a Context,
    game_id: GameId,
    /// Replaces all servers; from `--api` or the configuration.
    base_url: Option<BaseUrl>,
    interface: Interface,
    /// The system whose files are needed.
    system: System,
    /// One client for each connection pool.
    pools: RefCell<Vec<Client>>,
}

impl<'a> Hosts<'a> {
    /// Returns the servers of a target's game, for the files of a system.
    pub(super) fn new(context: &'a Context, target: &LoginTarget, system: System) -> Self {
        Self {
            context,
            game_id: target.game_id,
            base_url: target.base_url_override(context),
            interface: target.interface(),
            system,
            pools: RefCell::default(),
        }
    }

    /// Returns the path of the manifest that a login reply names, if it is not the default.
    ///
    /// # Errors
    /// When it is not a path of a manifest.
    pub(super) fn other_list(&self, path: &str) -> Result<Option<String>, Failure> {
        let path = match self.game_id {
            GameId::Ttr => ttr::files::manifest_path(path).map_err(|error| self.refused(&error))?,
            // Their manifests depend on the system only.
            GameId::Tlopo | GameId::Ttcc => return Ok(None),
        };
        Ok((path != ttr::files::MANIFEST_PATH).then_some(path))
    }

    /// Returns the manifest for this system. `path` is the manifest that a login reply named.
    ///
    /// # Errors
    /// When it cannot be fetched or is invalid.
    pub(super) async fn manifest(&self, path: Option<&str>) -> Result<Manifest, Failure> {
        let manifest = match self.game_id {
            GameId::Ttr => {
                let path = path.unwrap_or(ttr::files::MANIFEST_PATH);
                let path = ttr::files::manifest_path(path).map_err(|error| self.refused(&error))?;
                let list = self.fetch(&self.client(ttr::files::CDN)?, &path).await?;
                ttr::files::manifest(list.bytes(), self.system, NameRules::HERE)
            }
            GameId::Tlopo => {
                let path = tlopo::files::manifest_path(self.system);
                let list = self
                    .fetch(&self.client(tlopo::files::ORIGIN)?, &path)
                    .await?;
                tlopo::files::manifest(list.bytes(), self.system, NameRules::HERE)
            }
            GameId::Ttcc => {
                let host = self.client(self.host())?;
                let [one, two] = ttcc::files::ManifestPart::all(self.system);
                let (first, second) =
                    tokio::join!(self.fetch(&host, one.path()), self.fetch(&host, two.path()),);
                let (first, second) = (first?, second?);
                let lists = [(one, first.bytes()), (two, second.bytes())];
                ttcc::files::manifest(&lists, self.system, NameRules::HERE)
            }
        };
        manifest.map_err(|error| self.refused(&error))
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
        match self.game_id {
            GameId::Ttr => {
                let www = self.client(self.host())?;
                let reply = self.fetch(&www, ttr::files::MIRRORS_PATH).await;
                // Without a list, the default mirror is used.
                let listed = reply
                    .ok()
                    .and_then(|reply| ttr::files::mirrors(&reply).ok());
                mirrors.extend(listed.unwrap_or_default());
                mirrors.extend(
                    self.default_mirror(
                        ttr::files::DEFAULT_MIRROR,
                        ttr::files::DEFAULT_MIRROR_PATH,
                    ),
                );
            }
            GameId::Tlopo => {
                mirrors.extend(
                    self.default_mirror(tlopo::files::ORIGIN, tlopo::files::directory(self.system)),
                );
            }
            GameId::Ttcc => {}
        }
        let mirrors = self.allowed(mirrors)?;
        if mirrors.is_empty() {
            return Err(failures::no_mirror(self.game_id.game().name));
        }
        Ok(mirrors)
    }
}

impl Hosts<'_> {
    /// Returns the origin of the selected interface.
    fn host(&self) -> &'static str {
        self.game_id.game().api(self.interface).origin
    }

    /// Returns a client for an origin, or for the base URL that replaces it.
    fn client(&self, origin: &str) -> Result<Client, Failure> {
        let base_url = match &self.base_url {
            Some(base_url) => base_url.clone(),
            None => origin.parse().map_err(|error| bad_host(origin, error))?,
        };
        self.client_for(&base_url)
    }

    /// Returns a client for a base URL that shares the existing connections where possible.
    fn client_for(&self, base_url: &BaseUrl) -> Result<Client, Failure> {
        let mut pools = self.pools.borrow_mut();
        if let Some(client) = pools.iter().find_map(|pool| pool.for_base_url(base_url)) {
            return Ok(client);
        }
        let client = Client::new(base_url.clone(), self.context.limits);
        let client = client.map_err(|error| no_roots(&error))?;
        pools.extend(client.for_base_url(base_url));
        Ok(client)
    }

    /// Returns the address of the default mirror, or its folder below the base URL that replaces all servers.
    fn default_mirror(&self, origin: &str, folder: &str) -> Option<MirrorAddress> {
        let base_url = self.base_url.as_ref().map(ToString::to_string);
        let base_url = base_url.unwrap_or_else(|| origin.to_owned());
        MirrorAddress::parse(&format!("{base_url}/{}", folder.trim_matches('/')), false)
    }

    /// Returns the mirrors that may be used, each once. With a base URL of the player's, the public mirrors are not.
    fn allowed(&self, addresses: Vec<MirrorAddress>) -> Result<Vec<Mirror>, Failure> {
        let mut mirrors: Vec<Mirror> = Vec::new();
        for address in addresses {
            let Ok(base_url) = address.base.parse::<BaseUrl>() else {
                let terminal = &self.context.terminal;
                terminal.detail(1, || "a mirror without an https URL is ignored".to_owned());
                continue;
            };
            if !self.is_allowed(&base_url) {
                let terminal = &self.context.terminal;
                terminal.detail(1, || "a mirror on another server is ignored".to_owned());
                continue;
            }
            if mirrors.iter().any(|mirror| mirror.address == address) {
                continue;
            }
            let client = self.client_for(&base_url)?;
            mirrors.push(Mirror { client, address });
        }
        Ok(mirrors)
    }

    fn is_allowed(&self, mirror: &BaseUrl) -> bool {
        let Some(base_url) = &self.base_url else {
            return mirror.loopback_address().is_none();
        };
        match base_url.loopback_address() {
            Some(_) => mirror.loopback_address().is_some(),
            None => mirror.origin() == base_url.origin(),
        }
    }

    /// Fetches a manifest or a list of mirrors.
    async fn fetch(&self, client: &Client, path: &str) -> Result<Reply, Failure> {
        let terminal = &self.context.terminal;
        terminal.detail(2, || format!("> GET {path}"));
        let reply = client.fetch(path, MAX_MANIFEST_SIZE).await;
        terminal.detail(1, || match &reply {
            Ok(reply) => format!(
                "{path}: HTTP {}, {} bytes",
                reply.status,
                reply.bytes().len()
            ),
            Err(error) => format!("{path}: {error}"),
        });
        let name = self.game_id.game().name;
        let what = format!("the list of files of {name}");
        let reply = reply.map_err(|error| failures::no_answer(&what, &error))?;
        match reply.status {
            200 => Ok(reply),
            _ => Err(failures::no_list(&what, &reply)),
        }
    }

    fn refused(&self, error: &crate::manifest::Error) -> Failure {
        failures::manifest(self.game_id.game().name, error)
    }
}
