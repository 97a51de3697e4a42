use proptest::prelude::*;

use super::*;

/// The SHA-1 key of RFC 6238, appendix B, in base32: `12345678901234567890`.
const RFC: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

fn parsed(text: &str) -> Totp {
    Totp::parse(&Secret::new(text)).expect("a two-factor secret")
}

fn error(text: &str) -> TotpError {
    Totp::parse(&Secret::new(text)).expect_err("an error")
}

fn code(totp: &Totp, step: u64) -> String {
    totp.code(step).reveal().to_owned()
}

#[test]
fn the_codes_are_those_of_the_rfc() {
    // RFC 6238, appendix B: the time in seconds, and the codes of the three algorithms. The keys are the ten digits,
    // repeated to 20, 32 and 64 bytes.
    let vectors = [
        (59, "94287082", "46119246", "90693936"),
        (1_111_111_109, "07081804", "68084774", "25091201"),
        (1_111_111_111, "14050471", "67062674", "99943326"),
        (1_234_567_890, "89005924", "91819424", "93441116"),
        (2_000_000_000, "69279037", "90698825", "38618901"),
        (20_000_000_000, "65353130", "77737706", "47863826"),
    ];
    let totp = |algorithm: &str, bytes: usize| {
        let key: Vec<u8> = b"1234567890".iter().copied().cycle().take(bytes).collect();
        let secret = BASE32_NOPAD.encode(&key);
        parsed(&format!(
            "otpauth://totp/x?secret={secret}&algorithm={algorithm}&digits=8"
        ))
    };
    let (sha1, sha256, sha512) = (totp("SHA1", 20), totp("SHA256", 32), totp("SHA512", 64));
    for (time, first, second, third) in vectors {
        let step = time / 30;
        assert_eq!(code(&sha1, step), first, "{time}");
        assert_eq!(code(&sha256, step), second, "{time}");
        assert_eq!(code(&sha512, step), third, "{time}");
    }
}

#[test]
fn a_shorter_code_has_the_last_digits_with_leading_zeros() {
    assert_eq!(code(&parsed(RFC), 1), "287082");
    assert_eq!(code(&parsed(RFC), 1_111_111_109 / 30), "081804");
    let seven = parsed(&format!("otpauth://totp/x?secret={RFC}&digits=7"));
    assert_eq!(code(&seven, 1_111_111_109 / 30), "7081804");
}

#[test]
fn case_spaces_hyphens_and_labels_are_ignored() {
    for text in [
        "gezdgnbvgy3tqojqgezdgnbvgy3tqojq",
        "  GEZD GNBV gy3t qojq GEZD-GNBV-GY3T-QOJQ\r\n",
        "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ====",
        "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ ==",
        "otpauth://totp/?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
        "OTPAUTH://TOTP/x?SECRET=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ#part",
        "otpauth://totp/A%20Game:alice@example.com?issuer=A%20Game&secret=gezd%20gnbv+gy3tqojqGEZDGNBVGY3TQOJQ%3D&image=x",
        "otpauth://totp?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&algorithm=sha1&digits=6&period=30",
    ] {
        assert_eq!(parsed(text), parsed(RFC), "{text}");
    }
}

#[test]
fn incomplete_bytes_at_the_end_are_dropped() {
    // 26 characters are 130 bits of which 128 count; 22 are 110 of which 104 count.
    assert_eq!(
        parsed("GEZDGNBVGY3TQOJQGEZDGNBVGA"),
        parsed("GEZDGNBVGY3TQOJQGEZDGNBVGB")
    );
    assert_eq!(
        parsed("GEZDGNBVGY3TQOJQGEZDGN"),
        parsed("GEZDGNBVGY3TQOJQGEZDG")
    );
}

#[test]
fn the_parameters_of_a_uri_are_used() {
    let uri = format!("otpauth://totp/x?secret={RFC}");
    assert_eq!(parsed(&uri).period(), 30);
    assert_eq!(parsed(&format!("{uri}&period=60")).period(), 60);
    for parameter in ["&algorithm=Sha512", "&digits=8"] {
        assert_ne!(code(&parsed(&format!("{uri}{parameter}")), 1), "287082");
    }
}

#[test]
fn a_code_is_not_a_secret() {
    for text in ["287082", " 287 082\n", "287-082", "2345672", "23456723"] {
        assert_eq!(error(text), TotpError::Code, "{text}");
    }
    assert_eq!(error("23456"), TotpError::TooShort);
}

#[test]
fn each_error_has_its_reason() {
    let with = |parameter: &str| format!("otpauth://totp/x?secret={RFC}&{parameter}");
    for (text, expected) in [
        ("", TotpError::Empty),
        (" \n", TotpError::Empty),
        ("====", TotpError::TooShort),
        ("ABCDEFGH", TotpError::TooShort),
        ("GEZDGNBVGY3TQOJ", TotpError::TooShort),
        ("GEZDGNBVGY3TQOJ0", TotpError::NotBase32),
        ("GEZDGNBV=GY3TQOJQ", TotpError::NotBase32),
        ("GEZDGNBVGY3TQOJQ\0", TotpError::NotBase32),
        ("２８７０８２", TotpError::NotBase32),
        ("ＧＥＺＤＧＮＢＶＧＹ３ＴＱＯＪＱ", TotpError::NotBase32),
        ("<!DOCTYPE html><html></html>", TotpError::NotBase32),
        (
            "https://example.com/?secret=GEZDGNBVGY3TQOJQ",
            TotpError::NotBase32,
        ),
        (
            "otpauth://hotp/x?secret=GEZDGNBVGY3TQOJQ&counter=1",
            TotpError::Hotp,
        ),
        (
            "otpauth-migration://offline?data=CjEKCkhlbGxvId6tvu8",
            TotpError::Export,
        ),
        (
            "otpauth://steam/x?secret=GEZDGNBVGY3TQOJQ",
            TotpError::NotTotp,
        ),
        ("otpauth:GEZDGNBVGY3TQOJQ", TotpError::NotTotp),
        ("otpauth://totp/x", TotpError::NoSecret),
        ("otpauth://totp/x?secret=&digits=6", TotpError::NoSecret),
        ("otpauth://totp/x?secret=287082", TotpError::Code),
        (&with("digits=5"), TotpError::Digits),
        (&with("digits=9"), TotpError::Digits),
        (&with("digits=%2B6"), TotpError::Digits),
        (&with("digits="), TotpError::Digits),
        (&with("digits=99999999999999999999"), TotpError::Digits),
        (&with("period=0"), TotpError::Period),
        (&with("period=301"), TotpError::Period),
        (&with("period=３０"), TotpError::Period),
        (&with("algorithm=MD5"), TotpError::Algorithm),
    ] {
        assert_eq!(error(text), expected, "{text:?}");
    }
}

#[test]
fn a_very_long_text_is_parsed_or_refused() {
    assert_eq!(code(&parsed(&"A".repeat(1_000_000)), 0).len(), 6);
    assert_eq!(error(&"9".repeat(1_000_000)), TotpError::NotBase32);
}

#[test]
fn the_canonical_text_has_no_label_and_parses_to_the_same_value() {
    let long = format!("otpauth://totp/Game:alice?issuer=Game&secret={RFC}");
    assert_eq!(parsed(&long).canonical().reveal(), RFC);
    for parameters in [
        "&algorithm=SHA256",
        "&algorithm=SHA512&digits=8",
        "&digits=7&period=60",
        "&period=15",
    ] {
        let totp = parsed(&format!("{long}{parameters}"));
        let short = totp.canonical();
        assert_eq!(parsed(short.reveal()), totp);
        assert_eq!(
            short.reveal(),
            format!("otpauth://totp?secret={RFC}{parameters}")
        );
    }
}

#[test]
fn the_debug_output_does_not_contain_the_key() {
    let shown = format!("{:?}", parsed(RFC));
    assert_eq!(
        shown,
        "Totp { key: •••, algorithm: Sha1, digits: 6, period: 30 }"
    );
}

/// The next step and the wait in milliseconds, with `now` in milliseconds.
fn next_at(now: u64, last: Option<u64>) -> (u64, u128) {
    let next = next_step(30, Duration::from_millis(now), last);
    (next.step, next.wait.as_millis())
}

#[test]
fn a_step_that_ends_soon_is_not_used() {
    assert_eq!(next_at(300_000, None), (10, 0));
    assert_eq!(next_at(327_999, None), (10, 0));
    assert_eq!(next_at(328_000, None), (11, 2_000));
    assert_eq!(next_at(329_999, None), (11, 1));
    assert_eq!(next_at(330_000, None), (11, 0));
}

#[test]
fn no_step_is_used_twice() {
    assert_eq!(next_at(300_000, Some(9)), (10, 0));
    assert_eq!(next_at(301_000, Some(10)), (11, 29_000));
    assert_eq!(next_at(301_000, Some(11)), (12, 59_000));
    assert_eq!(next_at(301_000, Some(12)), (13, 89_000));
    assert_eq!(next_at(329_000, Some(10)), (11, 1_000));
}

#[test]
fn a_last_step_from_a_wrong_clock_is_ignored() {
    assert_eq!(next_at(301_000, Some(13)), (10, 0));
    assert_eq!(next_at(301_000, Some(u64::MAX)), (10, 0));
}

#[test]
fn extreme_periods_and_times_have_a_step() {
    assert_eq!(next_step(0, Duration::from_secs(5), None).step, 5);
    let end = next_step(1, Duration::MAX, Some(u64::MAX));
    assert_eq!(end.step, u64::MAX);
}

proptest! {
    #[test]
    fn no_text_makes_parsing_panic(text in ".*", rest in "[a-z0-9%&=?/#+ -]*") {
        for text in [text.clone(), format!("otpauth://totp/{rest}"), format!("otpauth:{text}"), rest] {
            match Totp::parse(&Secret::new(text)) {
                Ok(totp) => prop_assert_eq!(parsed(totp.canonical().reveal()), totp),
                Err(error) => prop_assert!(!error.to_string().is_empty()),
            }
        }
    }

    #[test]
    fn every_key_is_parsed_from_its_base32(key in proptest::collection::vec(any::<u8>(), 10..80)) {
        let totp = parsed(&BASE32_NOPAD.encode(&key));
        prop_assert_eq!(&totp.key[..], &key[..]);
        prop_assert_eq!(totp.code(7).reveal().len(), 6);
    }

    #[test]
    fn the_next_step_is_neither_past_nor_used(now in 0_u64..10_000_000, period in 1_u64..300, last in proptest::option::of(0_u64..100_000)) {
        let now = Duration::from_millis(now);
        let next = next_step(period, now, last);
        let current = now.as_secs() / period;
        prop_assert!(next.step >= current);
        let last = last.filter(|last| *last <= current + 2);
        prop_assert!(last.is_none_or(|last| next.step > last));
        let used_at = now + next.wait;
        prop_assert_eq!(used_at.as_secs() / period, next.step);
        let margin = MARGIN.min(Duration::from_secs(period) / 2);
        prop_assert!(used_at + margin < Duration::from_secs((next.step + 1) * period));
    }
}
