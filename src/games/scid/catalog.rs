//! The games that use Supercell ID.

/// The environment of the servers that people play on.
pub const ENV: &str = "prod";

/// A game for Android.
#[derive(Debug, PartialEq, Eq)]
pub struct AndroidGame {
    /// The full name.
    pub name: &'static str,
    /// The name in requests.
    pub code: &'static str,
    /// The Android package.
    pub package: &'static str,
    /// Abbreviations on the command line.
    pub aliases: &'static [&'static str],
    /// A note that is shown with the game.
    pub note: Option<&'static str>,
}

/// All games. The first five are in the published document; the last one was found in clients later.
pub static GAMES: [AndroidGame; 6] = [
    AndroidGame {
        name: "Hay Day",
        code: "soil",
        package: "com.supercell.hayday",
        aliases: &["hd"],
        note: None,
    },
    AndroidGame {
        name: "Clash of Clans",
        code: "magic",
        package: "com.supercell.clashofclans",
        aliases: &["coc"],
        note: None,
    },
    AndroidGame {
        name: "Boom Beach",
        code: "reef",
        package: "com.supercell.boombeach",
        aliases: &["bb"],
        note: None,
    },
    AndroidGame {
        name: "Clash Royale",
        code: "scroll",
        package: "com.supercell.clashroyale",
        aliases: &["cr"],
        note: None,
    },
    AndroidGame {
        name: "Brawl Stars",
        code: "laser",
        package: "com.supercell.brawlstars",
        aliases: &["bs"],
        note: None,
    },
    AndroidGame {
        name: "Squad Busters",
        code: "squad",
        package: "com.supercell.squad",
        aliases: &["sb"],
        note: Some("Squad Busters is being closed by its makers; it may no longer let anybody in"),
    },
];

impl AndroidGame {
    /// Returns the server's name for the game in its environment: `scroll-prod`.
    pub fn application(&self) -> String {
        format!("{}-{ENV}", self.code)
    }

    /// Returns all names by which the game is found.
    fn names(&self) -> impl Iterator<Item = &'static str> {
        self.aliases.iter().copied().chain([self.code, self.name])
    }
}

/// Finds a game by its code, an alias or its name, ignoring case and white space.
pub fn find(text: &str) -> Option<&'static AndroidGame> {
    let typed = plain(text);
    GAMES
        .iter()
        .find(|game| game.names().any(|name| plain(name) == typed))
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
    fn case_and_spaces_are_ignored() {
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
    fn other_texts_find_no_game() {
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
        let mut names: Vec<_> = GAMES
            .iter()
            .flat_map(AndroidGame::names)
            .map(plain)
            .collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    #[test]
    fn the_games_are_those_of_the_protocols_page() {
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
    fn an_application_is_a_code_with_the_environment() {
        assert_eq!(
            find("cr").map(AndroidGame::application).as_deref(),
            Some("scroll-prod")
        );
    }

    #[test]
    fn only_the_game_that_closes_has_a_note() {
        let noted: Vec<_> = GAMES
            .iter()
            .filter(|game| game.note.is_some())
            .map(|game| game.code)
            .collect();
        assert_eq!(noted, ["squad"]);
    }
}
