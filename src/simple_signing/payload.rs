//! What a signature says of an image: the payload of containers-signature(5), and cosign's, which has the same members.

#[cfg(feature = "sigstore")]
use crate::clock::Moment;
use crate::digest::{Digest, DigestError};
use crate::engine::Proven;
use crate::json::{Document, Kind, LocatedJsonError, Object, Value};
#[cfg(feature = "sigstore")]
use crate::sigstore::judge::ProvenPayload;
use crate::text::quote::Quoted;

/// Whose payload it is: what differs between the two is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PayloadForm {
    /// That of containers-signature(5), which OpenPGP signs.
    SimpleSigning,
    /// That of sigstore's signatures, as cosign, podman and skopeo make them (containers/image,
    /// `signature/internal/sigstore_payload.go`).
    Sigstore,
}

impl PayloadForm {
    /// What `critical.type` has to be.
    fn signature_type(self) -> &'static str {
        match self {
            Self::SimpleSigning => "atomic container signature",
            Self::Sigstore => "cosign container image signature",
        }
    }

    /// Whether `null` will do for `optional`, as cosign writes it without annotations. It has to be there in any case.
    fn has_null_for_optional(self) -> bool {
        self == Self::Sigstore
    }
}

/// What a signer says of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Payload {
    /// `critical.image.docker-manifest-digest`.
    pub(crate) manifest_digest: Digest,
    /// `critical.identity.docker-reference`, as it is there.
    pub(crate) docker_reference: String,
    /// `optional.creator`: the program that signed.
    pub(crate) creator: Option<String>,
    /// `optional.timestamp`: seconds since 1970.
    pub(crate) timestamp: Option<i64>,
}

impl Payload {
    /// When the signer says that it was signed, if that is a time of a calendar.
    #[cfg(feature = "sigstore")]
    pub(crate) fn signed_at(&self) -> Option<Moment> {
        let seconds = self
            .timestamp
            .filter(|seconds| *seconds <= Moment::LAST_SECOND)?;
        u64::try_from(seconds).ok().map(Moment::from_unix)
    }

    /// Reads a payload from bytes that a keyring has proven, and from no others: exactly the members of
    /// containers-signature(5), none twice, none of another type, and nothing after the object.
    ///
    /// # Errors
    ///
    /// [`PayloadError`] for anything else.
    pub(crate) fn parse(proven: &Proven) -> Result<Self, PayloadError> {
        Self::parse_bytes(proven.payload(), PayloadForm::SimpleSigning)
    }

    /// Reads the payload of a sigstore signature, as [`Payload::parse`] does, from bytes that were proven, and from no
    /// others.
    ///
    /// # Errors
    ///
    /// [`PayloadError`] for anything else.
    #[cfg(feature = "sigstore")]
    pub(crate) fn parse_sigstore(proven: &ProvenPayload<'_>) -> Result<Self, PayloadError> {
        Self::parse_bytes(proven.payload(), PayloadForm::Sigstore)
    }

    /// Whether bytes that nobody has proven would be a payload.
    ///
    /// # Errors
    ///
    /// [`PayloadError`] if not.
    pub(crate) fn check(untrusted_bytes: &[u8], form: PayloadForm) -> Result<(), PayloadError> {
        Self::parse_bytes(untrusted_bytes, form).map(drop)
    }

    fn parse_bytes(proven_bytes: &[u8], form: PayloadForm) -> Result<Self, PayloadError> {
        let document = Document::parse(proven_bytes)?;
        let [critical, optional] = exactly(document.root(), ["critical", "optional"])?;
        let (creator, timestamp) = if optional.kind() == Kind::Null && form.has_null_for_optional()
        {
            (None, None)
        } else {
            parse_optional(optional)?
        };

        let [kind, image, identity] = exactly(critical, ["type", "image", "identity"])?;
        let kind = kind.string()?;
        if kind != form.signature_type() {
            return Err(PayloadError::Type {
                found: kind.into_owned(),
                demanded: form.signature_type(),
            });
        }
        let [digest] = exactly(image, ["docker-manifest-digest"])?;
        let [reference] = exactly(identity, ["docker-reference"])?;
        Ok(Self {
            manifest_digest: digest.string()?.parse()?,
            docker_reference: reference.string()?.into_owned(),
            creator,
            timestamp,
        })
    }
}

/// Why proven bytes are no payload.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PayloadError {
    #[error(transparent)]
    Json(#[from] LocatedJsonError),
    #[error("`{member}` is missing in {place}")]
    Missing { member: &'static str, place: String },
    #[error("{place} has the member {}, which is not allowed there", Quoted(.member))]
    Unexpected { member: String, place: String },
    #[error("`critical.type` is {}, but must be `{demanded}`", Quoted(.found))]
    Type {
        found: String,
        demanded: &'static str,
    },
    #[error("`critical.image.docker-manifest-digest` is not a digest: {0}")]
    Digest(#[from] DigestError),
}

/// The values of `names` in `object`: none may be missing, and there may be no others.
fn exactly<'doc, const N: usize>(
    object: Value<'doc>,
    names: [&'static str; N],
) -> Result<[Value<'doc>; N], PayloadError> {
    let object = object.object()?;
    if let Some(member) = object
        .members()
        .iter()
        .find(|member| !names.contains(&member.name.as_ref()))
    {
        return Err(PayloadError::Unexpected {
            member: member.name.clone().into_owned(),
            place: place(&object),
        });
    }
    let mut missing = None;
    let values = names.map(|name| {
        object.find(name).unwrap_or_else(|| {
            missing.get_or_insert(name);
            object.value()
        })
    });
    match missing {
        None => Ok(values),
        Some(member) => Err(PayloadError::Missing {
            member,
            place: place(&object),
        }),
    }
}

/// `optional` may hold anything, but `creator` and `timestamp` have their types; `null` counts as
/// an absent one, as in containers/image.
fn parse_optional(optional: Value<'_>) -> Result<(Option<String>, Option<i64>), PayloadError> {
    let mut creator = None;
    let mut timestamp = None;
    for member in optional.object()?.members() {
        match member.name.as_ref() {
            "creator" | "timestamp" if member.value.kind() == Kind::Null => {}
            "creator" => creator = Some(member.value.string()?.into_owned()),
            "timestamp" => timestamp = Some(member.value.integer()?),
            _ => member.value.check_number_range()?,
        }
    }
    Ok((creator, timestamp))
}

fn place(object: &Object<'_>) -> String {
    let path = object.value().path();
    if path.is_empty() {
        "the payload".to_owned()
    } else {
        format!("`{path}`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(bytes: &[u8]) -> Result<Payload, PayloadError> {
        Payload::parse_bytes(bytes, PayloadForm::SimpleSigning)
    }

    const GOOD: &str = r#"{"critical":{"type":"atomic container signature","image":{"docker-manifest-digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},"identity":{"docker-reference":"r.example/a:1"}},"optional":{"creator":"me","timestamp":1.0}}"#;

    fn with(from: &str, to: &str) -> String {
        let text = GOOD.replacen(from, to, 1);
        assert_ne!(text, GOOD, "{from} does not occur");
        text
    }

    #[test]
    fn a_good_payload_is_read() {
        let payload = parse(GOOD.as_bytes()).unwrap();
        assert_eq!(payload.docker_reference, "r.example/a:1");
        assert_eq!(payload.creator.as_deref(), Some("me"));
        assert_eq!(payload.timestamp, Some(1));
        assert_eq!(
            payload.manifest_digest.to_string(),
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }

    #[test]
    fn what_optional_may_hold() {
        for optional in [
            "{}",
            r#"{"creator":null,"timestamp":null}"#,
            r#"{"timestamp":1.5e1}"#,
            r#"{"timestamp":-9223372036854775808}"#,
            r#"{"Creator":5,"x":{"a":1,"a":2}}"#,
            r#"{"creator":"\ud800"}"#,
        ] {
            let text = with(r#"{"creator":"me","timestamp":1.0}"#, optional);
            assert!(parse(text.as_bytes()).is_ok(), "{optional}");
        }
    }

    #[test]
    fn each_defect_has_its_sentence() {
        for (from, to, message) in [
            (
                r#""optional""#,
                r#""Optional""#,
                "the payload has the member `Optional`, which is not allowed there",
            ),
            (
                r#","optional":{"creator":"me","timestamp":1.0}"#,
                "",
                "`optional` is missing in the payload",
            ),
            (
                r#""image":{"docker-manifest-digest""#,
                r#""image":{"x":1,"docker-manifest-digest""#,
                "`critical.image` has the member `x`, which is not allowed there",
            ),
            (
                r#""identity":{"docker-reference":"r.example/a:1"}"#,
                r#""identity":{}"#,
                "`docker-reference` is missing in `critical.identity`",
            ),
            (
                "atomic container signature",
                "cosign container image signature",
                "`critical.type` is `cosign container image signature`, but must be `atomic container signature`",
            ),
        ] {
            let error = parse(with(from, to).as_bytes()).unwrap_err();
            assert_eq!(error.to_string(), message);
        }
    }

    #[test]
    fn everything_else_is_refused() {
        let digest = "\"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"";
        for (from, to) in [
            (r#""type":"#, r#""type":null,"type":"#),
            (
                r#""type":"#,
                r#""\u0074ype":"atomic container signature","type":"#,
            ),
            ("sha256:e3", "sha256:E3"),
            ("sha256:e3", "md5:e3"),
            (digest, "null"),
            (r#""r.example/a:1""#, "null"),
            (r#""r.example/a:1""#, r#"["r.example/a:1"]"#),
            (r#"{"creator":"me","timestamp":1.0}"#, "null"),
            (r#"{"creator":"me","timestamp":1.0}"#, "[]"),
            (r#""me""#, "5"),
            ("1.0", "1.5"),
            ("1.0", "9223372036854775807"),
            ("1.0", r#""1""#),
            ("1.0", "1e999"),
            ("1.0", r#"1.0,"timestamp":1.0"#),
            ("1.0", r#"1.0,"x":1,"x":1"#),
            ("1.0", r#"1.0,"x":[{"y":1e999}]"#),
        ] {
            assert!(parse(with(from, to).as_bytes()).is_err(), "{to}");
        }
        let trailing = format!("{GOOD} x");
        for bytes in [
            trailing.as_bytes(),
            b"",
            b"\xEF\xBB\xBF{}",
            b"{}\0",
            b"[]",
            b"null",
        ] {
            assert!(parse(bytes).is_err());
        }
    }

    #[test]
    #[cfg(feature = "sigstore")]
    fn when_it_was_signed_is_a_time_of_a_calendar() {
        for (timestamp, expected) in [
            ("-1", None),
            ("0", Some(0)),
            ("253402207200", Some(253_402_207_200)),
            ("253402207201", None),
        ] {
            let text = with("1.0", timestamp)
                .replace("atomic", "cosign")
                .replace("container signature", "container image signature");
            let payload = Payload::parse_bytes(text.as_bytes(), PayloadForm::Sigstore).unwrap();
            assert_eq!(payload.signed_at(), expected.map(Moment::from_unix));
        }
    }

    #[test]
    fn a_payload_of_sigstore_has_another_type_and_perhaps_null() {
        let sigstore = |text: &str| Payload::parse_bytes(text.as_bytes(), PayloadForm::Sigstore);
        let optional = r#"{"creator":"me","timestamp":1.0}"#;
        let text = with(
            "atomic container signature",
            "cosign container image signature",
        );
        let payload = sigstore(&text).unwrap();
        assert_eq!(payload.docker_reference, "r.example/a:1");
        assert_eq!(payload.timestamp, Some(1));
        let null = sigstore(&text.replace(optional, "null")).unwrap();
        assert_eq!((null.creator, null.timestamp), (None, None));
        // Never the other's type, and never `null` in the place of both.
        assert_eq!(
            sigstore(GOOD).unwrap_err().to_string(),
            "`critical.type` is `atomic container signature`, but must be `cosign container image signature`"
        );
        assert!(parse(text.as_bytes()).is_err());
        assert!(parse(with(optional, "null").as_bytes()).is_err());
        for wrong in [
            text.replace(&format!(r#","optional":{optional}"#), ""),
            text.replace(optional, "[]"),
            text.replace(optional, r#"{"timestamp":1.5}"#),
            text.replace(optional, r#"{"creator":5}"#),
            text.replace(optional, r#"{"x":1,"x":2}"#),
            text.replace(r#""optional""#, r#""Optional""#),
        ] {
            assert!(sigstore(&wrong).is_err(), "{wrong}");
        }
    }
}
