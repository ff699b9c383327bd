//! The private key of RSA-SHA1 (RFC 5849 section 3.4.3), and why a key is none.
//!
//! aws-lc-rs has RSA and SHA-1, but its interface signs with SHA-2 only; so the digest is its work, and the private key
//! operation that of the crate `rsa`. That operation is blinded, so that its time says nothing about the key. Blinding
//! does not show: a signature depends on key and text alone.

use std::convert::Infallible;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use rsa::{
    Pkcs1v15Sign, PrivateKey,
    pkcs1::DecodeRsaPrivateKey,
    pkcs8::DecodePrivateKey,
    rand_core::{TryCryptoRng, TryRng},
    traits::PublicKeyParts,
};

use crate::{random, vault::Secret};

/// What stands before a SHA-1 digest in a signature (RFC 8017 section 9.2, note 1).
const SHA1_PREFIX: [u8; 15] = *b"\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14";
/// Larger keys would keep a thread busy for too long; providers that know RSA-SHA1 know none.
const BITS: std::ops::RangeInclusive<u32> = 1024..=4096;
/// A key of the most bits takes 3.3 KB; what stands around it, some more.
const LONGEST: usize = 8 * 1024;

/// Why a private key is refused. Every sentence says what to do, none repeats the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Nothing at all.
    #[error("RSA-SHA1 signs with a private key. Make one with: openssl genrsa -out key.pem 2048")]
    Missing,
    /// No PEM.
    #[error("This is not a private key in PEM. Paste the whole text, from -----BEGIN to the last dashes.")]
    NotPem,
    /// The half that the provider needs, or a certificate with it.
    #[error(
        "This is a public key or a certificate. Give that to the provider, and paste the private key here."
    )]
    Public,
    /// Under a passphrase.
    #[error("This private key has a passphrase. Take it off with: openssl rsa -in key.pem -out plain.pem")]
    Passphrase,
    /// OpenSSH's own format.
    #[error("This private key is in OpenSSH's format. Change that with: ssh-keygen -p -m PEM -f key")]
    OpenSsh,
    /// For another algorithm, cut off, or with numbers that do not belong together.
    #[error("This is not the whole private key of an RSA pair. Paste it again, or make another one.")]
    Unreadable,
    /// Too short or too long.
    #[error("An RSA key of {0} bits cannot be used. Make one of 2048: openssl genrsa -out key.pem 2048")]
    Size(u32),
}

/// A private key that signs. Neither prints nor serializes; wiped when dropped.
pub struct RsaKey(PrivateKey);

impl RsaKey {
    /// Reads a private key in PEM: PKCS#1 (`BEGIN RSA PRIVATE KEY`) or PKCS#8 (`BEGIN PRIVATE KEY`).
    ///
    /// # Errors
    /// [`KeyError`], in a sentence for the person who pasted it.
    pub fn read(pem: &Secret) -> Result<Self, KeyError> {
        let text = pem.as_text().ok_or(KeyError::NotPem)?;
        if text.trim().is_empty() {
            return Err(KeyError::Missing);
        }
        let (label, der) = unwrapped(text)?;
        let key = match label {
            "RSA PRIVATE KEY" => PrivateKey::from_pkcs1_der(der.bytes()).map_err(|_| KeyError::Unreadable)?,
            "PRIVATE KEY" => PrivateKey::from_pkcs8_der(der.bytes()).map_err(|_| KeyError::Unreadable)?,
            other => return Err(unusable(other)),
        };
        sized(key.n().bit_width_vartime())?;
        Ok(Self(key))
    }

    /// RSASSA-PKCS1-v1_5 with SHA-1 (RFC 8017 section 8.2.1).
    pub(super) fn sign(&self, text: &[u8]) -> Result<Vec<u8>, KeyError> {
        let padding = Pkcs1v15Sign {
            hash_len: Some(SHA1_FOR_LEGACY_USE_ONLY.output_len()),
            prefix: Box::new(SHA1_PREFIX),
        };
        let digest = digest(&SHA1_FOR_LEGACY_USE_ONLY, text);
        self.0
            .sign_with_rng(&mut Chance, padding, digest.as_ref())
            .map_err(|_| KeyError::Unreadable)
    }
}

fn sized(bits: u32) -> Result<(), KeyError> {
    if BITS.contains(&bits) {
        Ok(())
    } else {
        Err(KeyError::Size(bits))
    }
}

/// The label and content of the first PEM block (RFC 7468 section 2). Line breaks of every kind, and none, are fine:
/// keys are pasted out of mails and settings.
fn unwrapped(text: &str) -> Result<(&str, Secret), KeyError> {
    if text.len() > LONGEST {
        return Err(KeyError::NotPem);
    }
    let (_, rest) = text.split_once("-----BEGIN ").ok_or(KeyError::NotPem)?;
    let (label, rest) = rest.split_once("-----").ok_or(KeyError::NotPem)?;
    let (body, _) = rest.split_once("-----END ").ok_or(KeyError::NotPem)?;
    // RFC 1421 headers, which OpenSSL writes above an encrypted key in its traditional format.
    if body.contains("Proc-Type:") {
        return Err(KeyError::Passphrase);
    }
    let packed: String = body.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let packed = Secret::text(packed);
    match STANDARD.decode(packed.bytes()) {
        Ok(der) => Ok((label, Secret::new(der))),
        Err(_) if matches!(label, "RSA PRIVATE KEY" | "PRIVATE KEY") => Err(KeyError::Unreadable),
        Err(_) => Err(unusable(label)),
    }
}

/// Why a PEM block is no private key for RSA.
fn unusable(label: &str) -> KeyError {
    match label {
        "ENCRYPTED PRIVATE KEY" => KeyError::Passphrase,
        "OPENSSH PRIVATE KEY" => KeyError::OpenSsh,
        "CERTIFICATE" => KeyError::Public,
        _ if label.ends_with("PUBLIC KEY") => KeyError::Public,
        _ if label.ends_with("PRIVATE KEY") => KeyError::Unreadable,
        _ => KeyError::NotPem,
    }
}

/// The machine's chance, for blinding.
struct Chance;

impl TryRng for Chance {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(random::bytes()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(random::bytes()))
    }

    fn try_fill_bytes(&mut self, target: &mut [u8]) -> Result<(), Infallible> {
        for chunk in target.chunks_mut(32) {
            chunk.copy_from_slice(&random::bytes::<32>()[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Chance {}

#[cfg(test)]
pub(super) mod tests {
    use aws_lc_rs::{
        encoding::AsDer as _,
        rsa::KeySize,
        signature::{
            KeyPair as _, RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, RsaKeyPair, UnparsedPublicKey,
        },
    };
    use rsa::{pkcs1::EncodeRsaPrivateKey as _, pkcs8::LineEnding};

    use super::*;

    /// From the OAuth wiki's test case for RSA-SHA1: 1024 bits, known to everybody.
    const PUBLISHED: &str = "MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBALRiMLAh9iimur8V\
        A7qVvdqxevEuUkW4K+2KdMXmnQbG9Aa7k7eBjK1S+0LYmVjPKlJGNXHDGuy5Fw/d\
        7rjVJ0BLB+ubPK8iA/Tw3hLQgXMRRGRXXCn8ikfuQfjUS1uZSatdLB81mydBETlJ\
        hI6GH4twrbDJCR2Bwy/XWXgqgGRzAgMBAAECgYBYWVtleUzavkbrPjy0T5FMou8H\
        X9u2AC2ry8vD/l7cqedtwMPp9k7TubgNFo+NGvKsl2ynyprOZR1xjQ7WgrgVB+mm\
        uScOM/5HVceFuGRDhYTCObE+y1kxRloNYXnx3ei1zbeYLPCHdhxRYW7T0qcynNmw\
        rn05/KO2RLjgQNalsQJBANeA3Q4Nugqy4QBUCEC09SqylT2K9FrrItqL2QKc9v0Z\
        zO2uwllCbg0dwpVuYPYXYvikNHHg+aCWF+VXsb9rpPsCQQDWR9TT4ORdzoj+Nccn\
        qkMsDmzt0EfNaAOwHOmVJ2RVBspPcxt5iN4HI7HNeG6U5YsFBb+/GZbgfBT3kpNG\
        WPTpAkBI+gFhjfJvRw38n3g/+UeAkwMI2TJQS4n8+hid0uus3/zOjDySH3XHCUno\
        cn1xOJAyZODBo47E+67R4jV1/gzbAkEAklJaspRPXP877NssM5nAZMU0/O/NGCZ+\
        3jPgDUno6WbJn5cqm8MqWhW1xGkImgRk+fkDBquiq4gPiT898jusgQJAd5Zrr6Q8\
        AO/0isr/3aa6O6NLQxISLKcPDk2NOccAfS/xOtfOz4sJYM3+Bs4Io9+dZGSDCA54\
        Lw03eHTNQghS0A==";

    /// The published key, in one line as settings sometimes hold it.
    pub(in crate::oauth1) fn published_key() -> Secret {
        pem("PRIVATE KEY", PUBLISHED)
    }
    fn pem(label: &str, body: &str) -> Secret {
        Secret::text(format!("-----BEGIN {label}-----{body}-----END {label}-----"))
    }
    fn error(pem: &Secret) -> KeyError {
        RsaKey::read(pem).err().unwrap()
    }

    /// Made and verified by another implementation.
    #[test]
    fn signatures_are_what_others_verify() {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        let der = pair.as_der().unwrap();
        let key = RsaKey::read(&pem("PRIVATE KEY", &STANDARD.encode(der.as_ref()))).unwrap();
        let public = UnparsedPublicKey::new(
            &RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
            pair.public_key().as_ref(),
        );
        for text in [&b""[..], b"GET&https%3A%2F%2Fa.example%2F&", &[0xff; 5000]] {
            let signature = key.sign(text).unwrap();
            assert_eq!(signature.len(), 256);
            public.verify(text, &signature).unwrap();
            assert_eq!(key.sign(text).unwrap(), signature, "blinding does not show");
        }
    }

    #[test]
    fn both_forms_in_every_spelling_are_one_key() {
        let key = RsaKey::read(&published_key()).unwrap();
        let expected = key.sign(b"text").unwrap();
        let pkcs1 = key.0.to_pkcs1_pem(LineEnding::CRLF).unwrap().to_string();
        assert!(pkcs1.starts_with("-----BEGIN RSA PRIVATE KEY-----\r\n"));
        for spelling in [
            pkcs1.clone(),
            pkcs1.replace("\r\n", " "),
            pkcs1.replace("\r\n", "\n    "),
            format!("Bag Attributes\n  friendlyName: mine\n{pkcs1}\n\n"),
        ] {
            let key = RsaKey::read(&Secret::text(spelling)).unwrap();
            assert_eq!(key.sign(b"text").unwrap(), expected);
        }
    }

    #[test]
    fn every_other_key_is_refused_in_a_sentence() {
        let small = "MIIBVAIBADANBgkqhkiG9w0BAQEFAASCAT4wggE6AgEAAkEAqPfgaTEWEP3S9w0t";
        let elliptic = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg";
        for (given, expected) in [
            (Secret::text(" \n".into()), KeyError::Missing),
            (Secret::text("kd94hf93k423kf44".into()), KeyError::NotPem),
            (Secret::new(vec![0xff, 0xfe]), KeyError::NotPem),
            (
                Secret::text("-----BEGIN PRIVATE KEY-----".into()),
                KeyError::NotPem,
            ),
            (Secret::text("-".repeat(LONGEST + 1)), KeyError::NotPem),
            (pem("PUBLIC KEY", "MIGf"), KeyError::Public),
            (pem("RSA PUBLIC KEY", "MIGf"), KeyError::Public),
            (pem("CERTIFICATE", "MIIB"), KeyError::Public),
            (pem("ENCRYPTED PRIVATE KEY", "MIIB"), KeyError::Passphrase),
            (
                pem(
                    "RSA PRIVATE KEY",
                    "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n",
                ),
                KeyError::Passphrase,
            ),
            (
                pem("OPENSSH PRIVATE KEY", "b3BlbnNzaC1rZXktdjE="),
                KeyError::OpenSsh,
            ),
            (pem("EC PRIVATE KEY", "MHcC"), KeyError::Unreadable),
            (pem("PRIVATE KEY", elliptic), KeyError::Unreadable),
            (pem("PRIVATE KEY", small), KeyError::Unreadable),
            (pem("PRIVATE KEY", "äöü"), KeyError::Unreadable),
            (pem("PRIVATE KEY", &PUBLISHED[..400]), KeyError::Unreadable),
            (pem("RSA PRIVATE KEY", PUBLISHED), KeyError::Unreadable),
            (
                pem("PRIVATE KEY", &PUBLISHED.replacen("ubPK8", "ubPK9", 1)),
                KeyError::Unreadable,
            ),
            (pem("PGP MESSAGE", "AAAA"), KeyError::NotPem),
        ] {
            let found = error(&given);
            assert_eq!(found, expected);
            let sentence = found.to_string();
            assert!(
                sentence.ends_with('.') || sentence.contains("openssl") || sentence.contains("ssh-keygen")
            );
        }
    }

    #[test]
    fn a_key_of_another_size_is_refused() {
        let half = "MIIBVQIBADANBgkqhkiG9w0BAQEFAASCAT8wggE7AgEAAkEA18gkfotO9MxGE+5g\
            vpcZJFF0h1OsxYIWR2wvkDAL8HE3JQLITNKW0FbPuY9ja26Oh6OK3QzDik5BtLyo\
            e9R5XQIDAQABAkByNtTiSliLiIhbSmTY3N+I8riMXMTpcjbarS/r0RKwvDOTuY+I\
            tE2S5BE2HVamrpmgkMeyixJwvRqpygSIbqiBAiEA7M/Rwce7mPh5yLfqGkcvMOFi\
            IyGWf4tO3Md8Lp3jIv0CIQDpRBlGcTl0FtxLxyvDZW6WVx5Eiu8Hn3JRXvSq8JFt\
            4QIhAKC0y9lgrUu7XBI91U3t/vWCDnJe6d42cNddPUX5edoVAiBSMenKFZmOG4QS\
            u6LjHjnChf4nXuFtSTTqEVCbb1t/YQIhANsMnnAkAs85xF73Cb+pjm6tvZWU+Jwl\
            +bi/aO5OBoLr";
        assert_eq!(error(&pem("PRIVATE KEY", half)), KeyError::Size(512));
        assert_eq!(sized(1024), Ok(()));
        assert_eq!(sized(4096), Ok(()));
        assert_eq!(sized(4097), Err(KeyError::Size(4097)));
    }
}
