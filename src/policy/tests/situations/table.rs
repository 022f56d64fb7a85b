//! The mistakes.

/// A mistake in a policy, and all that is said of it.
pub(super) struct Situation {
    pub(super) text: &'static str,
    pub(super) code: &'static str,
    /// The span, as `line:column-line:column`.
    pub(super) span: &'static str,
    /// What of the text that is.
    pub(super) part: &'static str,
    pub(super) path: &'static str,
    pub(super) message: &'static str,
    pub(super) label: Option<&'static str>,
    pub(super) steps: &'static [&'static str],
}

pub(super) const SITUATIONS: &[Situation] = &[
    // A misspelt key.
    Situation {
        text: "{\"default\": [{\"type\": \"signedBy\", \"keyType\": \"GPGKeys\", \"keypath\": \"/k\"}]}",
        code: "policy-unknown-key",
        span: "1:57-1:66",
        part: "\"keypath\"",
        path: "default[0].keypath",
        message: "unknown key \"keypath\" in a signedBy requirement; did you mean `keyPath`?",
        label: Some("did you mean `keyPath`?"),
        steps: &["write `keyPath`"],
    },
    // A misspelt requirement.
    Situation {
        text: "{\"default\": [{\"type\": \"signedby\", \"keyType\": \"GPGKeys\", \"keyPath\": \"/k\"}]}",
        code: "policy-unknown-value",
        span: "1:23-1:33",
        part: "\"signedby\"",
        path: "default[0].type",
        message: "unknown requirement type \"signedby\"; did you mean `signedBy`?",
        label: Some("did you mean `signedBy`?"),
        steps: &["write `signedBy`"],
    },
    // A misspelt type of keys.
    Situation {
        text: "{\"default\": [{\"type\": \"signedBy\", \"keyType\": \"GPGKey\", \"keyPath\": \"/k\"}]}",
        code: "policy-unknown-value",
        span: "1:46-1:54",
        part: "\"GPGKey\"",
        path: "default[0].keyType",
        message: "unknown keyType \"GPGKey\"; did you mean `GPGKeys`?",
        label: Some("did you mean `GPGKeys`?"),
        steps: &["write `GPGKeys`"],
    },
    // No comma between members.
    Situation {
        text: "{\"default\": [{\"type\": \"signedBy\", \"keyType\": \"GPGKeys\"\n   \"keyPath\": \"/k\"}]}",
        code: "policy-syntax",
        span: "1:55-1:55",
        part: "",
        path: "",
        message: "a comma is missing before `\"keyPath\"`",
        label: Some("write a comma here"),
        steps: &["write a comma here"],
    },
    // No comma between elements.
    Situation {
        text: "{\"default\": [{\"type\": \"reject\"}\n  {\"type\": \"reject\"}]}",
        code: "policy-syntax",
        span: "1:32-1:32",
        part: "",
        path: "",
        message: "a comma is missing before `{`",
        label: Some("write a comma here"),
        steps: &["write a comma here"],
    },
    // A comma too many.
    Situation {
        text: "{\"default\": [{\"type\": \"reject\",}]}",
        code: "policy-syntax",
        span: "1:31-1:32",
        part: ",",
        path: "",
        message: "there is a comma too many before `}`",
        label: Some("remove the comma"),
        steps: &["remove the comma"],
    },
    // A comma too many in a list.
    Situation {
        text: "{\"default\": [{\"type\": \"reject\"}, ]}",
        code: "policy-syntax",
        span: "1:32-1:33",
        part: ",",
        path: "",
        message: "there is a comma too many before `]`",
        label: Some("remove the comma"),
        steps: &["remove the comma"],
    },
    // Two commas.
    Situation {
        text: "{\"default\": [{\"type\": \"reject\"},, {\"type\": \"reject\"}]}",
        code: "policy-syntax",
        span: "1:33-1:34",
        part: ",",
        path: "",
        message: "there is a comma too many before `,`",
        label: Some("remove the comma"),
        steps: &["remove the comma"],
    },
    // No list of requirements.
    Situation {
        text: "{\"default\": [{\"type\": \"reject\"}], \"transports\": {\"docker\": {\"h.example\": {\"type\": \"reject\"}}}}",
        code: "policy-wrong-type",
        span: "1:74-1:92",
        part: "{\"type\": \"reject\"}",
        path: "transports.docker[\"h.example\"]",
        message: "expected an array, found an object",
        label: None,
        steps: &["write it as in `[{\"type\": \"reject\"}]`"],
    },
    // A scope twice.
    Situation {
        text: "{\"default\": [{\"type\": \"reject\"}], \"transports\": {\"docker\": {\n  \"h.example\": [{\"type\": \"reject\"}],\n  \"h.example\": [{\"type\": \"insecureAcceptAnything\"}]}}}",
        code: "policy-duplicate-key",
        span: "3:3-3:14",
        part: "\"h.example\"",
        path: "transports.docker[\"h.example\"]",
        message: "duplicate key \"h.example\", first given at line 2, column 3",
        label: None,
        steps: &["keep one of the two; several requirements for a scope go into one list"],
    },
    // A byte-order mark.
    Situation {
        text: "\u{feff}{\"default\": [{\"type\": \"reject\"}]}",
        code: "policy-syntax",
        span: "1:1-1:1",
        part: "",
        path: "",
        message: "the document begins with a byte-order mark; save it without one",
        label: None,
        steps: &["save it as UTF-8 without a byte-order mark"],
    },
    // A comment line.
    Situation {
        text: "{\n  // our registries\n  \"default\": [{\"type\": \"reject\"}]\n}",
        code: "policy-syntax",
        span: "2:3-2:20",
        part: "// our registries",
        path: "",
        message: "JSON has no comments",
        label: Some("remove the comment"),
        steps: &["remove the comment"],
    },
    // A comment behind.
    Situation {
        text: "{\n  \"default\": [{\"type\": \"reject\"}] /* all */\n}",
        code: "policy-syntax",
        span: "2:35-2:44",
        part: "/* all */",
        path: "",
        message: "JSON has no comments",
        label: Some("remove the comment"),
        steps: &["remove the comment"],
    },
    // A comment at the top.
    Situation {
        text: "# ours\n{\"default\": [{\"type\": \"reject\"}]}",
        code: "policy-syntax",
        span: "1:1-1:7",
        part: "# ours",
        path: "",
        message: "JSON has no comments",
        label: Some("remove the comment"),
        steps: &["remove the comment"],
    },
    // A comment at the end.
    Situation {
        text: "{\"default\": [{\"type\": \"reject\"}]}\n# the end\n",
        code: "policy-syntax",
        span: "2:1-2:10",
        part: "# the end",
        path: "",
        message: "JSON has no comments",
        label: Some("remove the comment"),
        steps: &["remove the comment"],
    },
    // Nothing.
    Situation {
        text: "",
        code: "policy-empty",
        span: "1:1-1:1",
        part: "",
        path: "",
        message: "the document is empty",
        label: None,
        steps: &[
            "write a policy, such as `{\"default\": [{\"type\": \"reject\"}]}`, which rejects every image",
        ],
    },
    // No default.
    Situation {
        text: "{\"transports\": {}}",
        code: "policy-missing-key",
        span: "1:1-1:2",
        part: "{",
        path: "",
        message: "a policy needs `default`",
        label: None,
        steps: &[
            "add `\"default\": [{\"type\": \"reject\"}]`: what applies to images that no scope matches",
        ],
    },
    // An empty list.
    Situation {
        text: "{\"default\": []}",
        code: "policy-no-requirements",
        span: "1:13-1:15",
        part: "[]",
        path: "default",
        message: "a list of requirements must not be empty",
        label: None,
        steps: &[
            "write `[{\"type\": \"reject\"}]` to reject every image, or what it has to fulfil",
        ],
    },
    // Two sources of keys.
    Situation {
        text: "{\"default\": [{\"type\": \"signedBy\", \"keyType\": \"GPGKeys\", \"keyPath\": \"/k\", \"keyPaths\": [\"/l\"]}]}",
        code: "policy-conflicting-keys",
        span: "1:86-1:92",
        part: "[\"/l\"]",
        path: "default[0].keyPaths",
        message: "a signedBy requirement takes only one of `keyPath`, `keyPaths`, `keyData`, but has `keyPath` and `keyPaths`",
        label: None,
        steps: &["remove `keyPath` or `keyPaths`"],
    },
    // No type of keys.
    Situation {
        text: "{\"default\": [{\"type\": \"signedBy\", \"keyPath\": \"/k\"}]}",
        code: "policy-missing-key",
        span: "1:14-1:15",
        part: "{",
        path: "default[0]",
        message: "a signedBy requirement needs `keyType`",
        label: None,
        steps: &["add `\"keyType\": \"GPGKeys\"`; no other type is implemented"],
    },
    // No keys.
    Situation {
        text: "{\"default\": [{\"type\": \"signedBy\", \"keyType\": \"GPGKeys\"}]}",
        code: "policy-missing-key",
        span: "1:14-1:15",
        part: "{",
        path: "default[0]",
        message: "a signedBy requirement needs one of `keyPath`, `keyPaths`, `keyData`",
        label: None,
        steps: &["add one of them, such as `\"keyPath\": \"/etc/pki/containers/FILE\"`"],
    },
    // Single quotes.
    Situation {
        text: "{'default': [{'type': 'reject'}]}",
        code: "policy-syntax",
        span: "1:2-1:11",
        part: "'default'",
        path: "",
        message: "JSON has text in double quotes, not in single ones",
        label: Some("write `\"` at both ends of the text"),
        steps: &["write `\"` at both ends of the text"],
    },
    // An identity without braces.
    Situation {
        text: "{\"default\": [{\"type\": \"signedBy\", \"keyType\": \"GPGKeys\", \"keyPath\": \"/k\", \"signedIdentity\": \"matchExact\"}]}",
        code: "policy-wrong-type",
        span: "1:92-1:104",
        part: "\"matchExact\"",
        path: "default[0].signedIdentity",
        message: "expected an object, found a string",
        label: None,
        steps: &["write it as in `{\"type\": \"matchExact\"}`"],
    },
    // An identity with more without braces.
    Situation {
        text: "{\"default\": [{\"type\": \"signedBy\", \"keyType\": \"GPGKeys\", \"keyPath\": \"/k\", \"signedIdentity\": \"exactReference\"}]}",
        code: "policy-wrong-type",
        span: "1:92-1:108",
        part: "\"exactReference\"",
        path: "default[0].signedIdentity",
        message: "expected an object, found a string",
        label: None,
        steps: &["write it as in `{\"type\": \"exactReference\", …}`"],
    },
    // An identity that is none.
    Situation {
        text: "{\"default\": [{\"type\": \"signedBy\", \"keyType\": \"GPGKeys\", \"keyPath\": \"/k\", \"signedIdentity\": true}]}",
        code: "policy-wrong-type",
        span: "1:92-1:96",
        part: "true",
        path: "default[0].signedIdentity",
        message: "expected an object, found a boolean",
        label: None,
        steps: &["write it as in `{\"type\": \"matchRepoDigestOrExact\"}`"],
    },
    // UTF-16.
    Situation {
        text: "{\0\"\0d\0e\0f\0a\0u\0l\0t\0\"\0:\0",
        code: "policy-syntax",
        span: "1:1-1:1",
        part: "",
        path: "",
        message: "the document is in UTF-16; save it as UTF-8",
        label: None,
        steps: &["save it as UTF-8"],
    },
    // UTF-16, the other way round.
    Situation {
        text: "\0{\0\"\0d\0e\0f\0a\0u\0l\0t\0\"\0:",
        code: "policy-syntax",
        span: "1:1-1:1",
        part: "",
        path: "",
        message: "the document is in UTF-16; save it as UTF-8",
        label: None,
        steps: &["save it as UTF-8"],
    },
    // An armored key.
    Situation {
        text: "{\"default\": [{\"type\": \"signedBy\", \"keyType\": \"GPGKeys\", \"keyData\": \"-----BEGIN PGP PUBLIC KEY BLOCK-----\\n\\nmDME\"}]}",
        code: "policy-not-base64",
        span: "1:68-1:114",
        part: "\"-----BEGIN PGP PUBLIC KEY BLOCK-----\\n\\nmDME\"",
        path: "default[0].keyData",
        message: "not valid base64: it is the text `-----BEGIN PGP PUBLIC KEY BLOCK-----` itself",
        label: None,
        steps: &["write what `base64 -w0 FILE` prints, or name the file by `keyPath`"],
    },
    // No base64.
    Situation {
        text: "{\"default\": [{\"type\": \"signedBy\", \"keyType\": \"GPGKeys\", \"keyData\": \"mDME*\"}]}",
        code: "policy-not-base64",
        span: "1:68-1:75",
        part: "\"mDME*\"",
        path: "default[0].keyData",
        message: "not valid base64: \"*\" is not in the standard alphabet",
        label: None,
        steps: &["write what `base64 -w0 FILE` prints"],
    },
    // A beginning of an identity.
    Situation {
        text: "{\"default\": [{\"type\": \"signedBy\", \"keyType\": \"GPGKeys\", \"keyPath\": \"/k\", \"signedIdentity\": {\"type\": \"matchRepo\"}}]}",
        code: "policy-unknown-value",
        span: "1:101-1:112",
        part: "\"matchRepo\"",
        path: "default[0].signedIdentity.type",
        message: "unknown identity type \"matchRepo\"; did you mean `matchRepository`?",
        label: Some("did you mean `matchRepository`?"),
        steps: &["write `matchRepository`"],
    },
    // A transport at the top.
    Situation {
        text: "{\"default\": [{\"type\": \"reject\"}], \"docker\": {\"h.example\": [{\"type\": \"reject\"}]}}",
        code: "policy-unknown-key",
        span: "1:35-1:43",
        part: "\"docker\"",
        path: "docker",
        message: "unknown key \"docker\" in a policy; it belongs to the `transports` object",
        label: None,
        steps: &["write it below `transports`: `\"transports\": {\"docker\": {…}}`"],
    },
    // YAML.
    Situation {
        text: "default:\n  - type: reject\n",
        code: "policy-syntax",
        span: "1:1-1:2",
        part: "d",
        path: "",
        message: "the document is not JSON; it looks like YAML",
        label: Some("write the same as JSON, in braces and double quotes"),
        steps: &["write the same as JSON, in braces and double quotes"],
    },
    // YAML with a comment.
    Situation {
        text: "---\n# ours\n- type: reject\n",
        code: "policy-syntax",
        span: "1:1-1:2",
        part: "-",
        path: "",
        message: "the document is not JSON; it looks like YAML",
        label: Some("write the same as JSON, in braces and double quotes"),
        steps: &["write the same as JSON, in braces and double quotes"],
    },
    // A web page.
    Situation {
        text: "<!DOCTYPE html>\n<html>",
        code: "policy-syntax",
        span: "1:1-1:2",
        part: "<",
        path: "",
        message: "the document is not JSON; it looks like a web page",
        label: Some("get the file itself instead of this page"),
        steps: &["get the file itself instead of this page"],
    },
    // A relative directory.
    Situation {
        text: "{\"default\": [{\"type\": \"reject\"}], \"transports\": {\"dir\": {\"images/app\": [{\"type\": \"reject\"}]}}}",
        code: "policy-invalid-scope",
        span: "1:58-1:70",
        part: "\"images/app\"",
        path: "transports.dir[\"images/app\"]",
        message: "\"images/app\" is not a valid scope of the transport dir: `images/app` is not an absolute path",
        label: None,
        steps: &["write the path from `/` on"],
    },
    // A prefix with a tag.
    Situation {
        text: "{\"default\": [{\"type\": \"signedBy\", \"keyType\": \"GPGKeys\", \"keyPath\": \"/k\", \"signedIdentity\": {\"type\": \"remapIdentity\", \"prefix\": \"mirror.example/a:1\", \"signedPrefix\": \"h.example\"}}]}",
        code: "policy-invalid-prefix",
        span: "1:128-1:148",
        part: "\"mirror.example/a:1\"",
        path: "default[0].signedIdentity.prefix",
        message: "`prefix` must be a host, a namespace or a repository, with its host and without a tag or digest: \"mirror.example/a:1\"",
        label: None,
        steps: &["write it as in `registry.example.com/team`"],
    },
    // A part of a file.
    Situation {
        text: "{\"default\": [{\"type\": \"reject\"}],\n  \"transports\": {\n",
        code: "policy-syntax",
        span: "2:18-2:18",
        part: "",
        path: "",
        message: "the document ends before its JSON is complete",
        label: None,
        steps: &["get the whole file again, or close what is open at its end"],
    },
    // A type in another case.
    Situation {
        text: "{\"default\": [{\"Type\": \"reject\"}]}",
        code: "policy-unknown-key",
        span: "1:15-1:21",
        part: "\"Type\"",
        path: "default[0].Type",
        message: "unknown key \"Type\" in a requirement; did you mean `type`?",
        label: Some("did you mean `type`?"),
        steps: &["write `type`"],
    },
    // A default without a list.
    Situation {
        text: "{\"default\": \"reject\"}",
        code: "policy-wrong-type",
        span: "1:13-1:21",
        part: "\"reject\"",
        path: "default",
        message: "expected an array, found a string",
        label: None,
        steps: &["write it as in `[{\"type\": \"reject\"}]`"],
    },
    // A key without quotes.
    Situation {
        text: "{default: [{\"type\": \"reject\"}]}",
        code: "policy-syntax",
        span: "1:2-1:9",
        part: "default",
        path: "",
        message: "`default` must be in double quotes",
        label: Some("write `\"default\"`"),
        steps: &["write `\"default\"`"],
    },
    // A value without quotes.
    Situation {
        text: "{\"default\": [{\"type\": reject}]}",
        code: "policy-syntax",
        span: "1:23-1:29",
        part: "reject",
        path: "",
        message: "`reject` must be in double quotes",
        label: Some("write `\"reject\"`"),
        steps: &["write `\"reject\"`"],
    },
    // A word of Python.
    Situation {
        text: "{\"default\": None}",
        code: "policy-syntax",
        span: "1:13-1:17",
        part: "None",
        path: "",
        message: "JSON has `null`, not `None`",
        label: Some("write `null`"),
        steps: &["write `null`"],
    },
    // Typographic quotes.
    Situation {
        text: "{“default”: 1}",
        code: "policy-syntax",
        span: "1:2-1:3",
        part: "“",
        path: "",
        message: "JSON has text in straight double quotes, not in typographic ones",
        label: Some("write `\"` at both ends of the text"),
        steps: &["write `\"` at both ends of the text"],
    },
    // No closing quote.
    Situation {
        text: "{\"default\": [{\"type\": \"signedBy\",\n  \"keyPath\": \"/k,\n  \"keyType\": \"GPGKeys\"}]}",
        code: "policy-syntax",
        span: "2:14-2:18",
        part: "\"/k,",
        path: "",
        message: "the text that begins here has no closing quote in its line",
        label: Some("write `\"` at the end of the text"),
        steps: &["write `\"` at the end of the text"],
    },
    // A path of Windows.
    Situation {
        text: "{\"default\": [{\"type\": \"signedBy\", \"keyPath\": \"C:\\keys\\x\"}]}",
        code: "policy-syntax",
        span: "1:49-1:50",
        part: "\\",
        path: "",
        message: "a backslash in a JSON text must be written twice",
        label: Some("write `\\\\`"),
        steps: &["write `\\\\`"],
    },
    // A wrong bracket.
    Situation {
        text: "{\"default\": [\n{\"type\": \"reject\"]\n}",
        code: "policy-syntax",
        span: "2:18-2:19",
        part: "]",
        path: "",
        message: "`]` where `}` must close what begins at line 2, column 1",
        label: Some("write `}` before it"),
        steps: &["write `}` before it"],
    },
    // A bracket too many.
    Situation {
        text: "{\"default\": [{\"type\": \"reject\"}]}}",
        code: "policy-syntax",
        span: "1:34-1:35",
        part: "}",
        path: "",
        message: "something follows the end of the JSON value",
        label: None,
        steps: &["remove what follows, or the bracket before it if that is one too many"],
    },
    // A key of a newer release.
    Situation {
        text: "{\"default\": [{\"type\": \"signedBy\", \"keyType\": \"GPGKeys\", \"keyPath\": \"/k\", \"threshold\": 2}]}",
        code: "policy-unknown-key",
        span: "1:74-1:85",
        part: "\"threshold\"",
        path: "default[0].threshold",
        message: "unknown key \"threshold\" in a signedBy requirement; valid here: `type`, `keyType`, `keyPath`, `keyPaths`, `keyData`, `signedIdentity`",
        label: None,
        steps: &[
            "remove it if it is a mere comment",
            "this program knows containers-policy.json(5) as of containers/image 5.40; a policy for a newer release may need a newer program",
        ],
    },
    // A requirement of a newer release.
    Situation {
        text: "{\"default\": [{\"type\": \"allow\"}]}",
        code: "policy-unknown-value",
        span: "1:23-1:30",
        part: "\"allow\"",
        path: "default[0].type",
        message: "unknown requirement type \"allow\"; valid here: `insecureAcceptAnything`, `reject`, `signedBy`, `signedBaseLayer`, `sigstoreSigned`",
        label: None,
        steps: &[
            "this program knows containers-policy.json(5) as of containers/image 5.40; a policy for a newer release may need a newer program",
        ],
    },
];
