use super::*;
use crate::base::failure::Failure;

fn status(game: &'static str, name: &'static str, failure: Option<Failure>) -> GameStatus {
    let is_open = failure.is_none();
    let is_closed = failure.as_ref().map(|failure| failure.reason) == Some(Reason::Closed);
    GameStatus {
        game,
        name,
        open: (is_open || is_closed).then_some(is_open),
        words: is_closed.then(|| "Back at noon.".to_owned()),
        failure,
        population: is_open.then_some(2146),
        districts_online: is_open.then_some(14),
        districts: is_open.then_some(15),
        invasions: is_open.then(Vec::new),
        as_of: is_open.then_some(0),
        age_seconds: is_open.then_some(34),
        details: None,
    }
}

fn status_table() -> StatusTable {
    let closed = Failure::new(Reason::Closed, "It is closed.", "Wait.");
    let lost = Failure::new(
        Reason::Network,
        "The Legend of Pirates Online cannot be asked at https://api.tlopo.com: no connection",
        "check it",
    );
    StatusTable {
        games: vec![
            status("ttr", "Toontown Rewritten", None),
            status("ttcc", "Toontown: Corporate Clash", Some(closed)),
            status("tlopo", "The Legend of Pirates Online", Some(lost)),
        ],
    }
}

#[test]
fn a_row_says_how_a_game_is_and_the_line_below_it_why() {
    let expected = "\
GAME                          STATE        PLAYERS  DISTRICTS  INVASIONS  AGE
Toontown Rewritten            open            2146   14 of 15          0  34 s
Toontown: Corporate Clash     closed             ?          ?          ?  ?
  \"Back at noon.\"
The Legend of Pirates Online  unreachable        ?          ?          ?  ?
  The Legend of Pirates Online cannot be asked at https://api.tlopo.com: no connection
  hint: check it
";
    assert_eq!(draw(&status_table(), None, false), expected);
}

#[test]
fn a_narrow_terminal_reads_the_words_of_the_command_line_and_more_lines() {
    for width in [100, 80, 70, 60, 40, 10] {
        let text = draw(&status_table(), Some(width), false);
        let widest = text.lines().map(table::width).max();
        assert!(
            widest.is_some_and(|widest| widest <= width.max(NARROWEST + INDENT.len())),
            "{width}: {text}"
        );
        assert!(text.contains("connection") || width < 20, "{text}");
        let numbers = text.contains("INVASIONS") && text.contains(" 2146 ");
        assert!(numbers || width < 40, "{text}");
    }
    let narrow = draw(&status_table(), Some(60), false);
    assert!(
        narrow.contains("\ntlopo  unreachable") && narrow.contains("no connection\n"),
        "{narrow}"
    );
}

#[test]
fn colours_are_there_only_where_they_are_wanted() {
    assert!(!draw(&status_table(), Some(80), false).contains('\u{1b}'));
    for (width, lost) in [
        (None, "\n\u{1b}[2mThe Legend"),
        (Some(60), "\n\u{1b}[2mtlopo"),
    ] {
        let coloured = draw(&status_table(), width, true);
        for part in [
            "  \u{1b}[32mopen\u{1b}[0m ",
            "  \u{1b}[31mclosed\u{1b}[0m ",
            "\u{1b}[1mGAME",
            lost,
        ] {
            assert!(coloured.contains(part), "{part:?}: {coloured:?}");
        }
    }
}

#[test]
fn what_is_not_known_is_a_question_mark() {
    let mut unknown = status("ttr", "Toontown Rewritten", None);
    unknown.districts_online = None;
    assert_eq!(cells(&unknown, "ttr")[3], "? of 15");
    unknown.districts = None;
    unknown.age_seconds = Some(0);
    let cells = cells(&unknown, "ttr");
    assert_eq!((cells[3].as_str(), cells[5].as_str()), ("?", "now"));
}
