//! A registry on this machine: one manifest for each case, under every name.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// Serves the manifest of case `N` below `/v2/cN/`.
#[derive(Debug)]
pub struct Registry {
    address: String,
    manifests: Arc<Mutex<HashMap<String, Vec<u8>>>>,
}

impl Registry {
    /// A registry that serves until the process ends.
    pub fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let manifests = Arc::<Mutex<HashMap<_, _>>>::default();
        let served = Arc::clone(&manifests);
        std::thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let served = Arc::clone(&served);
                std::thread::spawn(move || serve(connection, &served));
            }
        });
        Self { address, manifests }
    }

    /// Where the names of this case lie: `127.0.0.1:PORT/cN`.
    pub fn location(&self, case: usize) -> String {
        format!("{}/c{case}", self.address)
    }

    pub fn offer(&self, case: usize, manifest: &[u8]) {
        let mut manifests = self.manifests.lock().unwrap();
        manifests.insert(format!("c{case}"), manifest.to_owned());
    }

    pub fn withdraw(&self, case: usize) {
        self.manifests.lock().unwrap().remove(&format!("c{case}"));
    }
}

/// Answers one request. A connection that breaks is the client's affair.
fn serve(connection: TcpStream, manifests: &Mutex<HashMap<String, Vec<u8>>>) -> Option<()> {
    let mut lines = BufReader::new(connection.try_clone().ok()?).lines();
    let request = lines.next()?.ok()?;
    while !lines.next()?.ok()?.is_empty() {}
    let mut words = request.split(' ');
    let (method, path) = (words.next()?, words.next()?);

    let mut parts = path.trim_start_matches("/v2/").split('/');
    let manifest = if path.contains("/manifests/") {
        manifests.lock().unwrap().get(parts.next()?).cloned()
    } else {
        None
    };
    let (status, kind, body) = match manifest {
        Some(manifest) => ("200 OK", media_type(&manifest), manifest),
        None if path == "/v2/" => ("200 OK", "application/json".to_owned(), b"{}".to_vec()),
        None => (
            "404 Not Found",
            "application/json".to_owned(),
            b"{}".to_vec(),
        ),
    };
    let mut answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    )
    .into_bytes();
    if method == "GET" {
        answer.extend(body);
    }
    (&connection).write_all(&answer).ok()
}

/// A manifest's own media type. Schema 1 says none, and OCI need not.
fn media_type(manifest: &[u8]) -> String {
    let manifest: serde_json::Value = serde_json::from_slice(manifest).unwrap_or_default();
    let own = manifest.get("mediaType").and_then(|value| value.as_str());
    let of_oci = "application/vnd.oci.image.manifest.v1+json";
    let of_schema_1 = "application/vnd.docker.distribution.manifest.v1+prettyjws";
    match own {
        Some(own) => own,
        None if manifest.get("config").is_some() => of_oci,
        None => of_schema_1,
    }
    .to_owned()
}
