//! Who is served with whose credential, and with which none.

use domain::{
    connection::{CredentialState, Status, cause, status},
    form::FieldErrors,
    principal::{CredentialMode, Principal},
    problem::Problem,
};

use super::Caller;
use crate::store::{credentials::CredentialRow, look::KeyFacts};

/// Whether the key is good for this.
pub(super) fn permit(key: Option<&KeyFacts>, caller: Caller) -> Result<(), Problem> {
    match (key, caller) {
        (Some(key), Caller::Key(_, scope)) if !key.scopes.contains(&scope) => {
            Err(Problem::ForbiddenForKey(scope.word()))
        }
        _ => Ok(()),
    }
}

/// Whether a call may name this user, or none: nobody is to believe that a call used another account than it did.
pub(super) fn whose(mode: CredentialMode, user: &Principal, found: bool) -> Result<(), Problem> {
    let wrong = |sentence| Err(Problem::Invalid(FieldErrors::one("user", sentence)));
    match (mode, user, found) {
        (CredentialMode::LoginUser, Principal::Organization, _) => {
            wrong("This connection uses each person's own account. Name the user whose account to use.")
        }
        (CredentialMode::Organization, Principal::Member(_) | Principal::External(_), _) => {
            wrong("This connection holds one credential for the whole organization. Name no user.")
        }
        (_, Principal::Organization, _) | (_, _, true) => Ok(()),
        (_, user, false) => Err(not_connected_for(user)),
    }
}

pub(super) fn not_connected_for(user: &Principal) -> Problem {
    Problem::NotConnectedFor(domain::text::quoted(&user.name(), 100))
}

/// Whether it is a person's account that was taken off: as if it had never been connected.
pub(super) fn is_taken_off(owner: &Principal, state: CredentialState) -> bool {
    state == CredentialState::Revoked && *owner != Principal::Organization
}

/// The stored credential, where its status serves; what no refresh would mend is refused at once.
pub(super) fn serving(disabled: bool, credential: Option<CredentialRow>) -> Result<CredentialRow, Problem> {
    let Some(credential) = credential else {
        let status = if disabled {
            Status::Disabled
        } else {
            Status::NotConnected
        };
        return Err(Problem::NotServing(status, None));
    };
    let facts = credential.facts();
    match status(disabled, Some(&facts), credential.now) {
        Status::Connected | Status::Expiring => Ok(credential),
        status => Err(Problem::NotServing(status, cause(status, Some(&facts)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_be_named() {
        use CredentialMode::{LoginUser, LoginUserOrOrganization, Organization};
        let (nobody, user) = (Principal::Organization, Principal::External("customer-1".into()));
        let came = |mode, named, found| whose(mode, named, found).map_err(|problem| problem.code());
        for found in [true, false] {
            assert_eq!(came(LoginUser, &nobody, found), Err("invalid"));
            assert_eq!(came(Organization, &user, found), Err("invalid"));
            assert_eq!(came(Organization, &nobody, found), Ok(()));
            assert_eq!(came(LoginUserOrOrganization, &nobody, found), Ok(()));
        }
        for mode in [LoginUser, LoginUserOrOrganization] {
            assert_eq!(came(mode, &user, true), Ok(()));
            assert_eq!(came(mode, &user, false), Err("not_connected"));
        }
    }

    #[test]
    fn only_a_persons_account_is_taken_off() {
        let user = Principal::External("customer-1".into());
        assert!(is_taken_off(&user, CredentialState::Revoked));
        assert!(!is_taken_off(&user, CredentialState::NeedsReauth));
        assert!(!is_taken_off(&Principal::Organization, CredentialState::Revoked));
    }
}
