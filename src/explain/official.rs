//! The official images of Docker Hub.

/// Well-known ones, in the order of their letters: enough to tell `docker.io/busybox`, which hardly anybody means, from
/// `docker.io/bitnami`.
const IMAGES: &[&str] = &[
    "almalinux",
    "alpine",
    "amazonlinux",
    "archlinux",
    "bash",
    "busybox",
    "caddy",
    "cassandra",
    "centos",
    "composer",
    "couchdb",
    "debian",
    "docker",
    "drupal",
    "eclipse-temurin",
    "elasticsearch",
    "erlang",
    "fedora",
    "gcc",
    "ghost",
    "golang",
    "gradle",
    "haproxy",
    "hello-world",
    "httpd",
    "influxdb",
    "julia",
    "kibana",
    "logstash",
    "mariadb",
    "maven",
    "memcached",
    "mongo",
    "mysql",
    "nats",
    "nextcloud",
    "nginx",
    "node",
    "openjdk",
    "oraclelinux",
    "perl",
    "php",
    "postgres",
    "python",
    "rabbitmq",
    "redis",
    "registry",
    "rockylinux",
    "ruby",
    "rust",
    "swift",
    "telegraf",
    "tomcat",
    "traefik",
    "ubuntu",
    "wordpress",
    "zookeeper",
];

/// The scope of the official image that has the name of a user's namespace: `docker.io/library/busybox` for
/// `docker.io/busybox`.
pub(super) fn official(scope: &str) -> Option<String> {
    let name = scope.strip_prefix("docker.io/")?;
    IMAGES
        .binary_search(&name)
        .is_ok()
        .then(|| format!("docker.io/library/{name}"))
}

#[cfg(test)]
mod tests {
    use super::{IMAGES, official};

    #[test]
    fn only_names_of_images() {
        assert!(IMAGES.is_sorted());
        let busybox = official("docker.io/busybox");
        assert_eq!(busybox.as_deref(), Some("docker.io/library/busybox"));
        for scope in [
            "docker.io/bitnami",
            "docker.io/library/busybox",
            "quay.io/busybox",
            "busybox",
        ] {
            assert_eq!(official(scope), None, "{scope}");
        }
    }
}
