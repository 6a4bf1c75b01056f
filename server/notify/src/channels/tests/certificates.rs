//! Certificates of a day, made by hand: just enough X.509 (RFC 5280) in DER for an authority and the servers it vouches for.

use kernel::{Clock, SystemClock};
use model::Time;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

const DAY_MS: i64 = 86_400_000;
/// ecdsa-with-SHA256, id-ecPublicKey, prime256v1 (RFC 5758, RFC 5480).
const ECDSA_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
/// commonName, basicConstraints, subjectAltName.
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
const ALTERNATIVE_NAME: &[u8] = &[0x55, 0x1d, 0x11];

/// A key and what it is called.
struct Party {
    name: &'static str,
    pkcs8: Vec<u8>,
    key: EcdsaKeyPair,
}

impl Party {
    fn new(name: &'static str) -> Self {
        let random = SystemRandom::new();
        let pkcs8: Vec<u8> = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap().as_ref().to_vec();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &pkcs8, &random).unwrap();
        Self { name, pkcs8, key }
    }
}

/// Vouches for servers.
pub(super) struct Authority {
    party: Party,
    der: Vec<u8>,
}

impl Authority {
    pub(super) fn new() -> Self {
        let party = Party::new("authority.example");
        let is_authority: Vec<u8> = extension(BASIC_CONSTRAINTS, true, &sequence(&[boolean()]));
        let der: Vec<u8> = certificate(&party, &party, is_authority, 1);
        Self { party, der }
    }

    /// As it is pasted into a form.
    pub(super) fn pem(&self) -> String {
        use base64::Engine as _;
        let text: String = base64::engine::general_purpose::STANDARD.encode(&self.der);
        format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----")
    }

    /// A server of that name, whose certificate ends so many days from now.
    pub(super) fn server(&self, name: &'static str, ends_in_days: i64) -> TlsAcceptor {
        let party = Party::new(name);
        let der: Vec<u8> = certificate(&party, &self.party, alternative_name(name), ends_in_days);
        acceptor(der, party.pkcs8)
    }
}

/// A server that vouches for itself.
pub(super) fn self_signed(name: &'static str) -> TlsAcceptor {
    let party = Party::new(name);
    let der: Vec<u8> = certificate(&party, &party, alternative_name(name), 1);
    acceptor(der, party.pkcs8)
}

fn acceptor(der: Vec<u8>, pkcs8: Vec<u8>) -> TlsAcceptor {
    let config: ServerConfig = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(der)], PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(pkcs8)))
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

/// Begun two days before it ends.
fn certificate(of: &Party, by: &Party, extension: Vec<u8>, ends_in_days: i64) -> Vec<u8> {
    let ends: Time = SystemClock.now().plus_ms(ends_in_days * DAY_MS);
    let point: Vec<u8> = [&[0_u8][..], of.key.public_key().as_ref()].concat();
    let algorithm = || sequence(&[object(ECDSA_SHA256)]);
    let told: Vec<u8> = sequence(&[
        // Version 3, and a number.
        tagged(0xa0, &tagged(0x02, &[2])),
        tagged(0x02, &[1]),
        algorithm(),
        name(by.name),
        sequence(&[time(ends.plus_ms(-2 * DAY_MS)), time(ends)]),
        name(of.name),
        sequence(&[sequence(&[object(EC_PUBLIC_KEY), object(P256)]), tagged(0x03, &point)]),
        tagged(0xa3, &sequence(&[extension])),
    ]);
    let signature = by.key.sign(&SystemRandom::new(), &told).unwrap();
    let signed: Vec<u8> = [&[0_u8][..], signature.as_ref()].concat();
    sequence(&[told, algorithm(), tagged(0x03, &signed)])
}

fn alternative_name(name: &str) -> Vec<u8> {
    extension(ALTERNATIVE_NAME, false, &sequence(&[tagged(0x82, name.as_bytes())]))
}

fn extension(kind: &[u8], is_critical: bool, value: &[u8]) -> Vec<u8> {
    let mut parts: Vec<Vec<u8>> = vec![object(kind)];
    if is_critical {
        parts.push(boolean());
    }
    parts.push(tagged(0x04, value));
    sequence(&parts)
}

fn name(common: &str) -> Vec<u8> {
    let one: Vec<u8> = sequence(&[object(COMMON_NAME), tagged(0x0c, common.as_bytes())]);
    sequence(&[tagged(0x31, &one)])
}

fn time(at: Time) -> Vec<u8> {
    tagged(0x18, at.to_utc().format("%Y%m%d%H%M%SZ").to_string().as_bytes())
}

fn boolean() -> Vec<u8> {
    tagged(0x01, &[0xff])
}

fn object(id: &[u8]) -> Vec<u8> {
    tagged(0x06, id)
}

fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    tagged(0x30, &parts.concat())
}

/// Tag, length, content.
fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = vec![tag];
    let length: [u8; 2] = u16::try_from(content.len()).unwrap().to_be_bytes();
    match length {
        [0, short] if short < 0x80 => out.push(short),
        [0, short] => out.extend([0x81, short]),
        [high, low] => out.extend([0x82, high, low]),
    }
    out.extend(content);
    out
}
