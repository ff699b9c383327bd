//! The command line. Every setting is an environment variable and a flag; the doc comment is its `--help`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Connections: functions use third parties by link name and never hold a secret.
#[derive(Parser)]
#[command(name = "connections", version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Run the server.
    Serve(Box<Serve>),
    /// Bring the database's tables up to date.
    Migrate(Migrate),
    /// Create an organization and its owner, and print one JSON line with ids and a key of scope `manage`.
    Bootstrap(Bootstrap),
    /// Print the description of the HTTP API as OpenAPI 3.1.
    Openapi,
    /// People.
    #[command(subcommand)]
    User(User),
}

#[derive(Subcommand)]
pub(crate) enum User {
    /// Make a new person a member of an organization; the password is read from standard input. Prints the person's id.
    Add(AddUser),
    /// Set another password; it is read from standard input. Ends every session of the person.
    ResetPassword(ResetPassword),
}

#[derive(Args)]
pub(crate) struct Database {
    /// PostgreSQL, logging in as the role connections_server.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub(crate) database_url: String,
}

#[derive(Args)]
pub(crate) struct Keys {
    /// Root keys, `id:base64` of 32 bytes each, separated by commas; the first seals, all open.
    #[arg(long, env = "CONNECTIONS_ROOT_KEYS", hide_env_values = true)]
    pub(crate) root_keys: Option<String>,
    /// A file with the root keys, one a line.
    #[arg(long, env = "CONNECTIONS_ROOT_KEYS_FILE")]
    pub(crate) root_keys_file: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) database: Database,
    #[command(flatten)]
    pub(crate) keys: Keys,
    /// Where browsers and providers reach this server. http only for localhost.
    #[arg(long, env = "CONNECTIONS_PUBLIC_URL", default_value = "http://localhost:3000")]
    pub(crate) public_url: String,
    /// Address to listen on.
    #[arg(long, env = "CONNECTIONS_LISTEN", default_value = "127.0.0.1:3000")]
    pub(crate) listen: SocketAddr,
    /// Who may create an organization; without it: anyone until the first one exists, then nobody.
    #[arg(long, env = "CONNECTIONS_SIGNUP")]
    pub(crate) signup: Option<SignUp>,
    /// Origins that requests may go to although they are private or plain http, separated by commas.
    #[arg(long, env = "CONNECTIONS_ALLOW_HOSTS", default_value = "")]
    pub(crate) allow_hosts: String,
    /// PostgreSQL for hearing of changes, where DATABASE_URL leads through a pooler: the same database, directly.
    #[arg(long, env = "CONNECTIONS_LISTEN_DATABASE_URL", hide_env_values = true)]
    pub(crate) listen_database_url: Option<String>,
    /// Calls a minute that an organization may make through this process; without it: any number.
    #[arg(long, env = "CONNECTIONS_CALLS_PER_MINUTE", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) calls_per_minute: Option<u32>,
    /// Seconds that a provider may take before its answer to a call begins.
    #[arg(long, env = "CONNECTIONS_CALL_FIRST_BYTE_SECONDS", default_value_t = 60)]
    pub(crate) call_first_byte_seconds: u64,
    /// Seconds that a body of a call may stand still.
    #[arg(long, env = "CONNECTIONS_CALL_IDLE_SECONDS", default_value_t = 30)]
    pub(crate) call_idle_seconds: u64,
    /// Addresses of reverse proxies whose X-Forwarded-For is believed, separated by commas.
    #[arg(long, env = "CONNECTIONS_TRUSTED_PROXIES", default_value = "")]
    pub(crate) trusted_proxies: String,
    /// Address for the sandbox provider to listen on; it runs only where this is set.
    #[arg(long, env = "CONNECTIONS_SANDBOX")]
    pub(crate) sandbox: Option<SocketAddr>,
    /// Let tests read the sandbox's ledger and set its faults over HTTP.
    #[arg(long, env = "CONNECTIONS_SANDBOX_CONTROL", hide = true)]
    pub(crate) sandbox_control: bool,
    /// Life of the sandbox's access tokens in seconds.
    #[arg(long, env = "CONNECTIONS_SANDBOX_TOKEN_SECONDS", default_value_t = 300)]
    pub(crate) sandbox_token_seconds: u64,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum SignUp {
    /// Anyone.
    Open,
    /// Nobody without an invitation.
    Invite,
}

#[derive(Args)]
pub(crate) struct Migrate {
    /// PostgreSQL, logging in as the role connections_owner.
    #[arg(long, env = "CONNECTIONS_OWNER_DATABASE_URL", hide_env_values = true)]
    pub(crate) owner_database_url: String,
}

#[derive(Args)]
pub(crate) struct Bootstrap {
    #[command(flatten)]
    pub(crate) database: Database,
    #[command(flatten)]
    pub(crate) keys: Keys,
    /// The organization's name.
    #[arg(long)]
    pub(crate) organization: String,
    /// The owner's email address.
    #[arg(long)]
    pub(crate) email: String,
    /// The owner's name; the address where it is left out.
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Read the owner's password from standard input, one line.
    #[arg(long, required = true)]
    pub(crate) password_stdin: bool,
}

#[derive(Args)]
pub(crate) struct AddUser {
    #[command(flatten)]
    pub(crate) database: Database,
    #[command(flatten)]
    pub(crate) keys: Keys,
    /// The email address of somebody in that organization.
    #[arg(long)]
    pub(crate) organization_of: String,
    /// The new person's email address.
    #[arg(long)]
    pub(crate) email: String,
    /// The new person's name; the address where it is left out.
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// What they may do: owner, admin or developer.
    #[arg(long, default_value = "developer")]
    pub(crate) role: String,
}

#[derive(Args)]
pub(crate) struct ResetPassword {
    #[command(flatten)]
    pub(crate) database: Database,
    #[command(flatten)]
    pub(crate) keys: Keys,
    /// The person's email address.
    #[arg(long)]
    pub(crate) email: String,
}
