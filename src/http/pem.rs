//! Certificates in PEM files.
//!
//! A bundle of a system has 200 KB, and with rustls' reader more than half of a login's instructions are spent on it. Text
//! as all systems write it is split here and decoded with data-encoding; anything else is left to that reader.

use std::io::BufRead;

use data_encoding::BASE64;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";
const END: &[u8] = b"-----END CERTIFICATE-----";
/// How any section begins.
const ANY_BEGIN: &[u8] = b"-----BEGIN ";

/// Reads certificates. Those that cannot be parsed are left out.
pub(super) fn roots(mut file: impl BufRead) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    // The text of a section so far, and what it decodes to while it is written as usual. A buffer for the whole bundle, or a
    // new one for each section, would take 4 % of the time of a short command.
    let (mut text, mut der) = (Vec::new(), Vec::new());
    let mut is_usual = false;
    loop {
        let start = text.len();
        if file.read_until(b'\n', &mut text).unwrap_or_default() == 0 {
            break;
        }
        let line = text.get(start..).unwrap_or_default();
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if start == 0 {
            if line == BEGIN {
                der.clear();
                is_usual = true;
            } else if !line.windows(ANY_BEGIN.len()).any(|it| it == ANY_BEGIN) {
                text.clear();
            }
        } else if line == END {
            if is_usual {
                // One that cannot be parsed is left out.
                let _ = roots.add(CertificateDer::from(&*der));
            } else {
                add_sections(&mut roots, &text);
            }
            is_usual = false;
            text.clear();
        } else {
            is_usual = is_usual && decode_line(line, &mut der).is_some();
        }
    }
    add_sections(&mut roots, &text);
    roots
}

fn add_sections(roots: &mut RootCertStore, text: &[u8]) {
    let certificates = CertificateDer::pem_slice_iter(text);
    roots.add_parsable_certificates(certificates.filter_map(Result::ok));
}

/// Appends a line of base64 with whole groups. Returns `None` when it is none, or follows padding.
fn decode_line(line: &[u8], der: &mut Vec<u8>) -> Option<()> {
    if !der.len().is_multiple_of(3) {
        return None;
    }
    let start = der.len();
    der.resize(start + BASE64.decode_len(line.len()).ok()?, 0);
    let decoded = BASE64.decode_mut(line, der.get_mut(start..)?).ok()?;
    der.truncate(start + decoded);
    Some(())
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    /// Returns the certificate of an authority. Its base64 is padded for one of three consecutive lengths of the name.
    fn certificate(name: &str) -> String {
        let mut parameters = rcgen::CertificateParams::new(Vec::new()).expect("parameters");
        parameters.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let name_type = rcgen::DnType::CommonName;
        parameters.distinguished_name.push(name_type, name);
        let key = rcgen::KeyPair::generate().expect("a key");
        let certificate = parameters.self_signed(&key).expect("a certificate").pem();
        certificate.replace("\r\n", "\n")
    }

    /// Reads certificates with rustls alone.
    fn expected(text: &[u8]) -> RootCertStore {
        let mut roots = RootCertStore::empty();
        let certificates = CertificateDer::pem_reader_iter(text);
        roots.add_parsable_certificates(certificates.filter_map(Result::ok));
        roots
    }

    fn names() -> [String; 3] {
        ["a", "ab", "abc"].map(certificate)
    }

    #[test]
    fn certificates_are_read_however_they_are_written() {
        let [a, ab, abc] = names();
        let all = [&a[..], &ab, &abc].concat();
        let body = |text: &str| {
            let lines: Vec<_> = text.lines().collect();
            lines[1..lines.len() - 1].concat()
        };
        let joined = |lines: &str| [BEGIN, b"\n", lines.as_bytes(), b"\n", END].concat();
        let indented = all.replace("\nMI", "\n MI");
        let key = rcgen::KeyPair::generate().expect("a key").serialize_pem();
        let texts = [
            all.clone().into_bytes(),
            all.replace('\n', "\r\n").into_bytes(),
            all.replace('\n', "\r").into_bytes(),
            format!("# a - b\n\n{}\n# -----\n{ab}{abc}", a.trim_end()).into_bytes(),
            format!("# first\r{all}").into_bytes(),
            format!("{key}{all}").into_bytes(),
            [joined(&body(&a)), joined(&body(&ab)), joined(&body(&abc))].join(&b'\n'),
            indented.into_bytes(),
        ];
        let subjects = |roots: &RootCertStore| {
            let subjects = roots.roots.iter().map(|root| root.subject.to_vec());
            subjects.collect::<Vec<_>>()
        };
        let three = subjects(&expected(all.as_bytes()));
        assert_eq!(three.len(), 3);
        for text in texts {
            let shown = String::from_utf8_lossy(&text);
            assert_eq!(subjects(&roots(&text[..])), three, "{shown}");
        }
    }

    #[test]
    fn damaged_certificates_are_left_out() {
        let [a, ab, abc] = names();
        let no_end = a.replace("-----END", "-----AND");
        for damaged in [a.replace("\nMI", "\n=I"), a.replace("\nM", "\n")] {
            let text = [damaged, ab.clone(), abc.clone()].concat();
            assert_eq!(roots(text.as_bytes()).len(), 2, "{text}");
        }
        assert!(roots(no_end.as_bytes()).is_empty());
        assert!(roots(&b"\0\xff"[..]).is_empty());
        assert!(roots(&b""[..]).is_empty());
    }

    proptest! {
        #[test]
        fn a_section_is_read_as_by_rustls(
            at in 0..600_usize,
            byte in select(b"A=-+ \r\n\tMz".to_vec()),
            inserted in vec(select(vec!["=", "\n", "A=\n", "AAAA", "-----BEGIN ", "-----END CERTIFICATE-----\n"]), 0..3),
        ) {
            let [a, ..] = names();
            let mut text = a.into_bytes();
            let at = at % text.len();
            text[at] = byte;
            text.splice(at..at, inserted.concat().into_bytes());
            prop_assert_eq!(roots(&text[..]).roots, expected(&text).roots);
        }
    }
}
