//! Which file is the system's policy.
//!
//! By containers/image 5.40, the library of podman 6.0 (`signature/policy_config.go` and `storage/pkg/configfile`).
//! Where it would read below the working directory of the process by accident, that is an error here.

use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

use super::error::{PolicyError, PolicyErrorKind};
use super::origin::{PolicyOrigin, PolicyPlace, PolicyVariable};
use super::{Policy, rooted, user_database};

const CONTAINERS_POLICY_JSON: &str = "CONTAINERS_POLICY_JSON";
const XDG_CONFIG_HOME: &str = "XDG_CONFIG_HOME";
const HOME: &str = "HOME";
const ROOTLESS_UID: &str = "_CONTAINERS_ROOTLESS_UID";

/// Below the user's configuration directory.
const USER_POLICY: &str = "containers/policy.json";

/// The configuration directory below a home directory.
const CONFIGURATION: &str = ".config";

/// Below the root directory; FreeBSD keeps what is not of its base system in `/usr/local`.
#[cfg(not(target_os = "freebsd"))]
const SYSTEM_POLICY: &str = "etc/containers/policy.json";
#[cfg(target_os = "freebsd")]
const SYSTEM_POLICY: &str = "usr/local/etc/containers/policy.json";

#[cfg(not(target_os = "freebsd"))]
const VENDOR_POLICY: &str = "usr/share/containers/policy.json";
#[cfg(target_os = "freebsd")]
const VENDOR_POLICY: &str = "usr/local/share/containers/policy.json";

/// Where to look for the system's policy.
///
/// The order is that of containers/image 5.40, the library of podman 6.0. One file counts, nothing is merged:
///
/// 1. The file that was named explicitly, [`with_policy`](Self::with_policy).
/// 2. The one that the environment variable `CONTAINERS_POLICY_JSON` names, if it is not empty. A relative path starts
///    at the working directory of the process.
/// 3. The user's: `$XDG_CONFIG_HOME/containers/policy.json` if that variable is set, else
///    `.config/containers/policy.json` in the home directory. That is `$HOME`; if it is unset or empty, the home
///    directory that the user database has for the user ID in `_CONTAINERS_ROOTLESS_UID`, or, if that is unset or
///    empty, for the real user ID of the process.
/// 4. The administrator's: `/etc/containers/policy.json`.
/// 5. The distribution's: `/usr/share/containers/policy.json`.
///
/// On FreeBSD the last two are in `/usr/local/etc` and `/usr/local/share`. An alternative root directory,
/// [`with_root`](Self::with_root), counts for these two only.
///
/// A file in the first two places must exist. In the other three, the next place counts only if there is no file (which
/// includes a symbolic link to nothing): a directory in its place, a link to itself, a path that goes through a file,
/// and missing permission are errors, because otherwise a laxer policy might decide unnoticed.
///
/// # Differences from containers/image
///
/// Directories of the user must be absolute paths, and `_CONTAINERS_ROOTLESS_UID` a number; containers/image takes an
/// empty or relative `XDG_CONFIG_HOME`, and a relative home directory, for places below the working directory, and
/// anything that is not a number for the user ID 0. In the last three places only a regular file counts;
/// containers/image reads devices too, and waits until somebody writes to a pipe. A file that `CONTAINERS_POLICY_JSON`
/// names is read even if the user has no home directory.
///
/// Releases up to 5.39 know two places only: `.config/containers/policy.json` in the home directory and
/// `/etc/containers/policy.json`. They look at no variable but `HOME` and `_CONTAINERS_ROOTLESS_UID`, and go on to the
/// second place whatever keeps them from reading the first.
///
/// # Example
///
/// ```no_run
/// use containers_sigpolicy::{Policy, SystemPaths};
///
/// let policy = Policy::from_system(&SystemPaths::from_env())?;
/// println!("{}", policy.origin()); // /etc/containers/policy.json, the system's, sha256:…
/// # Ok::<(), containers_sigpolicy::PolicyError>(())
/// ```
///
/// # The user database
///
/// It is asked by getpwuid_r(3), so that on glibc nsswitch.conf(5) counts. A static program on glibc reads
/// `/etc/passwd` alone: users whom only LDAP, sssd or systemd know are unknown to it, which is an error; such
/// a program needs `HOME`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SystemPaths {
    policy: Option<PathBuf>,
    environment: Option<Environment>,
    home: Option<PathBuf>,
    passwd: Option<PathBuf>,
    root: Option<PathBuf>,
}

/// What is read of a process's environment.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Environment {
    policy_json: Option<OsString>,
    config_home: Option<OsString>,
    home: Option<OsString>,
    rootless_uid: Option<OsString>,
    /// The real user ID, where there are such.
    user: Option<u32>,
}

impl SystemPaths {
    /// Looks for the system's own policy only: no environment, no user. For a service whose policy the administrator
    /// sets.
    pub fn new() -> Self {
        Self::default()
    }

    /// Looks where the environment of this process and its real user ID lead, both as they are now. A program that
    /// runs for somebody else, such as a set-user-ID one, must not let that one's environment choose the policy.
    pub fn from_env() -> Self {
        Self::of(real_user(), |name| env::var_os(name))
    }

    /// Looks where these environment variables and this user ID lead, and not those of this process. `variables` gives
    /// a variable's value by its name, and nothing if it is unset.
    pub fn for_user(user: u32, variables: impl FnMut(&str) -> Option<OsString>) -> Self {
        Self::of(Some(user), variables)
    }

    fn of(user: Option<u32>, mut variables: impl FnMut(&str) -> Option<OsString>) -> Self {
        Self {
            environment: Some(Environment {
                policy_json: variables(CONTAINERS_POLICY_JSON),
                config_home: variables(XDG_CONFIG_HOME),
                home: variables(HOME),
                rootless_uid: variables(ROOTLESS_UID),
                user,
            }),
            ..Self::default()
        }
    }

    /// Takes this file and no other, for a program's option `--policy`.
    pub fn with_policy(self, policy: impl Into<PathBuf>) -> Self {
        Self {
            policy: Some(policy.into()),
            ..self
        }
    }

    /// Takes this for the user's home directory, whatever `HOME` and the user database say. `XDG_CONFIG_HOME` still
    /// counts before it.
    pub fn with_home(self, home: impl Into<PathBuf>) -> Self {
        Self {
            home: Some(home.into()),
            ..self
        }
    }

    /// Takes this file, in the format of passwd(5), for the user database.
    pub fn with_passwd(self, passwd: impl Into<PathBuf>) -> Self {
        Self {
            passwd: Some(passwd.into()),
            ..self
        }
    }

    /// Looks for the administrator's and the distribution's policy below this directory instead of `/`, if it is not
    /// empty: for the root of a system that does not run, such as an image's. Everything else stays where it is.
    ///
    /// Symbolic links do not lead out of it: an absolute one starts at this directory, and `..` ends there, as they would
    /// if that system ran. containers/image follows them into the system that runs. (On systems other than Unix, a link
    /// below the directory is an error.) What [`Policy::find`] gives is the path with this directory in front, which who
    /// opens it by its name may find to lead elsewhere: [`Policy::from_system`] reads the file that was found.
    pub fn with_root(self, root: impl Into<PathBuf>) -> Self {
        Self {
            root: Some(root.into()),
            ..self
        }
    }

    /// The file that counts whether it exists or not.
    pub(super) fn named(&self) -> Option<PolicyOrigin> {
        if let Some(policy) = &self.policy {
            return Some(PolicyOrigin::of_file(PolicyPlace::Explicit, policy));
        }
        let path = self.environment.as_ref()?.policy_json.as_deref()?;
        (!path.is_empty())
            .then(|| PolicyOrigin::of_file(PolicyPlace::ContainersPolicyJson, Path::new(path)))
    }

    /// The first file that is there of those that need not be.
    ///
    /// # Errors
    ///
    /// Those of [`Policy::find`].
    pub(super) fn search(&self) -> Result<(File, PolicyOrigin), PolicyError> {
        let mut variables = Vec::new();
        if let Some(environment) = &self.environment {
            let value = environment.policy_json.as_deref();
            variables.push(PolicyVariable::new(CONTAINERS_POLICY_JSON, value));
        }
        let mut tried = Vec::new();
        let user = self.user_policy(&mut variables)?;
        let user = user.map(|(place, path)| (place, open(&path), path));
        for (place, opened, path) in user.into_iter().chain(self.system_policies()) {
            match opened {
                Ok(file) => {
                    let mut origin = PolicyOrigin::of_file(place, &path);
                    origin.shadows = self.shadowed_by(place);
                    return Ok((file, origin));
                }
                Err(error) if place.may_be_empty() && error.kind() == ErrorKind::NotFound => {
                    tried.push(path);
                }
                Err(source) => {
                    let error = PolicyError::new(PolicyErrorKind::Read { source });
                    return Err(error.with_origin(PolicyOrigin::of_file(place, &path)));
                }
            }
        }
        Err(PolicyError::new(PolicyErrorKind::NotFound {
            tried,
            variables,
        }))
    }

    /// The policy that would count if the user had none, if this is the user's.
    fn shadowed_by(&self, place: PolicyPlace) -> Option<PathBuf> {
        if matches!(place, PolicyPlace::System | PolicyPlace::Vendor) {
            return None;
        }
        let mut policies = self.system_policies();
        let (_, _, path) = policies.find(|(_, opened, _)| opened.is_ok())?;
        Some(path)
    }

    /// The directory that stands for `/`, if another one does.
    fn root(&self) -> Option<&Path> {
        self.root
            .as_deref()
            .filter(|root| !root.as_os_str().is_empty() && *root != Path::new("/"))
    }

    /// The administrator's and the distribution's policy, opened when it is its turn, and the path by which it is known.
    fn system_policies(&self) -> impl Iterator<Item = (PolicyPlace, io::Result<File>, PathBuf)> {
        let places = [
            (PolicyPlace::System, SYSTEM_POLICY),
            (PolicyPlace::Vendor, VENDOR_POLICY),
        ];
        places.into_iter().map(|(place, file)| match self.root() {
            Some(root) => {
                let path = clean(&root.join(file));
                (place, rooted::open(&clean(root), Path::new(file)), path)
            }
            None => {
                let path = Path::new("/").join(file);
                (place, open(&path), path)
            }
        })
    }

    /// Where the user's policy would be; none if there is no user. Notes which variables it looks at.
    fn user_policy(
        &self,
        variables: &mut Vec<PolicyVariable>,
    ) -> Result<Option<(PolicyPlace, PathBuf)>, PolicyError> {
        if let Some(environment) = &self.environment {
            let config_home = environment.config_home.as_deref();
            variables.push(PolicyVariable::new(XDG_CONFIG_HOME, config_home));
            if let Some(config_home) = config_home {
                let place = PolicyPlace::XdgConfigHome;
                let path = absolute(place, Path::new(config_home))?.join(USER_POLICY);
                return Ok(Some((place, clean(&path))));
            }
        }
        let (place, home) = match (&self.home, &self.environment) {
            (Some(home), _) => (PolicyPlace::GivenHome, home.clone()),
            (None, Some(environment)) => environment.home(self.passwd.as_deref(), variables)?,
            (None, None) => return Ok(None),
        };
        let path = absolute(place, &home)?
            .join(CONFIGURATION)
            .join(USER_POLICY);
        Ok(Some((place, clean(&path))))
    }
}

impl Environment {
    /// The home directory. Notes which variables it looks at.
    fn home(
        &self,
        passwd: Option<&Path>,
        variables: &mut Vec<PolicyVariable>,
    ) -> Result<(PolicyPlace, PathBuf), PolicyError> {
        let variable = PolicyVariable::new(HOME, self.home.as_deref());
        variables.push(variable.clone());
        if let Some(home) = self.home.as_ref().filter(|home| !home.is_empty()) {
            return Ok((PolicyPlace::Home, PathBuf::from(home)));
        }
        let user = self.user(variables)?;
        let unknown = |source| {
            PolicyError::new(PolicyErrorKind::UnknownHome {
                variable,
                user,
                source,
            })
        };
        let entry = match user {
            Some(user) => user_database::home(user, passwd),
            None => Err(ErrorKind::Unsupported.into()),
        };
        match entry {
            Ok(Some(home)) => Ok((PolicyPlace::UserDatabase, home)),
            Ok(None) => Err(unknown(None)),
            Err(source) => Err(unknown(Some(source))),
        }
    }

    /// The user ID. In a user namespace the real one is not the one that the user database knows; podman's
    /// `_CONTAINERS_ROOTLESS_UID` then has that one. containers/image reads anything that is not a number as 0, so
    /// root's policy would decide.
    fn user(&self, variables: &mut Vec<PolicyVariable>) -> Result<Option<u32>, PolicyError> {
        let variable = PolicyVariable::new(ROOTLESS_UID, self.rootless_uid.as_deref());
        variables.push(variable.clone());
        let Some(value) = self.rootless_uid.as_ref().filter(|value| !value.is_empty()) else {
            return Ok(self.user);
        };
        let digits = value
            .to_str()
            .filter(|value| value.bytes().all(|byte| byte.is_ascii_digit()));
        match digits.and_then(|digits| digits.parse().ok()) {
            Some(user) => Ok(Some(user)),
            None => Err(PolicyError::new(PolicyErrorKind::NotAUserId { variable })),
        }
    }
}

impl Policy {
    /// The file that is the system's policy, by the order of [`SystemPaths`]. If it was named explicitly or by
    /// `CONTAINERS_POLICY_JSON`, it need not exist.
    ///
    /// [`Policy::origin`] of what [`Policy::from_system`] reads says the same, and why it is this file.
    ///
    /// # Errors
    ///
    /// - [`PolicyErrorKind::NotFound`], naming every path that was tried and every variable that was looked at, if
    ///   there is none.
    /// - [`PolicyErrorKind::Read`] if the file that comes first cannot be opened for a reason other than that it does
    ///   not exist, or is not a regular file.
    /// - [`PolicyErrorKind::NotAbsolute`], [`PolicyErrorKind::NotAUserId`] and [`PolicyErrorKind::UnknownHome`] if it
    ///   is not known where the user's policy would be.
    pub fn find(paths: &SystemPaths) -> Result<PathBuf, PolicyError> {
        let origin = match paths.named() {
            Some(origin) => origin,
            None => paths.search()?.1,
        };
        Ok(origin.file.unwrap_or_default())
    }
}

#[cfg(unix)]
fn real_user() -> Option<u32> {
    Some(nix::unistd::getuid().as_raw())
}

#[cfg(not(unix))]
fn real_user() -> Option<u32> {
    None
}

fn absolute(place: PolicyPlace, directory: &Path) -> Result<&Path, PolicyError> {
    if directory.is_absolute() {
        return Ok(directory);
    }
    Err(PolicyError::new(PolicyErrorKind::NotAbsolute {
        place,
        directory: directory.to_owned(),
    }))
}

/// Opens a file to read it. Opening a named pipe would wait for somebody to write to it.
fn open(path: &Path) -> io::Result<File> {
    let found = fs::metadata(path)?;
    if found.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    if !found.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    File::open(path)
}

/// The path without `.`, `..` and doubled slashes, by text and not by the links in it: what `filepath.Join` of Go
/// makes of each of these places, and so which file `/home/user/link/../` leads to.
fn clean(path: &Path) -> PathBuf {
    let mut cleaned = PathBuf::new();
    for component in path.components() {
        match (component, cleaned.components().next_back()) {
            (Component::CurDir, _) | (Component::ParentDir, Some(Component::RootDir)) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => {
                cleaned.pop();
            }
            (component, _) => cleaned.push(component),
        }
    }
    cleaned
}

#[cfg(all(test, unix))]
mod tests {
    use std::path::Path;

    use super::{SystemPaths, clean};

    #[test]
    fn an_empty_root_is_none() {
        for root in ["", "/"] {
            let paths = SystemPaths::new().with_root(root);
            assert_eq!(paths.root(), None);
            let files: Vec<_> = paths.system_policies().map(|(_, _, path)| path).collect();
            let system = Path::new("/").join(super::SYSTEM_POLICY);
            let vendor = Path::new("/").join(super::VENDOR_POLICY);
            assert_eq!(files, [system, vendor]);
        }
    }

    #[test]
    fn cleaning() {
        for (path, cleaned) in [
            ("/", "/"),
            ("/..", "/"),
            ("//a//b/", "/a/b"),
            ("/a/./b/../c/..", "/a"),
            ("/a/../../b", "/b"),
            ("a/b/../c", "a/c"),
            ("../../a", "../../a"),
            ("a/../../b", "../b"),
            ("./a/", "a"),
        ] {
            assert_eq!(clean(Path::new(path)), Path::new(cleaned), "{path}");
        }
    }
}
