//! An AWS of our own: moto behind a shim that pages and digests truly and breaks on demand, seeded with an
//! organisation. Refuses to be reached from elsewhere; how it works is told in `tests/emulators/README.md`.

use std::ops::Deref;
use std::path::Path;
use std::sync::OnceLock;

use connectors::{Built, Descriptor, aws};
use domain::source::Values;
use serde_json::{Map, Value, json};

use crate::cloud::{Cloud, Emulator, Settings, texts, told};
use crate::there;

/// A running AWS, for every service and region.
#[derive(Debug)]
pub struct Aws(Emulator);

/// What was seeded.
#[derive(Debug, Clone)]
pub struct Estate {
    /// The account that manages the organisation, and owns the access key.
    pub management: String,
    /// Every account, the management account first.
    pub accounts: Vec<String>,
    /// Regions that hold something. One more is enabled and empty, two are disabled.
    pub regions: Vec<String>,
    /// Access key of the management account.
    pub access_key: String,
    /// Its secret; signatures are not verified.
    pub secret_key: String,
    /// The name of the role that may be assumed in each account.
    pub role: String,
    /// What each role's trust policy asks for.
    pub external_id: String,
    /// Repositories in all accounts and regions.
    pub repositories: u64,
    /// Manifests in them: indexes, images and attestations.
    pub images: u64,
    /// How long seeding took, in seconds of the processor's time.
    pub seconds: f64,
}

impl Estate {
    /// The role to assume in an account.
    #[must_use]
    pub fn role_in(&self, account: &str) -> String {
        format!("arn:aws:iam::{account}:role/{}", self.role)
    }
}

impl Deref for Aws {
    type Target = Emulator;

    fn deref(&self) -> &Emulator {
        &self.0
    }
}

impl Cloud for Aws {
    type Estate = Estate;
    const CONNECTOR: Descriptor = aws::DESCRIPTOR;

    fn start() -> Option<Self> {
        Emulator::start("aws").map(Self)
    }

    fn seed(&self, plan: &Value) -> Estate {
        let told = self.lay(plan);
        let text = |name: &str| there(told[name].as_str(), name).to_owned();
        let number = |name: &str| there(told[name].as_u64(), name);
        let accounts = told["accounts"].as_array().into_iter().flatten();
        Estate {
            management: text("management"),
            accounts: accounts.filter_map(|row| row["id"].as_str().map(str::to_owned)).collect(),
            regions: texts(&told["regions"]),
            access_key: text("access_key"),
            secret_key: text("secret_key"),
            role: text("role"),
            external_id: text("external_id"),
            repositories: number("repositories"),
            images: number("images"),
            seconds: there(told["seconds"].as_f64(), "seconds"),
        }
    }

    fn values(&self, estate: &Estate, settings: Settings<'_>) -> Values {
        let own = [("endpoint", &self.address), ("role", &estate.role), ("external_id", &estate.external_id)];
        let own = own.into_iter().map(|(name, value)| (name.to_owned(), vec![value.clone()]));
        own.chain(told(settings)).collect()
    }

    /// The whole organisation, in the regions that hold something.
    fn over_all(&self, estate: &Estate, settings: Settings<'_>) -> Values {
        let mut values = self.values(estate, settings);
        if !values.contains_key("accounts") {
            values.insert("organisation".to_owned(), vec!["true".to_owned()]);
        }
        values.entry("regions".to_owned()).or_insert_with(|| estate.regions.clone());
        values
    }

    fn key(estate: &Estate) -> Value {
        json!([estate.access_key, estate.secret_key])
    }

    fn build(values: &Values, key: &Value) -> Built {
        let word = |place: usize| there(key[place].as_str(), "the emulator's key");
        aws::build_with_key(values, word(0), word(1))
    }

    fn environment(&self, estate: &Estate, _: &Path) -> Vec<(&'static str, String)> {
        let own = [
            ("AWS_ACCESS_KEY_ID", estate.access_key.as_str()),
            ("AWS_SECRET_ACCESS_KEY", &estate.secret_key),
            ("AWS_CONFIG_FILE", "/dev/null"),
            ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ];
        own.map(|(name, value)| (name, value.to_owned())).to_vec()
    }
}

impl Aws {
    /// The organisation of [`small`] that the tests of this process share: read it, and order nothing.
    #[must_use]
    pub fn shared() -> Option<&'static (Self, Estate)> {
        static SHARED: OnceLock<Option<(Aws, Estate)>> = OnceLock::new();
        SHARED.get_or_init(|| Self::seeded(&small())).as_ref()
    }

    /// Orders a fault and answers its number.
    pub fn fault(&self, fault: &Fault) -> u64 {
        self.0.fault(&fault.order())
    }

    /// What was asked since the last seed or [`Emulator::forget_calls`].
    #[must_use]
    pub fn calls(&self) -> Calls {
        let told = self.asked("GET", "/_calls", None);
        let rows = told["at_once"].as_array().into_iter().flatten();
        let at_once = rows.filter_map(|row| row["peak"].as_u64()).max().unwrap_or(0);
        Calls { each: self.log().iter().map(Call::read).collect(), at_once }
    }
}

/// The usual organisation: 3 accounts, 2 regions, 60 repositories in each, workloads and findings.
#[must_use]
pub fn small() -> Value {
    json!("small")
}

/// A fault to order: what happens, to which calls, how often. What is not said means any and always.
#[derive(Debug, Clone)]
pub struct Fault {
    order: Map<String, Value>,
}

impl Fault {
    /// As the emulator takes it.
    #[must_use]
    pub fn order(&self) -> Value {
        Value::Object(self.order.clone())
    }

    fn of(kind: &str) -> Self {
        Self { order: Map::from_iter([("kind".to_owned(), kind.into())]) }
    }

    fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.order.insert(name.to_owned(), value.into());
        self
    }

    /// 429 `ThrottlingException`.
    #[must_use]
    pub fn throttle() -> Self {
        Self::of("throttle")
    }

    /// With this code and status instead, as services differ in how they throttle.
    #[must_use]
    pub fn said(self, code: &str, status: u16) -> Self {
        self.with("code", code).with("status", status)
    }

    /// `AccessDeniedException`.
    #[must_use]
    pub fn deny() -> Self {
        Self::of("deny")
    }

    /// An error of this code and status.
    #[must_use]
    pub fn error(code: &str, status: u16) -> Self {
        Self::of("error").said(code, status)
    }

    /// No answer for so long.
    #[must_use]
    pub fn timeout(seconds: f64) -> Self {
        Self::of("timeout").with("seconds", seconds)
    }

    /// A page of HTML with this status.
    #[must_use]
    pub fn garbage(status: u16) -> Self {
        Self::of("garbage").with("status", status)
    }

    /// The first image of each repository meant is listed, and gone when described.
    #[must_use]
    pub fn vanish() -> Self {
        Self::of("vanish")
    }

    /// Every page is the first and promises another.
    #[must_use]
    pub fn repeat_token() -> Self {
        Self::of("repeat_token")
    }

    /// The connection is reset in the middle of the body.
    #[must_use]
    pub fn reset() -> Self {
        Self::of("reset")
    }

    /// The body takes so long.
    #[must_use]
    pub fn slow(seconds: f64) -> Self {
        Self::of("slow").with("seconds", seconds)
    }

    /// The account leaves the organisation, and its role can no longer be assumed.
    #[must_use]
    pub fn leave(account: &str) -> Self {
        Self::of("leave").with("account", account)
    }

    /// The account is listed as suspended, and its role cannot be assumed.
    #[must_use]
    pub fn suspend(account: &str) -> Self {
        Self::of("suspend").with("account", account)
    }

    /// Calls of this account only.
    #[must_use]
    pub fn account(self, account: &str) -> Self {
        self.with("account", account)
    }

    /// Calls to this region only.
    #[must_use]
    pub fn region(self, region: &str) -> Self {
        self.with("region", region)
    }

    /// Calls of one operation only: `on("ecr", "DescribeImages")`; `*` is any.
    #[must_use]
    pub fn on(self, service: &str, action: &str) -> Self {
        self.with("service", service).with("action", action)
    }

    /// The first so many calls only.
    #[must_use]
    pub fn first(self, calls: u32) -> Self {
        self.with("first", calls)
    }

    /// Not the first so many calls.
    #[must_use]
    pub fn after(self, calls: u32) -> Self {
        self.with("after", calls)
    }

    /// Every so many-th call only.
    #[must_use]
    pub fn every(self, calls: u32) -> Self {
        self.with("every", calls)
    }

    /// With `Retry-After`, in seconds.
    #[must_use]
    pub fn retry_after(self, seconds: u32) -> Self {
        self.with("retry_after", seconds)
    }

    /// For `vanish`: this repository only.
    #[must_use]
    pub fn repository(self, name: &str) -> Self {
        self.with("repository", name)
    }

    /// For `vanish`: this digest.
    #[must_use]
    pub fn digest(self, digest: &str) -> Self {
        self.with("digest", digest)
    }
}

/// One call as the emulator saw it.
#[derive(Debug, Clone)]
pub struct Call {
    /// Whose credentials signed it; empty when they are unknown.
    pub account: String,
    /// Region of the signature.
    pub region: String,
    /// Service by botocore's name: `ecr`, `elbv2`.
    pub service: String,
    /// Operation: `DescribeImages`.
    pub action: String,
    /// Seconds since 1970 when it came in.
    pub at: f64,
    /// Status of the answer; none while it is under way.
    pub status: Option<u64>,
    /// Code of the error it was answered with.
    pub code: Option<String>,
}

impl Call {
    fn read(row: &Value) -> Self {
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        Self {
            account: text("account"),
            region: text("region"),
            service: text("service"),
            action: text("action"),
            at: row["at"].as_f64().unwrap_or_default(),
            status: row["status"].as_u64(),
            code: row["code"].as_str().map(str::to_owned),
        }
    }
}

/// What the emulator was asked, in order.
#[derive(Debug, Clone)]
pub struct Calls {
    /// Every call.
    pub each: Vec<Call>,
    /// The most calls that were under way at once in one account, region and service.
    pub at_once: u64,
}

impl Calls {
    /// How many calls of an operation there were.
    #[must_use]
    pub fn of(&self, service: &str, action: &str) -> usize {
        self.each.iter().filter(|call| call.service == service && call.action == action).count()
    }

    /// How many calls an account made in a region.
    #[must_use]
    pub fn within(&self, account: &str, region: &str) -> usize {
        self.each.iter().filter(|call| call.account == account && call.region == region).count()
    }
}
