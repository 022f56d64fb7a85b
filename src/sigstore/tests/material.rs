//! Keys that nobody uses, and what they signed: made by OpenSSL, so that both sides of a rule are not of one hand.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::facts::KeyAlgorithm;
use super::super::public_key::PublicKey;

/// What all of them signed, by SHA-256.
pub(super) const MESSAGE: &[u8] = b"message";

/// A key as a `SubjectPublicKeyInfo`, and its signature, both in base64.
pub(super) struct Signed {
    pub(super) algorithm: KeyAlgorithm,
    pub(super) spki: &'static str,
    pub(super) signature: &'static str,
}

impl Signed {
    pub(super) fn key(&self) -> PublicKey {
        PublicKey::from_pem(pem("PUBLIC KEY", self.spki).as_bytes()).unwrap()
    }

    pub(super) fn signature(&self) -> Vec<u8> {
        octets(self.signature)
    }
}

/// The octets that are this in base64.
pub(super) fn octets(text: &str) -> Vec<u8> {
    STANDARD.decode(text).unwrap()
}

/// A block of PEM.
pub(super) fn pem(label: &str, data: &str) -> String {
    format!("-----BEGIN {label}-----\n{data}\n-----END {label}-----\n")
}

/// On P-224.
pub(super) const P224: Signed = Signed {
    algorithm: KeyAlgorithm::EcdsaP224,
    spki: "ME4wEAYHKoZIzj0CAQYFK4EEACEDOgAEzYbW+s9TFaqCSaOKNciZnwCMUPgJx1Ht53kuDpjfFGOg8ak0\
           Aj/3Y3lc+FSVsbf89aXGNweCMo4=",
    signature: "MD0CHQCKDXwwD6y1HXvCLk7qT43HL0IcCkPYaMT1oE9tAhxLd9cI+BYHi4TkED8tGsG6vbKJDzovXRAL\
                8VE5",
};

/// On P-256.
pub(super) const P256: Signed = Signed {
    algorithm: KeyAlgorithm::EcdsaP256,
    spki: "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEAcQaXZ/X9Zmxh1vGlaAENFWvw54/lJHdyMYyUr/CD1MR\
           lBPyDJUEPlxDsVnQz9jG8yVLuvVtOoQMpijvCF3siw==",
    signature: "MEUCIQDyWCExkY3pKenrOhzp7sZemR6vBq+Jbf97UXI41awEsQIgKqqzTDvKLm+Tk3Y3IBWtSN1lV95f\
                JBLhuZf/0z++6fc=",
};

/// On P-384.
pub(super) const P384: Signed = Signed {
    algorithm: KeyAlgorithm::EcdsaP384,
    spki: "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEgclIIlWK3uM1k45Q8Q6X8PXzE9gIlVbg6ecrnK1s6LxfdIZ1\
           1AWkXiMxxhXqvJdMExK53R2LlZKl9o0knvQpSWsYJIa4hh8pblYaq2467+ImTgmYDcp/QkCC1YVAysy1",
    signature: "MGUCMCw8WBpKWIUf25mUmsI3ozUqi1G//r02OpYi5CTp4aP5CnA1zZ/jeBugWPVVNdeg/gIxALwHLlz+\
                CgTGcYjvGneD8DWamVVvuqKRurjSdSqxL2LY783u9AHIIkUBGmGtZEmjIA==",
};

/// On P-521.
pub(super) const P521: Signed = Signed {
    algorithm: KeyAlgorithm::EcdsaP521,
    spki: "MIGbMBAGByqGSM49AgEGBSuBBAAjA4GGAAQAPQwNoQAt/xYfG+kWKH+KXuKkhrspqddftaGDwOhxYtDT\
           TVPBMkl8SlIqRL/pfthdwdp2K47TforLPe7sjYrI48EBiVaVknj8E8M+LJtfIDxsoLtsc6tl170DmKSp\
           eGj5t5jm+fvjFSjSvlPj3HZhp6ZvdP6R1vHBhs1v4gUaa64iG1c=",
    signature: "MIGHAkIBa50cdbrN4LvXmSS6jS3Qnel7q4CA/ugnSdbx/iKgvJp6MU6/iSi3XE9EW5liNPtbyergEVRr\
                msbZOdcTFSLdkF8CQVMC5htKiFtQQndHR4975x3zaDJl9+B0zfr//taavafDKgsN1Vh338cwfuZcof78\
                ZT7O/tTSQDwoQxNUE1JgSPne",
};

/// Over the message itself.
pub(super) const ED25519: Signed = Signed {
    algorithm: KeyAlgorithm::Ed25519,
    spki: "MCowBQYDK2VwAyEACJeK9YREV5SH0NFLPl3YnoqUV9ILiLCUIRYEIXdX2Y4=",
    signature: "jKUf9Q7EThtIFZnI7RFg3BOKovl061WWcp05ZveTTBATKDLDNzpDf9KDFvz9+QPl1d1YLI5I4b321CZW\
                iu5iBQ==",
};

/// The smallest that counts.
pub(super) const RSA_1024: Signed = Signed {
    algorithm: KeyAlgorithm::Rsa { bits: 1_024 },
    spki: "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQClssRZwJuzJnu5N9lBkyNZbRW/v/dmuWYPMtYv4c0x\
           JCOsHw5ifAeAnICRBLLlhl7mqvA+AI9lzVJ8hR7d8x+oll0B8lrz8mmkDqe0yQ56qPHkZasYHnEubwyi\
           qWhMAGPyAnX65gIzgp3TXw02qAJ861Xx8FkF1+NcL5RyvdvmHQIDAQAB",
    signature: "RJ4ZjOoqe4YKIAdUO9th9zT6u8go8ai71JrRzxodhFECWlUkAfsNzPHhSb2pu/O7RiMjDd4PsVWJd+dy\
                fKSLYqFrZG0l+JE6oSd8LN1fZwaENpuLr5Ca9zzvNjQfqUoiDaj2Jr4uXlPqkBPGXM3KijAMqvAQF2tU\
                /rGoDkz96C4=",
};

/// With the exponent 3.
pub(super) const RSA_1024_BY_3: Signed = Signed {
    algorithm: KeyAlgorithm::Rsa { bits: 1_024 },
    spki: "MIGdMA0GCSqGSIb3DQEBAQUAA4GLADCBhwKBgQD6qaMgbp/2/rG4uucTBlOEki5xwxVPtP8SGPaCwLLN\
           OJNK/5zR04JOUDFIJ7xkZXJGvnDPw3010ud+X8z4gUdHp4lN9FPunp1TMzQ7ZRWlNiDXtAx7opomzHSr\
           QWZFZojCRzSd1OW+ephiHOj0fM1fWjCXzrx4Qj3rH6kl+ciciwIBAw==",
    signature: "OdVy931r5Qt0MxtNMv8Ag7PWsWS6Liav8UOjO6RAXWB1/0NCqmP7/l6xG64G9Tk3F4B7H06xhq+JqcZ1\
                Db7xeyVcI4emz+g7qvSa5UJKji4se+3u1o9fKTN2HbeySK6HZab+HlST0IXfvHH1IrzpLjxPq/52tSiR\
                Y17Kk/G/exQ=",
};

/// One bit too small.
pub(super) const RSA_1023: Signed = Signed {
    algorithm: KeyAlgorithm::Rsa { bits: 1_023 },
    spki: "MIGeMA0GCSqGSIb3DQEBAQUAA4GMADCBiAKBgGE0UrDXABtDzpgc2aPkqkOb0jmUCGDjehglW54YX6vR\
           vHsc3Plo0x5Ax7M0QCS+weNlHLuQxreTnAUDmcOMRgK73OAfz6ykFJmXHiAiGimgSUsq8OTPc94XCn+9\
           TopjlywtSVZjBKgwsvMtWM8UaWy1v/Va5XkqXXoM6HVZLOSVAgMBAAE=",
    signature: "BB3gfoTlYqmPwb4fZjjQG8eNZcM5hHrGqiI3rTwNe9P8zTZsbsWOHdqND/OxDxE0Okg+0pPt+av0qSAj\
                OZKiAJvLsS1r8tM4nmcEo6KBA1IxeJpaOHjgAWIaDSPzTwU840xSvLUNLEytOh47GSKVqCtLI2GuJnZh\
                NatOi5/FOJM=",
};

/// The key of [`RSA_1024`] by PKCS #1.
pub(super) const RSA_1024_PKCS1: &str = "MIGJAoGBAKWyxFnAm7Mme7k32UGTI1ltFb+/92a5Zg8y1i/hzTEkI6wfDmJ8B4CcgJEEsuWGXuaq8D4A\
     j2XNUnyFHt3zH6iWXQHyWvPyaaQOp7TJDnqo8eRlqxgecS5vDKKpaEwAY/ICdfrmAjOCndNfDTaoAnzr\
     VfHwWQXX41wvlHK92+YdAgMBAAE=";

/// Its signature by RSA-PSS.
pub(super) const RSA_1024_PSS: &str = "SBjjHAgzgvvHJcQRDIXq8YDqog8Njh3YGjUc2xLwFw7uzZWKZ8oO9X5wjMSxZbD74E2Tyn/iflWfuU5s\
     OwRSm0JiPtBkhs6G/Ve0BOvcmnSEzSSWKFv7GprAeZN1cuBKwemKB16rqxyp3xzdGOPRx5heBVYngi9F\
     4Zh/BJd82qs=";

/// The signature of [`P384`] over SHA-384.
pub(super) const P384_BY_SHA384: &str = "MGUCMQDwLZZzRXjpYvxlX7TlAk++ltikyWycobvxhIrmUrQGyikXFqDX2RmKbri3phkwxOMCMG5+9X+Y\
     QtQeFvxW2ugJqDm2r4sSQLA6JF0jhsczK8nkuRzzO2W/pWAKtTLvCC/XdA==";

/// The signature of [`P521`] over SHA-512.
pub(super) const P521_BY_SHA512: &str = "MIGIAkIAtuFF4ZGHhYjif1Cdvm/uu5dzPNezIYw2+St/hl+cVXq9MChzKdbHMdYEGejpopgd2AsemkIR\
     qgfhLQS9JQmp35gCQgCSXprq3JAzfdXcI/4T5wKYegXrZkCiN9YN5UoW3qOzFvDsnN/jBpsgI7Gr1F0s\
     S3nA/835lNglJF+l2vRhXYw5IQ==";

/// The key of [`P256`] with a compressed point.
pub(super) const P256_COMPRESSED: &str =
    "MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgADAcQaXZ/X9Zmxh1vGlaAENFWvw54/lJHdyMYyUr/CD1M=";

/// The same with a hybrid point.
pub(super) const P256_HYBRID: &str = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAHAcQaXZ/X9Zmxh1vGlaAENFWvw54/lJHdyMYyUr/CD1MR\
     lBPyDJUEPlxDsVnQz9jG8yVLuvVtOoQMpijvCF3siw==";

/// The same with explicit parameters.
pub(super) const P256_EXPLICIT: &str = "MIIBSzCCAQMGByqGSM49AgEwgfcCAQEwLAYHKoZIzj0BAQIhAP////8AAAABAAAAAAAAAAAAAAAA////\
     ////////////MFsEIP////8AAAABAAAAAAAAAAAAAAAA///////////////8BCBaxjXYqjqT57PrvVV2\
     mIa8ZR0GsMxTsPY7zjw+J9JgSwMVAMSdNgiG5wSTamZ44ROdJreBn36QBEEEaxfR8uEsQkf4vOblY6RA\
     8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9QIhAP////8AAAAA\
     //////////+85vqtpxeehPO5ysL8YyVRAgEBA0IABAHEGl2f1/WZsYdbxpWgBDRVr8OeP5SR3cjGMlK/\
     wg9TEZQT8gyVBD5cQ7FZ0M/YxvMlS7r1bTqEDKYo7whd7Is=";

/// A key on secp256k1.
pub(super) const SECP256K1: &str = "MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAE9BehcRj+GG48mLDhb31VlQuPqYKopIByqo6qgAUlqsnV9Puq\
     U1CBi+aIZ3nVr5+tQjeU8A57AW1RDXgmS8ygqQ==";

/// A key for Ed448.
pub(super) const ED448: &str = "MEMwBQYDK2VxAzoAe0JwPhAAdES/tYUQA+EFDB0vYhUjcsH35iPYrwPlQBVKgtsE0RRurykCaQiQYgp5\
     7T/RnRaoOqQA";

/// A key for X25519.
pub(super) const X25519: &str = "MCowBQYDK2VuAyEAQfFq7UAow8MvRc0G6QVn5Z4aSmWfAr9/uFoFzYD0/mo=";

/// A key for DSA.
pub(super) const DSA: &str = "MIIBvzCCATQGByqGSM44BAEwggEnAoGBAKvdbv/AlsHqnoH8/Pifpkphe8iHt5Kl0ZOg7+xpyayOBcMC\
     dCsts7+UFZZqCB13+KwRSU4H8RXWg4N0zG7t/UwIVmpG/qv4ldTBl4dtpFNiPytOFIVZXjv6RRD2c2hY\
     AN5HLW5O/b5hZnEebShRF4imfAKLKFOnAGNf3iMvsE/pAh0A3xAcQDTLwN+hfU15Qh8/CJtAB7AHDY7U\
     rw4D1QKBgQCpRbvwPNQ/DfHsi+LCqdjcsGf2KIKZWVl62DJ3W90oYbs0QNcrvkTiM9Ow33VM6UfOuPr2\
     ITe3axt87CAwETPJZi0H5AA93xpf06kdsQYTeZ+PDVbg6DLoQe3RfKC5nAWZ67sLzNnXtJDXs9cnhvtZ\
     31IBnfTH4HSUMg5GibyqpQOBhAACgYBp3SN9Ojzvl/NV6I+XN6lIWeUA/T8LR4qrxpzzdMWklUc5o9TX\
     sD9tthQU9qq5cTdcR/qgRXCkn9YWDTXfMYEzGhomghdcYw5fr5zNFSTLP55p2sAyMfzwycc78tPeaWL5\
     9lGRouVksNvOhPfCD/5WGL+5kI1ig8tGpwFqUqR6xw==";
