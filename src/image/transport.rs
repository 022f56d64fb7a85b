//! The transports that containers/image knows.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::text::name::UnknownNameError;
use crate::text::suggest::nearest;

/// Where an image is stored or comes from: the part of an image name before the first `:`, and a key of `transports` in
/// a policy (containers-transports(5), containers-policy.json(5)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Transport {
    /// `docker`: a registry.
    Docker,
    /// `atomic`: an OpenShift registry.
    Atomic,
    /// `docker-daemon`: the Docker daemon's own storage.
    DockerDaemon,
    /// `dir`: a directory with a manifest, layers and signatures as plain files.
    Dir,
    /// `sif`: a Singularity image file.
    Sif,
    /// `oci`: a directory in the OCI image layout.
    Oci,
    /// `oci-archive`: a tar archive of the OCI image layout.
    OciArchive,
    /// `containers-storage`: the local storage of Podman, Buildah and CRI-O.
    ContainersStorage,
    /// `docker-archive`: a tar archive as `docker save` writes it.
    DockerArchive,
    /// `tarball`: plain tar archives that become the layers of an image.
    Tarball,
}

impl Transport {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Docker,
        Self::Atomic,
        Self::DockerDaemon,
        Self::Dir,
        Self::Sif,
        Self::Oci,
        Self::OciArchive,
        Self::ContainersStorage,
        Self::DockerArchive,
        Self::Tarball,
    ];

    /// The transport of this name; letter case counts.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|transport| transport.name() == name)
    }

    /// Its name in image names and policies.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Docker => "docker",
            Self::Atomic => "atomic",
            Self::DockerDaemon => "docker-daemon",
            Self::Dir => "dir",
            Self::Sif => "sif",
            Self::Oci => "oci",
            Self::OciArchive => "oci-archive",
            Self::ContainersStorage => "containers-storage",
            Self::DockerArchive => "docker-archive",
            Self::Tarball => "tarball",
        }
    }

    fn names() -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().map(|transport| transport.name())
    }

    /// The transport that a misspelt name most likely means.
    pub(crate) fn nearest(name: &str) -> Option<Self> {
        nearest(name, Self::names()).and_then(Self::from_name)
    }
}

/// A transport by its [name](Transport::name); letter case counts.
impl FromStr for Transport {
    type Err = UnknownNameError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::from_name(name).ok_or_else(|| UnknownNameError::new("transport", name, Self::names()))
    }
}

impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Transport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Transport;

    #[test]
    fn names_round_trip() {
        for &transport in Transport::ALL {
            assert_eq!(transport.name().parse(), Ok(transport));
            assert_eq!(transport.to_string(), transport.name());
            assert_eq!(
                serde_json::to_string(&transport).unwrap(),
                format!("\"{transport}\"")
            );
        }
        for name in ["", "Docker", "docker ", "ostree", "docker://"] {
            assert!(name.parse::<Transport>().is_err(), "{name}");
        }
    }

    #[test]
    fn the_nearest_name_is_near() {
        for (name, nearest) in [
            ("Docker", Some(Transport::Docker)),
            ("dokcer", Some(Transport::Docker)),
            ("dirr", Some(Transport::Dir)),
            ("oci-archiv", Some(Transport::OciArchive)),
            ("docker_daemon", Some(Transport::DockerDaemon)),
            ("container-storage", Some(Transport::ContainersStorage)),
            ("https", None),
            ("busybox", None),
            ("", None),
        ] {
            assert_eq!(Transport::nearest(name), nearest, "{name}");
        }
        assert_eq!(Transport::nearest(&"x".repeat(1_000_000)), None);
    }
}
