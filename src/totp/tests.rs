use proptest::prelude::*;

use super::*;

/// The key of appendix B's SHA-1 row in base32: `12345678901234567890`.
const RFC: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

fn parsed(text: &str) -> Totp {
    Totp::parse(&Secret::new(text)).expect("a code secret")
}

fn flaw(text: &str) -> TotpError {
    Totp::parse(&Secret::new(text)).expect_err("a flaw")
}

fn code(totp: &Totp, step: u64) -> String {
    totp.code(step).reveal().to_owned()
}

#[test]
fn the_codes_are_those_of_the_rfc() {
    // RFC 6238, appendix B: the time in seconds, and the codes of the three algorithms. The keys are those digits
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
fn six_digits_are_the_last_six_and_keep_their_zeros() {
    assert_eq!(code(&parsed(RFC), 1), "287082");
    assert_eq!(code(&parsed(RFC), 1_111_111_109 / 30), "081804");
    let seven = parsed(&format!("otpauth://totp/x?secret={RFC}&digits=7"));
    assert_eq!(code(&seven, 1_111_111_109 / 30), "7081804");
}

#[test]
fn a_secret_may_be_typed_in_many_ways() {
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
fn bits_left_over_at_the_end_are_dropped_as_authenticators_do() {
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
fn the_parameters_of_an_address_count() {
    let usual = format!("otpauth://totp/x?secret={RFC}");
    assert_eq!(parsed(&usual).period(), 30);
    assert_eq!(parsed(&format!("{usual}&period=60")).period(), 60);
    for more in ["&algorithm=Sha512", "&digits=8"] {
        assert_ne!(code(&parsed(&format!("{usual}{more}")), 1), "287082");
    }
}

#[test]
fn a_code_of_the_moment_is_not_taken_for_the_secret() {
    for text in ["287082", " 287 082\n", "287-082", "2345672", "23456723"] {
        assert_eq!(flaw(text), TotpError::Code, "{text}");
    }
    assert_eq!(flaw("23456"), TotpError::TooShort);
}

#[test]
fn what_is_wrong_is_said() {
    let with = |more: &str| format!("otpauth://totp/x?secret={RFC}&{more}");
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
            TotpError::Counted,
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
        (&with("algorithm=MD5"), TotpError::CodeAlgorithm),
    ] {
        assert_eq!(flaw(text), expected, "{text:?}");
    }
}

#[test]
fn a_huge_text_is_read_or_refused_like_any_other() {
    assert_eq!(code(&parsed(&"A".repeat(1_000_000)), 0).len(), 6);
    assert_eq!(flaw(&"9".repeat(1_000_000)), TotpError::NotBase32);
}

#[test]
fn the_shortest_text_reads_as_the_same_and_has_no_label() {
    let long = format!("otpauth://totp/Game:alice?issuer=Game&secret={RFC}");
    assert_eq!(parsed(&long).canonical().reveal(), RFC);
    for more in [
        "&algorithm=SHA256",
        "&algorithm=SHA512&digits=8",
        "&digits=7&period=60",
        "&period=15",
    ] {
        let totp = parsed(&format!("{long}{more}"));
        let short = totp.canonical();
        assert_eq!(parsed(short.reveal()), totp);
        assert_eq!(short.reveal(), format!("otpauth://totp?secret={RFC}{more}"));
    }
}

#[test]
fn the_key_does_not_show_itself_when_debugged() {
    let shown = format!("{:?}", parsed(RFC));
    assert_eq!(
        shown,
        "Totp { key: •••, algorithm: Sha1, digits: 6, period: 30 }"
    );
}

/// The step and the wait in milliseconds, `now` in milliseconds.
fn slot_at(now: u64, last: Option<u64>) -> (u64, u128) {
    let slot = slot(30, Duration::from_millis(now), last);
    (slot.step, slot.wait.as_millis())
}

#[test]
fn a_step_that_is_about_to_end_is_left_for_the_next() {
    assert_eq!(slot_at(300_000, None), (10, 0));
    assert_eq!(slot_at(327_999, None), (10, 0));
    assert_eq!(slot_at(328_000, None), (11, 2_000));
    assert_eq!(slot_at(329_999, None), (11, 1));
    assert_eq!(slot_at(330_000, None), (11, 0));
}

#[test]
fn no_step_is_used_twice() {
    assert_eq!(slot_at(300_000, Some(9)), (10, 0));
    assert_eq!(slot_at(301_000, Some(10)), (11, 29_000));
    assert_eq!(slot_at(301_000, Some(11)), (12, 59_000));
    assert_eq!(slot_at(301_000, Some(12)), (13, 89_000));
    assert_eq!(slot_at(329_000, Some(10)), (11, 1_000));
}

#[test]
fn a_last_step_from_a_wrong_clock_does_not_count() {
    assert_eq!(slot_at(301_000, Some(13)), (10, 0));
    assert_eq!(slot_at(301_000, Some(u64::MAX)), (10, 0));
}

#[test]
fn odd_periods_and_times_give_a_step_all_the_same() {
    assert_eq!(slot(0, Duration::from_secs(5), None).step, 5);
    let end = slot(1, Duration::MAX, Some(u64::MAX));
    assert_eq!(end.step, u64::MAX);
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_stumble(text in ".*", rest in "[a-z0-9%&=?/#+ -]*") {
        for text in [text.clone(), format!("otpauth://totp/{rest}"), format!("otpauth:{text}"), rest] {
            match Totp::parse(&Secret::new(text)) {
                Ok(totp) => prop_assert_eq!(parsed(totp.canonical().reveal()), totp),
                Err(flaw) => prop_assert!(!flaw.to_string().is_empty()),
            }
        }
    }

    #[test]
    fn every_key_comes_back_from_its_text(key in proptest::collection::vec(any::<u8>(), 10..80)) {
        let totp = parsed(&BASE32_NOPAD.encode(&key));
        prop_assert_eq!(&totp.key[..], &key[..]);
        prop_assert_eq!(totp.code(7).reveal().len(), 6);
    }

    #[test]
    fn a_slot_is_never_old_nor_used(now in 0_u64..10_000_000, period in 1_u64..300, last in proptest::option::of(0_u64..100_000)) {
        let now = Duration::from_millis(now);
        let slot = slot(period, now, last);
        let current = now.as_secs() / period;
        prop_assert!(slot.step >= current);
        let last = last.filter(|last| *last <= current + 2);
        prop_assert!(last.is_none_or(|last| slot.step > last));
        let used_at = now + slot.wait;
        prop_assert_eq!(used_at.as_secs() / period, slot.step);
        let margin = MARGIN.min(Duration::from_secs(period) / 2);
        prop_assert!(used_at + margin < Duration::from_secs((slot.step + 1) * period));
    }
}
