//! The command line as clap sees it. Refuses behaviour: each command's is in `commands`.

use std::net::SocketAddr;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::{Args, Parser, Subcommand};
use domain::reference::ImageReference;

/// Shows how exposed a container estate is: takes in what scanners, registries and clusters say,
/// scores it, explains the score, and serves the dashboard.
#[derive(Debug, Parser)]
#[command(name = "plimsoll", version, propagate_version = true)]
#[command(
    after_help = "Exit status: 0 good, 1 a negative answer (a refused document, a source not seen whole), 2 an error."
)]
pub(crate) struct Arguments {
    /// Settings file (TOML).
    #[arg(long, global = true, value_name = "FILE", env = "PLIMSOLL_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// Database address: sqlite://PATH or postgres://USER@HOST/NAME.
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) database: Option<String>,
    /// Answer in JSON, one value a line.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Load a realistic multi-cloud estate and serve its dashboard.
    Demo(Demo),
    /// Serve the dashboard and process what arrives.
    Serve(Serve),
    /// Sync sources and process what arrives, without serving the dashboard.
    Work,
    /// Ask sources what there is, now, and show how far they are.
    Sync(Sync),
    /// Ask a source from here and send what it shows to a server that cannot reach it.
    Collect(Collect),
    /// Let others push to a source, or stop them.
    #[command(subcommand)]
    Sources(Sources),
    /// Take documents into the database: reports, SBOMs, VEX, cluster lists, feeds.
    Ingest(Ingest),
    /// Recognise and parse documents without a database.
    Inspect(Inspect),
    /// Score a file of plain facts without a database.
    Score(Score),
    /// Bring the database schema up to date.
    Migrate(Migrate),
    /// Check settings and database, and report every problem at once.
    Check(Check),
}

/// Where to listen.
#[derive(Debug, Args)]
pub(crate) struct Listening {
    /// Address and port, 127.0.0.1:8080 unless set.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<SocketAddr>,
    /// Allow an address that others can reach although there are no accounts to log in with.
    #[arg(long)]
    pub(crate) insecure_no_login: bool,
}

/// `plimsoll demo`
#[derive(Debug, Args)]
pub(crate) struct Demo {
    #[command(flatten)]
    pub(crate) listening: Listening,
    /// Directory for the database; a temporary one, removed at the end, unless given.
    #[arg(long, value_name = "DIRECTORY")]
    pub(crate) directory: Option<PathBuf>,
    /// Write the demo's documents to a directory and end.
    #[arg(long, value_name = "DIRECTORY", conflicts_with = "directory")]
    pub(crate) export: Option<PathBuf>,
    /// Seed of the generated estate.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

/// `plimsoll serve`
#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) listening: Listening,
}

/// `plimsoll ingest`
#[derive(Debug, Args)]
pub(crate) struct Ingest {
    /// Files or directories; - is standard input. Compressed files (.gz, .zst, .xz) and archives (.zip, .tar) are read.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Image that documents speak of which name none: repository:tag or repository@digest.
    #[arg(long, value_name = "REFERENCE")]
    pub(crate) image: Option<ImageReference>,
    /// Cluster that Kubernetes lists belong to.
    #[arg(long, value_name = "NAME")]
    pub(crate) cluster: Option<String>,
    /// Moment the documents speak for where they state none (RFC 3339); now unless given.
    #[arg(long, value_name = "TIME")]
    pub(crate) as_of: Option<DateTime<Utc>>,
    /// What the columns of the documents mean, which must be tables (CSV) or lists of objects (JSON): the name of a saved
    /// mapping, or a file such as {"tool": "our-scanner", "columns": {"How bad": "severity", "Notes": "beside"}}.
    #[arg(long, value_name = "FILE_OR_NAME")]
    pub(crate) mapping: Option<PathBuf>,
}

/// `plimsoll sync`
#[derive(Debug, Args)]
pub(crate) struct Sync {
    /// Names of sources; all that are on unless given.
    #[arg(value_name = "SOURCE")]
    pub(crate) sources: Vec<String>,
    /// Count what there is and what would change, and save nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// `plimsoll collect`
#[derive(Debug, Args)]
#[command(after_help = COLLECT_HELP)]
pub(crate) struct Collect {
    /// Name of a source of the settings file here. On the server it may have another.
    #[arg(value_name = "SOURCE")]
    pub(crate) source: String,
    /// Address of the server: https://plimsoll.example.com
    #[arg(long, value_name = "URL", required_unless_present = "dry_run")]
    pub(crate) to: Option<String>,
    /// File with the token; otherwise it is in PLIMSOLL_PUSH_TOKEN.
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// Directory that keeps how far a run has come and what was read before; $XDG_STATE_HOME/plimsoll or
    /// ~/.local/state/plimsoll unless given.
    #[arg(long, value_name = "DIRECTORY")]
    pub(crate) state: Option<PathBuf>,
    /// Begin a new run also where an interrupted one could go on, and forget what was read before.
    #[arg(long)]
    pub(crate) anew: bool,
    /// Ask everything, tell what would be sent, and send nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Allow http:// to another machine: the token and what was seen then travel in the clear.
    #[arg(long)]
    pub(crate) insecure_http: bool,
}

const COLLECT_HELP: &str = "\
No database is needed here. The server needs a source to push to; its page there makes the token, and so does
`plimsoll sources token NAME` where the server runs.
A run that was interrupted goes on when the same command is given again within six hours: what is on the
server is not sent again. What never changes, such as what an image's digest stands for, is read once; a
document that has not changed is sent once a day.";

/// `plimsoll sources`
#[derive(Debug, Subcommand)]
pub(crate) enum Sources {
    /// Make the token with which `plimsoll collect` may push to a source.
    ///
    /// It is printed once, and replaces the one before. Only its hash is stored.
    Token(Token),
}

/// `plimsoll sources token`
#[derive(Debug, Args)]
pub(crate) struct Token {
    /// Name of the source.
    #[arg(value_name = "NAME")]
    pub(crate) source: String,
    /// Take the token back and make none.
    #[arg(long)]
    pub(crate) take_back: bool,
}

/// `plimsoll inspect`
#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// Files or directories; - is standard input. Compressed files (.gz, .zst, .xz) and archives (.zip, .tar) are read.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// What the columns of the documents mean, which must be tables (CSV) or lists of objects (JSON): a file such as
    /// {"tool": "our-scanner", "columns": {"How bad": "severity", "Notes": "beside"}}, or the name of a mapping that is
    /// saved in the database, which is opened for that alone.
    #[arg(long, value_name = "FILE_OR_NAME")]
    pub(crate) mapping: Option<PathBuf>,
}

/// `plimsoll score`
#[derive(Debug, Args)]
pub(crate) struct Score {
    /// File of facts in JSON; - is standard input.
    #[arg(value_name = "FACTS.json")]
    pub(crate) facts: PathBuf,
}

/// `plimsoll migrate`
#[derive(Debug, Args)]
pub(crate) struct Migrate {
    /// Say what is pending and change nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// `plimsoll check`
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Print every setting with its value and origin, without secrets.
    #[arg(long)]
    pub(crate) show: bool,
    /// Try every permission that the sources need, and print a table.
    #[arg(long)]
    pub(crate) sources: bool,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_consistent() {
        super::Arguments::command().debug_assert();
    }
}
