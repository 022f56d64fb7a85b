//! Why a scope does not match an image that it is meant for.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a scope of a policy does not match an image that it is meant for, or any image at all.
///
/// `Display` is a clause: "a scope has no scheme". As JSON the names in kebab-case; they are stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum Miss {
    /// White space is around it. No image matches.
    WhiteSpace,
    /// It begins with a scheme, such as `https://` or `docker://`. No image matches.
    Scheme,
    /// It ends with `/`. No image matches.
    TrailingSlash,
    /// It has `//` in it. No image matches.
    DoubledSlash,
    /// It ends with `/*`. No image matches.
    PathWildcard,
    /// A path follows `*.` and a host. No image matches.
    HostWildcardWithPath,
    /// A port follows `*.` and a host. No image matches.
    HostWildcardWithPort,
    /// `*` is somewhere else than at the beginning, before a dot. No image matches.
    Wildcard,
    /// A repository is in upper case. No image matches.
    UpperCase,
    /// It is not written in full: `busybox` for `docker.io/library/busybox`. No image matches.
    ShortName,
    /// An official image of Docker Hub lacks its namespace: `docker.io/busybox:1` for `docker.io/library/busybox:1`. No
    /// image matches.
    OfficialImage,
    /// It is the namespace of a user of Docker Hub, and the image is the official one of that name: `docker.io/busybox`
    /// for `docker.io/library/busybox`.
    HubNamespace,
    /// It begins with `index.docker.io`, which image names never do in full. No image matches.
    DockerHubAlias,
    /// It has a tag and a digest. No image of the transport has both.
    TagAndDigest,
    /// It is nothing that an image of its transport has for a name or the beginning of one.
    NotAName,
    /// Its transport is none.
    UnknownTransport,
    /// It is a scope of another transport.
    OtherTransport,
    /// Its host has no port, and the image's has one.
    PortMissing,
    /// Its host has a port, and the image's has another one or none.
    OtherPort,
    /// It differs from the image's name in letter case.
    LetterCase,
    /// It is for another tag or digest of the image's repository.
    OtherTag,
    /// It differs from the image's name in few letters.
    Misspelt,
}

impl Miss {
    /// Whether no image at all matches the scope.
    #[must_use]
    pub fn matches_nothing(self) -> bool {
        !matches!(
            self,
            Self::OtherTransport
                | Self::HubNamespace
                | Self::PortMissing
                | Self::OtherPort
                | Self::LetterCase
                | Self::OtherTag
                | Self::Misspelt
        )
    }
}

impl fmt::Display for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WhiteSpace => "white space counts",
            Self::Scheme => "a scope has no scheme",
            Self::TrailingSlash => "a scope does not end with `/`",
            Self::DoubledSlash => "between two slashes there is a name",
            Self::PathWildcard => "a scope covers all that is below it, without `*`",
            Self::HostWildcardWithPath => "`*.` stands for whole hosts, and no path can follow",
            Self::HostWildcardWithPort => {
                "`*.` stands for hosts with any port, and none can follow"
            }
            Self::Wildcard => {
                "`*` can only stand for the beginning of a host, as in `*.example.com`"
            }
            Self::UpperCase => "repositories are in lower case",
            Self::ShortName => "a scope is written in full, with its host",
            Self::OfficialImage => {
                "the official images of Docker Hub are below `docker.io/library`"
            }
            Self::HubNamespace => "official images are below `docker.io/library`",
            Self::DockerHubAlias => "in full, the host of Docker Hub is `docker.io`",
            Self::TagAndDigest => "an image is named by a tag or by a digest",
            Self::NotAName => "it is no name of an image, nor the beginning of one",
            Self::UnknownTransport => "there is no such transport",
            Self::OtherTransport => "it is for another transport",
            Self::PortMissing => "the image's host has a port",
            Self::OtherPort => "the image's host has another port or none",
            Self::LetterCase => "letter case counts",
            Self::OtherTag => "it is for another tag or digest",
            Self::Misspelt => "a few letters differ",
        })
    }
}
