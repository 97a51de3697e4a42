//! Tags and pids, with the samples of the protocol's page.

use proptest::prelude::*;

use super::*;

/// Pids and their tags.
const SAMPLES: [(&str, &str); 4] = [
    ("0-1", "#2PP"),
    ("12-3456789", "#GYQYR9JU"),
    ("14-961148", "#8PRLVC0J"),
    ("31-4546447", "#C0G20PR2"),
];

fn tag(text: &str) -> Result<Tag, TagError> {
    text.parse()
}

fn pid(text: &str) -> Result<Pid, TagError> {
    text.parse()
}

#[test]
fn a_pid_and_its_tag_are_converted_to_each_other() {
    for (known, shown) in SAMPLES {
        assert_eq!(
            pid(known).map(|pid| pid.tag().to_string()).as_deref(),
            Ok(shown)
        );
        assert_eq!(
            tag(shown).map(|tag| tag.pid().to_string()).as_deref(),
            Ok(known)
        );
    }
}

#[test]
fn a_tag_may_be_lower_case_without_a_hash_and_with_an_o() {
    for typed in [
        "#8PRLVC0J",
        "8prlvc0j",
        "#8prlvcoj",
        "8PRLVCOJ",
        " #8PRLVC0J\n",
    ] {
        assert_eq!(tag(typed), tag("#8PRLVC0J"), "{typed}");
    }
}

#[test]
fn leading_zeros_are_ignored() {
    assert_eq!(tag("#02PP"), tag("#2PP"));
    assert_eq!(pid("00-01"), pid("0-1"));
    assert_eq!(
        pid("0-0").map(|pid| pid.tag().to_string()).as_deref(),
        Ok("#0")
    );
}

#[test]
fn a_text_with_a_hyphen_is_a_pid_and_any_other_a_tag() {
    assert_eq!(Tag::from_tag_or_pid("14-961148"), tag("#8PRLVC0J"));
    assert_eq!(Tag::from_tag_or_pid("8PRLVC0J"), tag("#8PRLVC0J"));
    assert_eq!(
        Tag::from_tag_or_pid("#8P-LVC0J"),
        Err(TagError::NotTwoNumbers)
    );
}

#[test]
fn an_empty_text_is_no_tag_and_no_pid() {
    for text in ["", "#", " ", " # "] {
        assert_eq!(tag(text), Err(TagError::Empty), "{text}");
    }
    assert_eq!(pid(" "), Err(TagError::Empty));
}

#[test]
fn an_invalid_digit_is_refused() {
    for text in [
        "#8PRLVC1J",
        "ABC",
        "8PR LVC",
        "##2PP",
        "2PP#",
        "#２PP",
        "\u{1b}[2J",
        "ſ",
        "é",
    ] {
        assert_eq!(tag(text), Err(TagError::InvalidDigit), "{text}");
    }
}

#[test]
fn a_tag_beyond_sixty_four_bits_is_refused() {
    let largest = Pid::new(255, u64::MAX / 256).map(|pid| pid.tag().to_string());
    assert_eq!(tag(&largest.expect("a pid")).map(|tag| tag.0), Ok(u64::MAX));
    assert_eq!(tag(&"V".repeat(17)), Err(TagError::TooLarge));
    assert_eq!(tag(&"V".repeat(100_000)), Err(TagError::TooLarge));
}

#[test]
fn a_pid_out_of_range_is_refused() {
    assert_eq!(
        pid("255-1").map(|pid| pid.to_string()).as_deref(),
        Ok("255-1")
    );
    assert_eq!(pid("256-1"), Err(TagError::High));
    assert_eq!(pid("99999999999999999999999-1"), Err(TagError::High));
    assert!(pid("0-72057594037927935").is_ok());
    assert_eq!(pid("0-72057594037927936"), Err(TagError::TooLarge));
    assert_eq!(pid("0-99999999999999999999999"), Err(TagError::TooLarge));
}

#[test]
fn a_pid_has_two_numbers() {
    for text in [
        "14", "-", "14-", "-1", "1-2-3", "+1-2", "1-+2", "1--2", "0x1-2", "1 - 2", "１-2", "1.0-2",
    ] {
        assert_eq!(pid(text), Err(TagError::NotTwoNumbers), "{text}");
    }
}

proptest! {
    #[test]
    fn every_id_is_formatted_and_parsed(id in any::<u64>()) {
        prop_assert_eq!(tag(&Tag(id).to_string()), Ok(Tag(id)));
        prop_assert_eq!(pid(&Tag(id).pid().to_string()).map(Pid::tag), Ok(Tag(id)));
    }

    #[test]
    fn no_text_makes_parsing_panic(text in any::<String>(), near in "[#0289PYLQGRJCUVO-]{0,40}") {
        let _ = Tag::from_tag_or_pid(&text);
        let _ = Tag::from_tag_or_pid(&near);
    }
}
