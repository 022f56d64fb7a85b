//! The signatures that cosign 1 and 2, podman and skopeo push beside an image.

use std::collections::BTreeMap;

use super::descriptor::{Descriptor, elements, members, parse};
use super::{MAX_PAYLOAD_SIZE, OCI_MANIFEST, RegistryError};
use crate::digest::Digest;
use crate::sigstore::attachment::Attachment;

/// The signatures that the manifest under a [`signature_tag`](super::signature_tag) names, in its order. What else is kept there,
/// such as attestations, is among them: policies pass over it by its media type.
///
/// # Errors
///
/// [`RegistryError`] for what is not the manifest of an OCI image, byte for byte as served, of at most
/// [`MAX_MANIFEST_SIZE`](crate::digest::MAX_MANIFEST_SIZE) bytes. It is stricter than containers/image in that no key may occur
/// twice in an object.
pub fn signature_layers(manifest: &[u8]) -> Result<Vec<SignatureLayer>, RegistryError> {
    let document = parse(manifest)?;
    let root = members(&document, OCI_MANIFEST)?;
    elements(&root, "layers")?
        .map(|(number, layer)| {
            Descriptor::read(number, layer, MAX_PAYLOAD_SIZE).map(SignatureLayer)
        })
        .collect()
}

/// One signature as a registry has it: the descriptor of its payload (OCI image specification, "Descriptors").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureLayer(Descriptor);

impl SignatureLayer {
    /// The digest of the payload, by which it is fetched.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.0.digest
    }

    /// The size of the payload in bytes, at most [`MAX_PAYLOAD_SIZE`]: a bound for whoever fetches it.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.0.size
    }

    /// What the payload is. Policies look at `application/vnd.dev.cosign.simplesigning.v1+json` alone.
    #[must_use]
    pub fn media_type(&self) -> &str {
        &self.0.media_type
    }

    /// The annotations by their names: the signature itself, what a log has signed, certificates.
    #[must_use]
    pub fn annotations(&self) -> &BTreeMap<String, String> {
        &self.0.annotations
    }

    /// The signature as image stores keep it, such as in a `dir:` folder.
    ///
    /// # Errors
    ///
    /// [`RegistryError::Payload`] if these are not the octets that the manifest names.
    pub fn into_stored(self, payload: Vec<u8>) -> Result<Vec<u8>, RegistryError> {
        self.0.check(&payload)?;
        let attachment = Attachment {
            mime_type: self.0.media_type,
            payload,
            annotations: self.0.annotations,
        };
        Ok(attachment.to_blob())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::MAX_MANIFEST_SIZE;

    fn manifest(layers: &str) -> String {
        format!(r#"{{"schemaVersion":2,"mediaType":"{OCI_MANIFEST}","layers":{layers}}}"#)
    }

    fn layer(payload: &[u8], size: &str, more: &str) -> String {
        let digest = Digest::of(payload);
        format!(r#"[{{"mediaType":"a/b","digest":"{digest}","size":{size}{more}}}]"#)
    }

    fn read(manifest: &str) -> Result<Vec<SignatureLayer>, RegistryError> {
        signature_layers(manifest.as_bytes())
    }

    #[test]
    fn a_layer_and_its_payload_make_a_stored_signature() {
        let more = r#","annotations":{"a":"b","c":"d"}"#;
        let layers = read(&manifest(&layer(b"pay", "3", more))).unwrap();
        let [layer] = layers.as_slice() else {
            panic!("{layers:?}");
        };
        assert_eq!((layer.size(), layer.media_type()), (3, "a/b"));
        assert_eq!(layer.annotations().get("c").map(String::as_str), Some("d"));
        let stored = layer.clone().into_stored(b"pay".to_vec()).unwrap();
        let json = stored.strip_prefix(b"\0sigstore-json\n").unwrap();
        let attachment = Attachment::parse(json).unwrap();
        assert_eq!(
            (&*attachment.mime_type, &*attachment.payload),
            ("a/b", &b"pay"[..])
        );
        assert_eq!(attachment.annotations, *layer.annotations());
        for other in [&b"pat"[..], b"", b"payl"] {
            let error = layer.clone().into_stored(other.to_vec()).unwrap_err();
            assert!(matches!(error, RegistryError::Payload { .. }), "{error}");
        }
    }

    #[test]
    fn the_size_counts_beside_the_digest() {
        let layers = read(&manifest(&layer(b"pay", "4", ""))).unwrap();
        let stored = layers[0].clone().into_stored(b"pay".to_vec());
        assert!(matches!(stored, Err(RegistryError::Payload { .. })));
    }

    #[test]
    fn what_may_be_missing_may_be_null() {
        for good in [
            manifest("[]"),
            r#"{"layers":[]}"#.to_owned(),
            r#"{"mediaType":null,"layers":[]}"#.to_owned(),
        ] {
            assert_eq!(read(&good), Ok(Vec::new()), "{good}");
        }
        let layers = read(&manifest(&layer(b"", "0", r#","annotations":null"#))).unwrap();
        assert!(layers[0].annotations().is_empty());
        assert!(read(&manifest(&layer(b"", "4194304", ""))).is_ok());
    }

    #[test]
    fn anything_else_is_an_error_that_says_what() {
        let docker =
            r#"{"mediaType":"application/vnd.docker.distribution.manifest.v2+json","layers":[]}"#;
        for (bad, words) in [
            ("".to_owned(), "not readable"),
            ("[]".to_owned(), "an object"),
            (docker.to_owned(), "media type"),
            ("{}".to_owned(), "no `layers`"),
            (r#"{"layers":[],"layers":[]}"#.to_owned(), "layers"),
            (manifest("{}"), "an array"),
            (manifest("[5]"), "an object"),
            (manifest("[{}]"), "no `mediaType` in descriptor 1"),
            (
                manifest(r#"[{"mediaType":"a"}]"#),
                "no `digest` in descriptor 1",
            ),
            (
                manifest(r#"[{"mediaType":"a","digest":"x"}]"#),
                "digest in descriptor 1",
            ),
            (manifest(&layer(b"", "0", r#","size":0"#)), "size"),
            (manifest(&layer(b"", "null", "")), "a number"),
            (manifest(&layer(b"", "-1", "")), "says -1 bytes"),
            (manifest(&layer(b"", "4194305", "")), "says 4194305 bytes"),
            (
                manifest(&layer(b"", "0", r#","annotations":{"a":1}"#)),
                "a string",
            ),
            (
                manifest(&layer(b"", "0", r#","annotations":{"a":"1","a":"2"}"#)),
                "annotations.a",
            ),
        ] {
            let error = read(&bad).unwrap_err().to_string();
            assert!(error.contains(words), "{bad}: {error}");
        }
        let large = vec![b' '; MAX_MANIFEST_SIZE + 1];
        assert!(matches!(
            signature_layers(&large),
            Err(RegistryError::TooLarge { .. })
        ));
    }
}
