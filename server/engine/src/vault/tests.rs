use proptest::prelude::*;
use uuid::Uuid;

use super::*;

const A: &str = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const B: &str = "k2:IAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

fn vault(ring: &str) -> Vault {
    Vault::new(ring.parse().unwrap())
}
fn organization(number: u128) -> OrganizationId {
    OrganizationId::from_uuid(Uuid::from_u128(number))
}
fn place(table: &str, row: u128, column: &str, generation: i64) -> Place {
    Place::new(table, Uuid::from_u128(row), "", column, generation)
}

#[test]
fn a_seal_opens_only_in_its_own_place() {
    let vault = vault(A);
    let (one, two) = (organization(1), organization(2));
    let (sealed_one, sealed_two) = (vault.new_data_key(one).unwrap(), vault.new_data_key(two).unwrap());
    let home = place("credential", 7, "access_token", 3);
    let blob = vault
        .data_key(one, &sealed_one)
        .unwrap()
        .seal(&home, &Secret::text("token".into()))
        .unwrap();
    let key = vault.data_key(one, &sealed_one).unwrap();
    assert_eq!(key.open(&home, &blob).unwrap().as_text(), Some("token"));
    for other in [
        place("credential", 8, "access_token", 3),
        place("credential", 7, "refresh_token", 3),
        place("credential", 7, "access_token", 4),
        place("service", 7, "access_token", 3),
        Place::new("credential", Uuid::from_u128(7), "login", "access_token", 3),
    ] {
        assert_eq!(
            key.open(&other, &blob).unwrap_err(),
            VaultError::Unreadable,
            "{other:?}"
        );
    }
    assert_eq!(
        vault
            .data_key(two, &sealed_two)
            .unwrap()
            .open(&home, &blob)
            .unwrap_err(),
        VaultError::Unreadable
    );
    assert!(
        vault_of_swapped_data_keys(&sealed_one, two).is_err(),
        "a data key belongs to its organization"
    );
}

fn vault_of_swapped_data_keys(sealed: &[u8], other: OrganizationId) -> Result<(), VaultError> {
    vault(A).data_key(other, sealed).map(|_| ())
}

#[test]
fn a_ring_reads_old_keys_and_names_a_missing_one() {
    let old = vault(A).new_data_key(organization(1)).unwrap();
    assert!(vault(&format!("{B},{A}")).data_key(organization(1), &old).is_ok());
    assert_eq!(
        vault(B).data_key(organization(1), &old).err(),
        Some(VaultError::UnknownKey("k1".into()))
    );
    let check = vault(A).seal_check().unwrap();
    assert!(vault(A).open_check(&check).is_ok());
    let impostor = A.replace("AAEC", "AAED");
    assert_eq!(vault(&impostor).open_check(&check), Err(VaultError::Unreadable));
}

#[test]
fn a_malformed_ring_is_refused_without_repeating_it() {
    use RootKeyError as E;
    for (ring, error) in [
        ("", E::Missing),
        ("# only a comment\n", E::Missing),
        ("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", E::Form(1)),
        ("K1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", E::Id(1)),
        ("k1:AAEC", E::Length("k1".into())),
        (&format!("{A},{A}"), E::Twice("k1".into())),
    ] {
        assert_eq!(ring.parse::<RootKeys>().unwrap_err(), error, "{ring}");
    }
    assert_eq!(format!("{:?}", A.parse::<RootKeys>().unwrap()), r#"["k1"]"#);
}

#[test]
fn a_nonce_is_never_used_twice_and_secrets_do_not_print() {
    let vault = vault(A);
    let sealed = vault.new_data_key(organization(1)).unwrap();
    let key = vault.data_key(organization(1), &sealed).unwrap();
    let home = place("service", 1, "client_secret", 1);
    let secret = Secret::text("s3cret".into());
    assert_ne!(
        key.seal(&home, &secret).unwrap(),
        key.seal(&home, &secret).unwrap()
    );
    assert_eq!(format!("{secret:?}"), "Secret");
}

#[test]
fn a_signature_belongs_to_its_purpose() {
    let vault = vault(A);
    let signature = vault.sign("redirect", "svc_1");
    assert!(vault.verify("redirect", "svc_1", &signature));
    assert!(!vault.verify("redirect", "svc_2", &signature));
    assert!(!vault.verify("device", "svc_1", &signature));
    assert!(!vault.verify("redirect", "svc_1", ""));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn any_flipped_bit_is_refused(plain in proptest::collection::vec(any::<u8>(), 0..64), at in any::<usize>(), bit in 0u8..8) {
        let vault = vault(A);
        let sealed = vault.new_data_key(organization(1)).unwrap();
        let key = vault.data_key(organization(1), &sealed).unwrap();
        let home = place("credential", 1, "access_token", 1);
        let mut blob = key.seal(&home, &Secret::new(plain.clone())).unwrap();
        let opened = key.open(&home, &blob).unwrap();
        prop_assert_eq!(opened.bytes(), plain.as_slice());
        let at = at % blob.len();
        blob[at] ^= 1 << bit;
        prop_assert!(key.open(&home, &blob).is_err());
        prop_assert!(key.open(&home, &blob[..at]).is_err(), "cut short");
    }
}
