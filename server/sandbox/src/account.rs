//! The people who may sign in. They are made up and there are two of them.

/// A person at the provider.
pub(crate) struct Account {
    pub(crate) id: &'static str,
    pub(crate) email: &'static str,
    pub(crate) name: &'static str,
}

/// The first one is offered as the choice.
pub(crate) static ACCOUNTS: [Account; 2] = [
    Account {
        id: "ada",
        email: "ada@example.com",
        name: "Ada Lovelace",
    },
    Account {
        id: "grace",
        email: "grace@example.com",
        name: "Grace Hopper",
    },
];

/// Whom a client speaks for that asks for tokens of its own.
pub(crate) static APPLICATION: Account = Account {
    id: "application",
    email: "application@example.com",
    name: "The application itself",
};

/// The account that signs in with this address.
pub(crate) fn find(email: &str) -> Option<&'static Account> {
    ACCOUNTS.iter().find(|account| account.email == email)
}
