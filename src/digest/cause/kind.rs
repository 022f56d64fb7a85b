//! The causes, and what is said of each.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::digest::value::Algorithm;
use crate::text::content::Content;
use crate::text::sentences::{self, WithSentences};

/// Why the manifest that came has another digest than the one that was signed or asked for.
///
/// Each but [`DigestCause::Changed`] and [`DigestCause::ManifestNotRead`] has been tried out: the bytes that it speaks of have the digest, or name it.
/// `Display` is a sentence without a subject of its own, which goes on from "the manifest has another digest:". As JSON
/// an object with `code`, `message`, `remedy` and the cause's own members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(remote = "Self", tag = "code", rename_all = "kebab-case")]
pub enum DigestCause {
    /// The digest is that of the same bytes by another algorithm than manifests are named by.
    #[non_exhaustive]
    OtherAlgorithm {
        /// The algorithm.
        algorithm: Algorithm,
    },
    /// The digest is that of the whole file of a signed Docker schema 1 manifest, whose own digest leaves out the
    /// signatures in it.
    #[serde(rename = "schema-1-signatures")]
    Schema1Signatures,
    /// White space at the end of the manifest is too much.
    #[non_exhaustive]
    TrailingNewline {
        /// How many bytes it has.
        bytes: usize,
    },
    /// The manifest has lost the line feed at its end.
    LineFeedMissing,
    /// The ends of its lines were rewritten, between LF and CRLF.
    #[non_exhaustive]
    Crlf {
        /// Whether what came has CRLF.
        came_with_crlf: bool,
    },
    /// It was formatted anew: nothing but white space between its members differs.
    WhiteSpace,
    /// A byte-order mark was put in front of it.
    ByteOrderMark,
    /// What came is compressed with gzip.
    #[non_exhaustive]
    Gzip {
        /// Whether it has the digest once it is unpacked. Builds without an engine cannot tell.
        unpacked_fits: bool,
    },
    /// What came is a list, and the digest is that of one of its instances.
    #[non_exhaustive]
    InstanceOfThisList {
        /// The instance's platform, if the list says it: `linux/amd64`.
        #[serde(skip_serializing_if = "Option::is_none")]
        platform: Option<String>,
    },
    /// The digest is that of the image's configuration, which `docker images` shows as the image's ID.
    ImageIdSigned,
    /// The digest is that of one of the image's layers.
    #[non_exhaustive]
    LayerSigned {
        /// Which of them, from 1.
        layer: usize,
    },
    /// The digest is that of the manifest that this one is about (`subject`), as that of an attached signature is.
    SubjectSigned,
    /// Not a single byte came.
    Empty,
    /// A web page came.
    #[non_exhaustive]
    HtmlPage {
        /// Its title, with its white space joined, and cut.
        #[serde(skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        /// Its length.
        bytes: usize,
    },
    /// What came is no JSON.
    #[non_exhaustive]
    NotJson {
        /// What it is instead.
        found: Content,
    },
    /// What came ends in the middle.
    #[non_exhaustive]
    Truncated {
        /// After so many bytes.
        bytes: usize,
    },
    /// The digest is that of another instance of the list that names this one.
    #[non_exhaustive]
    OtherInstance {
        /// The platform of the one that was signed or asked for, if the list says it.
        #[serde(skip_serializing_if = "Option::is_none")]
        wanted: Option<String>,
        /// The platform of the one that came.
        #[serde(skip_serializing_if = "Option::is_none")]
        came: Option<String>,
    },
    /// The digest is that of the list that names this instance.
    ListSigned,
    /// Only the digest of what came is known, and not its bytes, so that nothing could be tried.
    ManifestNotRead,
    /// None of these: it was changed, or is another image.
    Changed,
}

impl DigestCause {
    /// The stable word for this cause, in kebab-case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::OtherAlgorithm { .. } => "other-algorithm",
            Self::Schema1Signatures => "schema-1-signatures",
            Self::TrailingNewline { .. } => "trailing-newline",
            Self::LineFeedMissing => "line-feed-missing",
            Self::Crlf { .. } => "crlf",
            Self::WhiteSpace => "white-space",
            Self::ByteOrderMark => "byte-order-mark",
            Self::Gzip { .. } => "gzip",
            Self::InstanceOfThisList { .. } => "instance-of-this-list",
            Self::ImageIdSigned => "image-id-signed",
            Self::LayerSigned { .. } => "layer-signed",
            Self::SubjectSigned => "subject-signed",
            Self::Empty => "empty",
            Self::HtmlPage { .. } => "html-page",
            Self::NotJson { .. } => "not-json",
            Self::Truncated { .. } => "truncated",
            Self::OtherInstance { .. } => "other-instance",
            Self::ListSigned => "list-signed",
            Self::ManifestNotRead => "manifest-not-read",
            Self::Changed => "changed",
        }
    }

    /// What to do about it, in one sentence.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::OtherAlgorithm { .. }
            | Self::ImageIdSigned
            | Self::LayerSigned { .. }
            | Self::SubjectSigned => {
                "have it signed with the manifest's SHA-256 digest, as `podman push --sign-by` does"
            }
            Self::Schema1Signatures => {
                "use the digest that `skopeo manifest-digest` prints for this manifest"
            }
            Self::TrailingNewline { .. }
            | Self::LineFeedMissing
            | Self::Crlf { .. }
            | Self::WhiteSpace
            | Self::ByteOrderMark => {
                "fetch it byte for byte (`skopeo copy --preserve-digests`), do not edit or format it"
            }
            Self::Gzip { .. } => {
                "unpack it (`gzip -d`), and look at the proxy or cache that serves it compressed"
            }
            Self::InstanceOfThisList { .. } => {
                "check the instance with that digest (`--instance`), or have the list signed too"
            }
            Self::Empty | Self::Truncated { .. } => {
                "fetch the image again; then look at the registry's storage and the proxy before it"
            }
            Self::HtmlPage { .. } => {
                "log in to the registry, and look at the proxy: one of them answered with a page"
            }
            Self::NotJson { .. } => {
                "do not run the image; look at what has written its manifest, and fetch it again"
            }
            Self::OtherInstance { .. } => {
                "fetch the signatures of this instance, or choose the one that they are for"
            }
            Self::ListSigned => {
                "have each instance signed too, as `podman manifest push --all --sign-by` does"
            }
            Self::ManifestNotRead | Self::Changed => {
                "do not run it; compare it with the registry of origin; if it is meant, have it signed"
            }
        }
    }
}

impl fmt::Display for DigestCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |platform: &Option<String>| match platform {
            Some(platform) => format!("that for {platform}"),
            None => "one for no platform".to_owned(),
        };
        match self {
            Self::OtherAlgorithm { algorithm } => write!(
                f,
                "the digest is the {algorithm} of the same bytes, and manifests are compared by sha256"
            ),
            Self::Schema1Signatures => f.write_str(
                "the digest is of the whole file, and that of a Docker schema 1 manifest leaves out \
                 the signatures in it",
            ),
            Self::TrailingNewline { bytes: 1 } => f.write_str(
                "without the line feed or space at its end, it has that digest: an editor or a tool \
                 has saved it anew",
            ),
            Self::TrailingNewline { bytes } => write!(
                f,
                "without the {bytes} bytes of white space at its end, it has that digest: an editor \
                 or a tool has saved it anew"
            ),
            Self::LineFeedMissing => f.write_str(
                "with a line feed at its end, it has that digest: a tool has cut it off",
            ),
            Self::Crlf {
                came_with_crlf: true,
            } => f.write_str(
                "with lines that end in LF and not CRLF, it has that digest: an editor or git \
                 (`autocrlf`) has rewritten them",
            ),
            Self::Crlf {
                came_with_crlf: false,
            } => f.write_str(
                "with lines that end in CRLF and not LF, it has that digest: an editor or git \
                 (`autocrlf`) has rewritten them",
            ),
            Self::WhiteSpace => f.write_str(
                "with other white space between its members, it has that digest: a tool has \
                 formatted it anew",
            ),
            Self::ByteOrderMark => f.write_str(
                "without the byte-order mark before it, it has that digest: an editor has saved it \
                 anew",
            ),
            Self::Gzip {
                unpacked_fits: true,
            } => f.write_str(
                "what came is compressed with gzip, and has that digest once it is unpacked",
            ),
            Self::Gzip {
                unpacked_fits: false,
            } => f.write_str("what came is compressed with gzip, and no manifest"),
            Self::InstanceOfThisList { platform } => write!(
                f,
                "what came is a list of instances, and the digest is of {} in it",
                platform.as_deref().unwrap_or("an instance")
            ),
            Self::ImageIdSigned => f.write_str(
                "the digest is of the image's configuration (the image ID), and not of its manifest",
            ),
            Self::LayerSigned { layer } => write!(
                f,
                "the digest is of layer {layer} of the image, and not of its manifest"
            ),
            Self::SubjectSigned => f.write_str(
                "the digest is of the manifest that this one is attached to (`subject`)",
            ),
            Self::Empty => f.write_str("what came is empty, 0 bytes"),
            Self::HtmlPage { title, bytes } => {
                f.write_str("no manifest came but a web page (")?;
                if let Some(title) = title {
                    // A stranger's: escaped.
                    write!(f, "{title:?}, ")?;
                }
                write!(f, "{bytes} bytes)")
            }
            Self::NotJson { found } => write!(f, "what came is no manifest but {found}"),
            Self::Truncated { bytes } => {
                write!(f, "what came is cut off in the middle, after {bytes} bytes")
            }
            Self::OtherInstance { wanted, came } => write!(
                f,
                "the digest is of another instance of the list, {}, and {} came",
                of(wanted),
                of(came)
            ),
            Self::ListSigned => {
                f.write_str("the digest is of the list that names this instance")
            }
            Self::ManifestNotRead => f.write_str(
                "only the digest of what came is known, so that the cause could not be looked for",
            ),
            Self::Changed => f.write_str(
                "the image was changed, or pushed again under the same name, or a mirror serves \
                 old bytes",
            ),
        }
    }
}

impl WithSentences for DigestCause {
    fn members<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        DigestCause::serialize(self, serializer)
    }

    fn what_to_do(&self) -> Option<String> {
        Some(self.remedy().to_owned())
    }
}

impl Serialize for DigestCause {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        sentences::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for DigestCause {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }
}
