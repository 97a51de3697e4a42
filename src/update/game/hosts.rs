//! What a game's makers publish, and where: asked before any file is.

use std::cell::RefCell;

use super::failures;
use crate::auth::log_in::{untrusting, usual_root};
use crate::auth::target::LoginTarget;
use crate::base::failure::Failure;
use crate::context::Context;
use crate::games::{GameId, Interface, System, tlopo, ttcc, ttr};
use crate::http::{BaseUrl, Client};
use crate::manifest::{Manifest, MirrorAddress, Rules};
use crate::protocol::Reply;
use crate::update::Mirror;

/// The most that a list of files may hold.
const LARGEST_LIST: usize = 32 << 20;

/// Where the lists and the files of a game are asked for.
pub(crate) struct Hosts<'a> {
    context: &'a Context,
    game_id: GameId,
    /// In place of every host, when the player named one.
    named: Option<BaseUrl>,
    interface: Interface,
    /// Whose files they are.
    system: System,
    /// One way for each pool of connections that was needed so far.
    pools: RefCell<Vec<Client>>,
}

impl<'a> Hosts<'a> {
    /// Those of one who updates.
    pub(crate) fn of(context: &'a Context, target: &LoginTarget, root: Option<BaseUrl>) -> Self {
        let api = target.options.api.clone().unwrap_or_default();
        Self {
            context,
            game_id: target.game_id,
            named: root.or(api.url),
            interface: api.interface,
            system: System::HERE,
            pools: RefCell::default(),
        }
    }

    /// The same for the files of a system.
    pub(crate) fn on(self, system: System) -> Self {
        Self { system, ..self }
    }

    /// Where the list of files is that a login named; nothing where that is the `used` one.
    ///
    /// # Errors
    /// When it is no path of a list.
    pub(crate) fn other_list(
        &self,
        named: &str,
        used: Option<&str>,
    ) -> Result<Option<String>, Failure> {
        let used = used.unwrap_or(ttr::files::MANIFEST_PATH);
        let named = match self.game_id {
            GameId::Ttr => {
                ttr::files::manifest_path(named).map_err(|error| self.refused(&error))?
            }
            // Nothing but the system tells where their lists are.
            GameId::Tlopo | GameId::Ttcc => return Ok(None),
        };
        Ok((named != used).then_some(named))
    }

    /// What the files should be on this system; `path` is that of the list, when a login named one.
    ///
    /// # Errors
    /// When it cannot be asked for, is not understood, or names what no file may be called.
    pub(crate) async fn manifest(&self, path: Option<&str>) -> Result<Manifest, Failure> {
        let manifest = match self.game_id {
            GameId::Ttr => {
                let path = path.unwrap_or(ttr::files::MANIFEST_PATH);
                let path = ttr::files::manifest_path(path).map_err(|error| self.refused(&error))?;
                let list = self.fetch(&self.client(ttr::files::CDN)?, &path).await?;
                ttr::files::manifest(list.bytes(), self.system, Rules::HERE)
            }
            GameId::Tlopo => {
                let path = tlopo::files::manifest_path(self.system);
                let list = self.fetch(&self.client(tlopo::files::HOST)?, &path).await?;
                tlopo::files::manifest(list.bytes(), self.system, Rules::HERE)
            }
            GameId::Ttcc => {
                let host = self.client(self.host())?;
                let [one, two] = ttcc::files::Part::all(self.system);
                let (first, second) =
                    tokio::join!(self.fetch(&host, one.path()), self.fetch(&host, two.path()),);
                let (first, second) = (first?, second?);
                let lists = [(one, first.bytes()), (two, second.bytes())];
                ttcc::files::manifest(&lists, self.system, Rules::HERE)
            }
        };
        manifest.map_err(|error| self.refused(&error))
    }

    /// Where the files come from, asked only when there is something to fetch; `told` are those that a login named.
    ///
    /// # Errors
    /// When there are none.
    pub(crate) async fn sites(&self, told: &[MirrorAddress]) -> Result<Vec<Mirror>, Failure> {
        let mut mirrors = told.to_vec();
        match self.game_id {
            GameId::Ttr => {
                let www = self.client(self.host())?;
                let reply = self.fetch(&www, ttr::files::MIRRORS_PATH).await;
                // Without a list there still is the one that everybody knows.
                let listed = reply
                    .ok()
                    .and_then(|reply| ttr::files::mirrors(&reply).ok());
                mirrors.extend(listed.unwrap_or_default());
                mirrors.extend(self.usual(ttr::files::MIRROR, ttr::files::MIRROR_PATH));
            }
            GameId::Tlopo => {
                mirrors.extend(self.usual(tlopo::files::HOST, tlopo::files::folder(self.system)));
            }
            GameId::Ttcc => {}
        }
        let sites = self.ways(mirrors)?;
        if sites.is_empty() {
            return Err(failures::no_mirror(self.game_id.game().name));
        }
        Ok(sites)
    }
}

impl Hosts<'_> {
    /// Scheme and host of the interface that is followed.
    fn host(&self) -> &'static str {
        self.game_id.game().api(self.interface).host
    }

    /// The way to a host, or to what was named in its place.
    fn client(&self, host: &str) -> Result<Client, Failure> {
        let root = self.named.clone().map_or_else(|| usual_root(host), Ok)?;
        self.way(&root)
    }

    /// The way to a root, over connections that are there where that can be.
    fn way(&self, root: &BaseUrl) -> Result<Client, Failure> {
        let mut pools = self.pools.borrow_mut();
        if let Some(way) = pools.iter().find_map(|pool| pool.for_base_url(root)) {
            return Ok(way);
        }
        let first = Client::new(root.clone(), self.context.limits);
        let first = first.map_err(|why| untrusting(&why))?;
        pools.extend(first.for_base_url(root));
        Ok(first)
    }

    /// The mirror that everybody knows, or its stand-in.
    fn usual(&self, host: &str, folder: &str) -> Option<MirrorAddress> {
        let named = self.named.as_ref().map(ToString::to_string);
        let host = named.unwrap_or_else(|| host.to_owned());
        MirrorAddress::at(&format!("{host}/{}", folder.trim_matches('/')), false)
    }

    /// The ways to mirrors. Where a root was named, only what is on this machine, or at that root, is one: nothing is
    /// asked of the public ones then.
    fn ways(&self, mirrors: Vec<MirrorAddress>) -> Result<Vec<Mirror>, Failure> {
        let mut sites: Vec<Mirror> = Vec::new();
        for mirror in mirrors {
            let Ok(root) = mirror.base.parse::<BaseUrl>() else {
                let terminal = &self.context.terminal;
                terminal.detail(1, || "a mirror that is no https URL is left out".to_owned());
                continue;
            };
            if !self.may_ask(&root) {
                let terminal = &self.context.terminal;
                terminal.detail(1, || "a mirror somewhere else is left out".to_owned());
                continue;
            }
            if sites.iter().any(|site| site.address == mirror) {
                continue;
            }
            let client = self.way(&root)?;
            sites.push(Mirror {
                client,
                address: mirror,
            });
        }
        Ok(sites)
    }

    fn may_ask(&self, root: &BaseUrl) -> bool {
        let Some(named) = &self.named else {
            return root.loopback_address().is_none();
        };
        match named.loopback_address() {
            Some(_) => root.loopback_address().is_some(),
            None => root.origin() == named.origin(),
        }
    }

    /// A list, whole.
    async fn fetch(&self, client: &Client, path: &str) -> Result<Reply, Failure> {
        let terminal = &self.context.terminal;
        terminal.detail(2, || format!("> GET {path}"));
        let reply = client.fetch(path, LARGEST_LIST).await;
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
