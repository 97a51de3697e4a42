//! The games that know Supercell ID.

/// The environment that players play in.
pub const ENV: &str = "prod";

/// A game that is played on Android.
#[derive(Debug, PartialEq, Eq)]
pub struct Game {
    /// The name for people.
    pub name: &'static str,
    /// The name for the server.
    pub code: &'static str,
    /// The name for Android.
    pub package: &'static str,
    /// The name for the impatient.
    pub aliases: &'static [&'static str],
    /// What a player should know before choosing it.
    pub note: Option<&'static str>,
}

/// All of them; the first five are in the published document, the last was seen in clients since.
pub static GAMES: [Game; 6] = [
    Game {
        name: "Hay Day",
        code: "soil",
        package: "com.supercell.hayday",
        aliases: &["hd"],
        note: None,
    },
    Game {
        name: "Clash of Clans",
        code: "magic",
        package: "com.supercell.clashofclans",
        aliases: &["coc"],
        note: None,
    },
    Game {
        name: "Boom Beach",
        code: "reef",
        package: "com.supercell.boombeach",
        aliases: &["bb"],
        note: None,
    },
    Game {
        name: "Clash Royale",
        code: "scroll",
        package: "com.supercell.clashroyale",
        aliases: &["cr"],
        note: None,
    },
    Game {
        name: "Brawl Stars",
        code: "laser",
        package: "com.supercell.brawlstars",
        aliases: &["bs"],
        note: None,
    },
    Game {
        name: "Squad Busters",
        code: "squad",
        package: "com.supercell.squad",
        aliases: &["sb"],
        note: Some("Squad Busters is being closed by its makers; it may no longer let anybody in"),
    },
];

impl Game {
    /// What the server calls the game in its environment: `scroll-prod`.
    pub fn application(&self) -> String {
        format!("{}-{ENV}", self.code)
    }

    /// Everything that it is called by, the name that people use last.
    fn names(&self) -> impl Iterator<Item = &'static str> {
        self.aliases.iter().copied().chain([self.code, self.name])
    }
}

/// The game of a code, an alias or a name; case does not count, nor do spaces.
pub fn find(text: &str) -> Option<&'static Game> {
    let wanted = plain(text);
    GAMES
        .iter()
        .find(|game| game.names().any(|name| plain(name) == wanted))
}

fn plain(name: &str) -> String {
    name.chars()
        .filter(|character| !character.is_whitespace())
        .map(|character| character.to_ascii_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<&'static str> {
        find(text).map(|game| game.code)
    }

    #[test]
    fn a_game_is_found_by_code_alias_and_name() {
        for game in &GAMES {
            for name in game.names() {
                assert_eq!(code(name), Some(game.code), "{name}");
            }
        }
    }

    #[test]
    fn case_and_spaces_do_not_count() {
        for text in [
            "clash royale",
            "CLASHROYALE",
            " ClashRoyale ",
            "c l a s h\troyale",
            "CR",
            "Scroll",
        ] {
            assert_eq!(code(text), Some("scroll"), "{text}");
        }
    }

    #[test]
    fn anything_else_is_no_game() {
        for text in [
            "",
            " ",
            "clash",
            "clash royale 2",
            "com.supercell.hayday",
            "soil-prod",
            "ttr",
            "\0",
        ] {
            assert_eq!(code(text), None, "{text}");
        }
    }

    #[test]
    fn no_two_games_share_a_name() {
        let mut names: Vec<_> = GAMES.iter().flat_map(Game::names).map(plain).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    #[test]
    fn the_games_are_those_of_the_page() {
        let rows = GAMES
            .each_ref()
            .map(|game| (game.name, game.code, game.package, game.aliases.join(",")));
        let expected = [
            ("Hay Day", "soil", "com.supercell.hayday", "hd"),
            (
                "Clash of Clans",
                "magic",
                "com.supercell.clashofclans",
                "coc",
            ),
            ("Boom Beach", "reef", "com.supercell.boombeach", "bb"),
            ("Clash Royale", "scroll", "com.supercell.clashroyale", "cr"),
            ("Brawl Stars", "laser", "com.supercell.brawlstars", "bs"),
            ("Squad Busters", "squad", "com.supercell.squad", "sb"),
        ];
        assert_eq!(
            rows,
            expected.map(|(name, code, package, alias)| (name, code, package, alias.to_owned()))
        );
    }

    #[test]
    fn an_application_is_a_game_in_its_environment() {
        assert_eq!(
            find("cr").map(Game::application).as_deref(),
            Some("scroll-prod")
        );
    }

    #[test]
    fn only_the_game_that_closes_comes_with_a_note() {
        let noted: Vec<_> = GAMES
            .iter()
            .filter(|game| game.note.is_some())
            .map(|game| game.code)
            .collect();
        assert_eq!(noted, ["squad"]);
    }
}
