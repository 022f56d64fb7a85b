//! Whom to trust where no policy says it: sigstore's "trusted root".

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::clock::Moment;
use crate::json::{Document, Kind, LocatedJsonError, Object, Value};
use crate::sigstore::certificate::Certificate;
use crate::sigstore::public_key::PublicKey;
use crate::sigstore::spki::KeyMaterial;
use crate::sigstore::trust::TrustedPublicKey;

/// What the types of trusted roots begin with that are read.
const MEDIA_TYPE: &str = "application/vnd.dev.sigstore.trustedroot";

/// Whom [`verify_bundle`](super::verify_bundle) trusts: logs, and authorities or keys of signers.
///
/// A policy names all that as files; this is for programs that have none, and want to know who signed.
#[derive(Clone, Debug)]
pub struct TrustRoot {
    pub(super) keys: Vec<TrustedPublicKey>,
    /// None if no log has to have recorded a signature by a key. Those by a certificate always need one.
    pub(super) logs: Option<Vec<Timed<TrustedPublicKey>>>,
    pub(super) authorities: Vec<Timed<Authority>>,
}

/// Something that is trusted for a time.
#[derive(Clone, Debug)]
pub(super) struct Timed<T> {
    pub(super) trusted: T,
    pub(super) times: Times,
}

/// From when until when, if there is an end. Both are a part of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    from: Moment,
    until: Option<Moment>,
}

impl Times {
    pub(super) fn contain(self, time: Moment) -> bool {
        self.from <= time && self.until.is_none_or(|until| time <= until)
    }
}

/// An authority that issues certificates to signers.
#[derive(Clone, Debug)]
pub(super) struct Authority {
    pub(super) root: Certificate,
    /// Those between it and signers.
    pub(super) intermediates: Vec<Certificate>,
    pub(super) origin: String,
}

/// Why a file names nobody to trust.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{origin} cannot be used: {detail}")]
#[non_exhaustive]
pub struct TrustRootError {
    /// The file, as the caller calls it.
    pub origin: String,
    /// What is wrong with it, and where.
    pub detail: String,
}

impl TrustRoot {
    /// Reads a `trusted_root.json` of sigstore (`TrustedRoot` of its `protobuf-specs`), such as its root of trust distributes it:
    /// its logs and its authorities, each for the time that it says. `origin` is how reports call the file.
    ///
    /// What a policy cannot name is passed over: logs whose key is not for ECDSA, which are those of Rekor v2, logs of
    /// certificates, and authorities of timestamps. Members that are not known are skipped.
    ///
    /// # Errors
    ///
    /// [`TrustRootError`] for what is not such a file, and for a log or an authority that does not say from when it is to be
    /// trusted, or whose key or certificate cannot be read: one that is broken spoils the file.
    pub fn from_json(json: &[u8], origin: &str) -> Result<Self, TrustRootError> {
        read(json, origin).map_err(|error| error_in(origin, error))
    }

    /// Trusts nobody but the signer with this public key, in PEM, and asks for no log. `origin` is how reports call the file.
    ///
    /// # Errors
    ///
    /// [`TrustRootError`] for what is no public key.
    pub fn from_key(pem: &[u8], origin: &str) -> Result<Self, TrustRootError> {
        Self {
            keys: Vec::new(),
            logs: None,
            authorities: Vec::new(),
        }
        .with_key(pem, origin)
    }

    /// Also trusts the signer with this public key, in PEM; where logs are trusted, one of them has to have recorded its
    /// signature.
    ///
    /// # Errors
    ///
    /// [`TrustRootError`] for what is no public key.
    pub fn with_key(mut self, pem: &[u8], origin: &str) -> Result<Self, TrustRootError> {
        self.keys.push(TrustedPublicKey {
            key: PublicKey::from_pem(pem).map_err(|error| error_in(origin, error))?,
            origin: origin.to_owned(),
        });
        Ok(self)
    }

    /// The keys of the logs, whenever they are to be trusted.
    pub(super) fn log_keys(&self) -> Option<Vec<TrustedPublicKey>> {
        let logs = self.logs.as_ref()?.iter();
        Some(logs.map(|log| log.trusted.clone()).collect())
    }
}

fn error_in(origin: &str, error: impl ToString) -> TrustRootError {
    TrustRootError {
        origin: origin.to_owned(),
        detail: error.to_string(),
    }
}

/// What is wrong with a trusted root.
#[derive(Debug, thiserror::Error)]
enum Problem {
    #[error(transparent)]
    Json(#[from] LocatedJsonError),
    #[error("{path}: {detail}")]
    At { path: String, detail: String },
}

fn at(value: Value<'_>, detail: impl ToString) -> Problem {
    Problem::At {
        path: match value.path() {
            path if path.is_empty() => "the whole".to_owned(),
            path => path,
        },
        detail: detail.to_string(),
    }
}

fn read(json: &[u8], origin: &str) -> Result<TrustRoot, Problem> {
    let document = Document::parse(json)?;
    let root = document.root().object()?;
    let media_type = required(&root, "mediaType")?;
    if !media_type.string()?.starts_with(MEDIA_TYPE) {
        return Err(at(media_type, "it is no trusted root of sigstore"));
    }
    let mut logs = Vec::new();
    for log in array(&root, "tlogs")? {
        logs.extend(self::log(log, origin)?);
    }
    let authorities = array(&root, "certificateAuthorities")?.into_iter();
    let authorities = authorities.map(|authority| self::authority(authority, origin));
    Ok(TrustRoot {
        keys: Vec::new(),
        logs: Some(logs),
        authorities: authorities.collect::<Result<_, _>>()?,
    })
}

/// A log; none if its key is of another kind than policies name.
fn log(value: Value<'_>, origin: &str) -> Result<Option<Timed<TrustedPublicKey>>, Problem> {
    let key = required(&value.object()?, "publicKey")?;
    let members = key.object()?;
    let times = times(&members)?;
    let material = KeyMaterial::from_spki(&octets(required(&members, "rawBytes")?)?)
        .map_err(|error| at(key, error))?;
    let key = PublicKey::of(material);
    let is_usable = key.algorithm().is_ecdsa();
    Ok(is_usable.then(|| Timed {
        trusted: TrustedPublicKey {
            key,
            origin: origin.to_owned(),
        },
        times,
    }))
}

fn authority(value: Value<'_>, origin: &str) -> Result<Timed<Authority>, Problem> {
    let members = value.object()?;
    let chain = required(&members, "certChain")?;
    let mut certificates = Vec::new();
    for certificate in array(&chain.object()?, "certificates")? {
        let der = octets(required(&certificate.object()?, "rawBytes")?)?;
        certificates.push(Certificate::from_der(&der).map_err(|error| at(certificate, error))?);
    }
    // The root is the last.
    let root = certificates
        .pop()
        .ok_or_else(|| at(chain, "it has no certificate"))?;
    Ok(Timed {
        trusted: Authority {
            root,
            intermediates: certificates,
            origin: origin.to_owned(),
        },
        times: times(&members)?,
    })
}

/// For which time something is trusted.
fn times(members: &Object<'_>) -> Result<Times, Problem> {
    let valid_for = required(members, "validFor")?;
    let ends = valid_for.object()?;
    let moment = |value: Value<'_>| {
        let text = value.string()?;
        text.parse::<Moment>().map_err(|error| at(value, error))
    };
    Ok(Times {
        from: moment(required(&ends, "start")?)?,
        until: unless_null(&ends, "end").map(moment).transpose()?,
    })
}

fn octets(value: Value<'_>) -> Result<Vec<u8>, Problem> {
    let decoded = STANDARD.decode(&*value.string()?);
    decoded.map_err(|error| at(value, error))
}

fn array<'doc>(members: &Object<'doc>, name: &str) -> Result<Vec<Value<'doc>>, Problem> {
    match unless_null(members, name) {
        None => Ok(Vec::new()),
        Some(value) => Ok(value.array()?),
    }
}

fn required<'doc>(members: &Object<'doc>, name: &str) -> Result<Value<'doc>, Problem> {
    unless_null(members, name).ok_or_else(|| at(members.value(), format!("it has no `{name}`")))
}

fn unless_null<'doc>(members: &Object<'doc>, name: &str) -> Option<Value<'doc>> {
    let value = members.find(name);
    value.filter(|value| value.kind() != Kind::Null)
}
